/* Splits a text into words, and a word into features for identifying languages. The features are groups of 1 to 5
 * letters, with a space at the edge of the word, and the word itself. Each is represented by a 64-bit hash. */
#ifndef STAGES_LANGUAGE_GRAMS_H
#define STAGES_LANGUAGE_GRAMS_H

#include "pipeline/base/text.h"

enum {
    GRAMS_LETTERS = 32, /* max. letters of a word; a longer run of letters is split into several words */
    GRAMS_LONGEST = 5,
    GRAMS_LONGEST_EAST = 3, /* used for scripts without spaces, in which a letter is a syllable or a word */
    GRAMS_MAX = (GRAMS_LETTERS + 1) * GRAMS_LONGEST + 1
};

/* A run of letters that belong to one family of scripts (see letters.h), including single apostrophes between letters.
 */
struct word {
    uint32_t letters[GRAMS_LETTERS + 2]; /* folded, with a space at each end */
    size_t length;                       /* number of letters, including the two spaces */
    size_t bytes;                        /* number of bytes in the text */
    unsigned script, family; /* script and family of the first letter; if the word contains kana, those of Japanese */
    bool capital;            /* begins with a capital letter */
};

/* Reads the next word at or after *position and moves *position past it. Returns false if there is none. */
bool grams_next_word(struct span text, size_t *position, struct word *ret_word);
/* Writes the hashes of the word's features and returns their number, at most GRAMS_MAX. */
size_t grams_of_word(const struct word *word, uint64_t ret_grams[GRAMS_MAX]);

#endif
