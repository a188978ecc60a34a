/* Judges an article by its segments. This is the only place that decides between complete, partial and failed.
 *
 * Text that is copied unchanged (numbers, names, English) does not count. If an article has something to translate and
 * none of it was translated, it has failed, however many segments were copied. */
#ifndef PIPELINE_ARTICLE_VERDICT_H
#define PIPELINE_ARTICLE_VERDICT_H

#include "pipeline/article/article.h"

struct tally {
    size_t wanted;     /* segments that needed translation */
    size_t translated; /* number of these that are OK or SUSPECT */
    size_t failed;     /* of these, FAILED */
    size_t copied;     /* copied unchanged */
    size_t body;       /* segments of blocks other than captions, translated or not */
};
struct tally article_tally(const struct article *article);
/* Whether the checks rejected the segment's translation. */
bool segment_is_rejected(const struct segment *segment);
/* Returns why the checks rejected the translation; empty if they did not. */
struct span segment_rejection(const struct segment *segment);

/* Sets and returns article->status, the first of these that applies: FAILED if there is no segment, or if segments
 * needed translation and none was translated; PARTIAL if a segment failed, the text is incomplete (origin.truncated),
 * the page did not have the whole article (article->content), or there is no body; else COMPLETE, with a note if no
 * segment needed translation. *ret_failure is set for FAILED only: to article->failure if that is set, else to the
 * reason of the first failed segment. Its sentence is never empty. */
enum article_status article_judge(struct article *article, struct failure *ret_failure);

/* Whether the only thing missing is part of the page or file, so that reading it again may complete the article:
 * because it arrived cut off, or because a limit has been raised since. */
bool article_is_cut(const struct article *article);

#endif
