/* Which sentences of a translated article may stand in a summary, and how. What shows that one is no part of the story
 * is data (config/tables/summarize/unfit.tsv). */
#ifndef STAGES_SUMMARIZE_FITNESS_H
#define STAGES_SUMMARIZE_FITNESS_H

#include "pipeline/base/failure.h"
#include "pipeline/base/text.h"

struct fitness;

struct fitness *fitness_open(const char *data_folder, struct failure *ret_failure); /* NULL on failure */
void fitness_close(struct fitness *fitness);                                        /* accepts NULL */
/* A statement of a length that reads well; no caption, credit, invitation, question or remark in brackets. */
bool fitness_is_fit(const struct fitness *fitness, struct span sentence);
/* Says little that the other does not say: most of its words are in the other. */
bool fitness_repeats(struct span sentence, struct span other);

#endif
