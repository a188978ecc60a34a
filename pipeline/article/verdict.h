/* Judges an article by its segments. This is the only place that decides between complete, partial and failed.
 *
 * Text that is copied unchanged (numbers, names, English) does not count. If an article has something to translate and
 * none of it was translated, it has failed, however many such lines it has. */
#ifndef PIPELINE_ARTICLE_VERDICT_H
#define PIPELINE_ARTICLE_VERDICT_H

#include "pipeline/article/article.h"

struct tally {
    size_t wanted;     /* segments that needed translation */
    size_t translated; /* of these, OK or SUSPECT */
    size_t failed;     /* of these, FAILED */
    size_t copied;     /* copied unchanged */
    size_t body;       /* segments of blocks other than captions, wanted or copied */
};
struct tally article_tally(const struct article *article);
/* Whether the checks rejected the segment's translation. */
bool segment_is_rejected(const struct segment *segment);
/* Returns the reason of the rejection; empty if there is none. */
struct span segment_rejection(const struct segment *segment);

/* Sets and returns article->status. It is the first that applies: FAILED without any segment, or if nothing of what was
 * wanted is translated; PARTIAL if a segment failed, the article was cut, its page did not have all of it
 * (article->content), or it has no body; else COMPLETE, with a note if nothing was wanted. *ret_failure is set for
 * FAILED only: to article->failure if there is one, else to the reason of the first failed segment. Its sentence is
 * never empty. */
enum article_status article_judge(struct article *article, struct failure *ret_failure);

/* Whether all that the article lacks is part of its page, which fetching the page again may bring. */
bool article_is_cut(const struct article *article);

#endif
