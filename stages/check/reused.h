/* Finds English that a service gave for several different sentences of one article: its last answer again, or a canned
 * text.
 *
 * Every other check is a function of one pair. This one needs all of them, so it belongs to the check stage, which sees
 * the article when every segment has its final translation, whichever service or memory gave it; the adapters and the
 * translate stage (canned.h) see only the answers of one service. The segments are sorted by their English, letters and
 * digits only. Those with the same English are compared by their sources. Equal sources (a heading, a byline) and
 * sources that share half of their words never count, nor do sources in different languages. The finding is attached to
 * each of the segments, since nothing tells which of them the English belongs to, and names one of the others. It is a
 * warning and a doubt like those of the other checks. */
#ifndef STAGES_CHECK_REUSED_H
#define STAGES_CHECK_REUSED_H

#include "pipeline/article/article.h"

/* Replaces the findings of this check on all segments of the article and updates their statuses. Takes time in
 * proportion to n log n for n segments. */
void reused_find(struct article *article);

#endif
