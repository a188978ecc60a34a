/* Decides which sentences of a translated article are suitable for a summary. The phrases that show that a sentence is
 * not part of the story are in a table (tables/summarize/unfit.tsv). */
#ifndef STAGES_SUMMARIZE_FITNESS_H
#define STAGES_SUMMARIZE_FITNESS_H

#include "pipeline/base/failure.h"
#include "pipeline/base/text.h"

struct fitness;

struct fitness *fitness_open(const char *data_folder, struct failure *ret_failure); /* NULL on failure */
void fitness_close(struct fitness *fitness);                                        /* accepts NULL */
/* Returns whether the sentence is a statement of reasonable length, and not a caption, credit, question, remark in
 * brackets, or invitation to the reader ("Read more"). */
bool fitness_is_fit(const struct fitness *fitness, struct span sentence);
/* Returns whether most words of the sentence occur in the other one too, so that the sentence adds little. */
bool fitness_repeats(struct span sentence, struct span other);

#endif
