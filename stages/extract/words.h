/* Lists of words that classes and ids are looked up in. */
#ifndef STAGES_EXTRACT_WORDS_H
#define STAGES_EXTRACT_WORDS_H

#include "pipeline/table.h"

/* The first row whose word stands in `name` (words are parted by spaces; a word may be a part joined by '-' or '_'), or
 * SIZE_MAX. `name` is in lower case. */
size_t words_find(const struct table *words, struct span name);

#endif
