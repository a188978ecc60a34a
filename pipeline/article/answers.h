/* An editor's answers to doubts: a translation was accepted in spite of what the checks found, or it was replaced. Both
 * are members of a segment and hold for its present source and target. */
#ifndef PIPELINE_ARTICLE_ANSWERS_H
#define PIPELINE_ARTICLE_ANSWERS_H

#include "pipeline/article/article.h"

/* Moves the findings that made the segment suspect to `accepted`, with the time, and makes its status OK. Returns their
 * number. Has no effect unless the status is SUSPECT. */
size_t article_accept(struct article *article, struct segment *segment, const char *now);
/* Drops findings of checks whose earlier findings an editor accepted for the same sentence. The caller must determine
 * the status again. */
void segment_settle_accepted(struct segment *segment);
/* Forgets that an editor accepted the segment, because its target is about to change. */
void segment_forget_accepted(struct segment *segment);

/* When an article is made again from its page or its feed, its segments are new. article_take_answers() copies the
 * answers of the earlier record; article_recall_answers() gives them to segments with the same source and target. */
void article_take_answers(struct article *article, const struct article *earlier);
void article_recall_answers(struct article *article);

#endif
