/* Where a sentence ends. */
#ifndef STAGES_SEGMENT_RULES_H
#define STAGES_SEGMENT_RULES_H

#include "pipeline/failure.h"
#include "pipeline/text.h"

struct rules;

struct rules *rules_open(const char *data_folder, struct failure *ret_failure); /* NULL on failure */
void rules_close(struct rules *rules);                                          /* accepts NULL */
/* The position right behind the sentence that begins at `start`: behind its stop and what closes after it. Each call
 * reads on from `start` only, so a whole text costs time in proportion to its size. */
size_t rules_next_end(const struct rules *rules, const char *language, struct span text, size_t start);

#endif
