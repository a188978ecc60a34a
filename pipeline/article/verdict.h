/* What the segments of an article come to: the one place that decides between complete, partial and failed.
 *
 * What is taken as it is (numbers, names, English) counts neither way: an article with something to translate of which
 * nothing was translated has failed, however many such lines it holds. */
#ifndef PIPELINE_ARTICLE_VERDICT_H
#define PIPELINE_ARTICLE_VERDICT_H

#include "pipeline/article/article.h"

struct tally {
    size_t wanted;     /* segments that had to be translated */
    size_t translated; /* of these: OK or SUSPECT */
    size_t failed;     /* of these: FAILED */
    size_t copied;     /* taken as they are */
    size_t body;       /* segments of blocks other than captions, wanted or copied */
};
struct tally article_tally(const struct article *article);
/* Whether a finding says that its text is no translation. */
bool segment_is_rejected(const struct segment *segment);
/* What that finding says; empty when there is none. */
struct span segment_rejection(const struct segment *segment);

/* Sets article->status, in this order: FAILED without any segment, or when nothing of what was wanted is translated;
 * PARTIAL when a segment failed, the article was cut, its page did not hold all of it (article->content), or it has no
 * body; else COMPLETE, with a note when nothing was wanted. *ret_failure is filled for FAILED only: article->failure
 * where there is one, else the reason of the first segment that failed; never an empty sentence. */
enum article_status article_judge(struct article *article, struct failure *ret_failure);

/* Whether it lacks nothing but a part of its page, which fetching the page again may bring. */
bool article_is_cut(const struct article *article);

#endif
