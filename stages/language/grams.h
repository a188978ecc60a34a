/* A text's words, and a word's features: its letters in groups of 1 to 5 with a space at the word's edges, and the word
 * itself, each as a 64-bit hash. */
#ifndef STAGES_LANGUAGE_GRAMS_H
#define STAGES_LANGUAGE_GRAMS_H

#include "pipeline/base/text.h"

enum {
    GRAMS_LETTERS = 32, /* a longer run of letters is cut into several words */
    GRAMS_LONGEST = 5,
    GRAMS_LONGEST_EAST = 3, /* where a letter is a syllable or a word, and words are not parted */
    GRAMS_MAX = (GRAMS_LETTERS + 1) * GRAMS_LONGEST + 1
};

/* A run of letters of one family of scripts, an apostrophe between two of them included. */
struct word {
    uint32_t letters[GRAMS_LETTERS + 2]; /* folded, in spaces */
    size_t length;                       /* spaces included */
    size_t bytes;                        /* of text */
    unsigned script, family;             /* of its first letter; but kana anywhere make it Japanese */
    bool capital;                        /* begins with one */
};

/* The next word at or behind *position, which moves behind it; false when there is none. */
bool grams_next_word(struct span text, size_t *position, struct word *ret_word);
/* Their number, at most GRAMS_MAX. */
size_t grams_of_word(const struct word *word, uint64_t ret_grams[GRAMS_MAX]);

#endif
