/* Sets of words, for telling whether two texts are versions of one text or have nothing in common. */
#ifndef STAGES_LANGUAGE_WORD_SET_H
#define STAGES_LANGUAGE_WORD_SET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "pipeline/base/text.h"

/* Each word sets the bit that its hash selects. Different words may select the same bit, which is good enough for
 * comparing sentences. */
struct word_set {
    uint64_t bits[4];
};

/* Reads the words of a text. In scripts without spaces, each character is a word, and counts as half of one in
 * *ret_count. */
struct word_set word_set_read(struct span text, size_t *ret_count);
/* Returns whether two texts share half the words of the one with fewer. */
bool word_sets_are_alike(const struct word_set *a, const struct word_set *b);

#endif
