/* Selects the sentences of an extractive summary: the first ones of the article that belong to the story, say something
 * beside the headline, can be understood without what was left out, and are well translated. */
#ifndef STAGES_SUMMARIZE_SELECTION_H
#define STAGES_SUMMARIZE_SELECTION_H

#include "pipeline/article/article.h"

struct selection; /* does not change after selection_open(), so threads can share it */

bool selection_open(const char *data_folder, struct selection **ret_selection, struct failure *ret_failure);
void selection_close(struct selection *selection); /* accepts NULL */
/* Sets the sentences of article->summary, at most `wanted`. Failed segments are never used. Sentences whose translation
 * is in doubt are used if there are fewer than two others. A fragment, such as a line without a full stop, is used if
 * there is nothing else. The first sentence has at most 25 words if the article has one that can stand there; the
 * others are in reading order. */
void selection_make(const struct selection *selection, struct article *article, size_t wanted);

#endif
