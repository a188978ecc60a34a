/* Detects answers in which a model repeats its instructions instead of translating. */
#ifndef STAGES_SERVICES_COMMON_RECITED_H
#define STAGES_SERVICES_COMMON_RECITED_H

#include "pipeline/base/text.h"

/* Returns whether the answer contains six consecutive words of the instructions that are not in the source, or begins
 * with the first four words of one of their sentences. Ignores case and punctuation. */
bool recited(struct span instructions, struct span source, struct span answer);

#endif
