/* Measures an expression before it is compiled: the C library writes repetitions out, so that a few bytes such as
 * "((a{1,255}){1,255}){1,255}" would take all memory, and "(){1,25000}" the whole stack. */
#ifndef CONFIG_PATTERN_SIZE_H
#define CONFIG_PATTERN_SIZE_H

#include "pipeline/base/text.h"

enum { PATTERN_SIZE_LIMIT = 2000 };

/* Returns the number of characters and groups of the expression when its repetitions are written out, or
 * PATTERN_SIZE_LIMIT + 1 if there are more than PATTERN_SIZE_LIMIT. Takes linear time. */
size_t pattern_size(struct span expression);

#endif
