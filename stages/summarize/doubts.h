/* Passes doubts on from segments to the summary: a sentence is marked if it is based on a suspect segment, first of all
 * one whose translation may differ in meaning from its source. */
#ifndef STAGES_SUMMARIZE_DOUBTS_H
#define STAGES_SUMMARIZE_DOUBTS_H

#include "pipeline/article/article.h"

/* Sets the doubt of the headline and of every sentence in article->summary. The doubt of a sentence is that of the
 * first suspect segment in `rests_on` (checker_warning()). */
void summary_mark_doubts(struct article *article);

#endif
