/* Divides English text into words, which serve as features (see vector.h). */
#ifndef STAGES_GROUP_WORDS_H
#define STAGES_GROUP_WORDS_H

#include <stdbool.h>
#include <stdint.h>

#include "pipeline/base/text.h"

struct word {
    struct span text;
    uint64_t hash; /* hash of the word in lower case */
    bool capital;  /* the word begins with a capital letter */
    bool follows;  /* only spaces or hyphens separate this word from the previous one */
};

/* Finds the next number, or word of at least three letters, at or after *position, and moves *position past it. Returns
 * false at the end of the text. */
bool words_next(struct span text, size_t *position, struct word *ret_word);
/* Returns the hash of a pair of adjacent words. */
uint64_t words_pair(uint64_t first, uint64_t second);

#endif
