/* Whether a model's answer is a part of what it was told instead of a translation. */
#ifndef STAGES_SERVICES_COMMON_RECITED_H
#define STAGES_SERVICES_COMMON_RECITED_H

#include "pipeline/base/text.h"

/* Six words of the instructions in a row that the source does not have, or the first four words of one of their
 * sentences at the beginning of the answer. Case and punctuation do not count. */
bool recited(struct span instructions, struct span source, struct span answer);

#endif
