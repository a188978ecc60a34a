/* Doubts travel with the text: a summary sentence is doubtful when a segment it rests on may not say what its source
 * says. */
#ifndef STAGES_SUMMARIZE_DOUBTS_H
#define STAGES_SUMMARIZE_DOUBTS_H

#include "pipeline/article/article.h"

/* Sets the doubt of the headline, and of every sentence of article->summary: that of the first doubtful segment among
 * rests_on. */
void summary_mark_doubts(struct article *article);

#endif
