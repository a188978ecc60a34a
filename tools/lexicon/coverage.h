/* Measures how often the lexicon finds a support for each English word where it does occur (lexicon_coverage()). */
#ifndef TOOLS_LEXICON_COVERAGE_H
#define TOOLS_LEXICON_COVERAGE_H

#include "tools/lexicon/prune.h"

/* Sets the level of each word of the vocabulary, from the pairs of the language and the translations that are kept. */
void coverage_measure(const struct language *language, const struct vocabulary *vocabulary,
                      const struct choices *choices, uint8_t *ret_levels);
/* The level of a word that occurs `count` times, `supported` of them with a support. */
uint8_t coverage_level(uint32_t count, uint32_t supported);

#endif
