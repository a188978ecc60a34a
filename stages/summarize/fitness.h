/* Decides which sentences of a translated article are suitable for a summary. A table contains phrases that occur in
 * sentences that are not part of the story (tables/summarize/unfit.tsv). */
#ifndef STAGES_SUMMARIZE_FITNESS_H
#define STAGES_SUMMARIZE_FITNESS_H

#include "pipeline/base/failure.h"
#include "pipeline/base/text.h"

struct fitness;

struct fitness *fitness_open(const char *data_folder, struct failure *ret_failure); /* NULL on failure */
void fitness_close(struct fitness *fitness);                                        /* accepts NULL */
/* Returns whether the sentence is a statement of suitable length, as opposed to a caption, credit, question, remark in
 * brackets, or invitation such as "Read more". */
bool fitness_is_fit(const struct fitness *fitness, struct span sentence);
/* Returns whether most words of the sentence also occur in the other one, so that it adds little. */
bool fitness_repeats(struct span sentence, struct span other);

#endif
