/* The spelling in which the checks compare words, texts and tables: lower case, digits of every script as ASCII digits,
 * variants of one letter merged, and optional marks removed. */
#ifndef STAGES_CHECK_FOLD_H
#define STAGES_CHECK_FOLD_H

#include <stdbool.h>
#include <stdint.h>

#include "pipeline/base/text.h"

enum letter_class {
    LETTER_NONE,     /* punctuation, symbols and whitespace */
    LETTER_SPACED,   /* a letter of a script with spaces between words */
    LETTER_UNSPACED, /* Han, Kana, Thai, Lao, Khmer, Burmese */
    LETTER_HANGUL,   /* Hangul: spaces between words, but particles are attached to the preceding word */
    LETTER_DIGIT
};

/* fold_rune() and fold_class() for characters that are not ASCII. */
uint32_t fold_rune_wide(uint32_t rune);
enum letter_class fold_class_wide(uint32_t rune);

/* Returns the folded character, or 0 if folding removes it (such as Arabic and Hebrew vowel points and soft hyphens).
 */
static inline uint32_t fold_rune(uint32_t rune) {
    if (rune >= 0x80) return fold_rune_wide(rune);
    return rune >= 'A' && rune <= 'Z' ? rune + 32 : rune;
}

static inline enum letter_class fold_class(uint32_t rune) {
    if (rune >= 0x80) return fold_class_wide(rune);
    if ((rune | 32) - 'a' < 26) return LETTER_SPACED;
    return rune - '0' < 10 ? LETTER_DIGIT : LETTER_NONE;
}

/* Writes the folded text to `ret_folded` and returns its length in bytes. `ret_folded` must have room for twice as many
 * bytes as `text` has. It is not null-terminated. A byte that belongs to no character becomes FOLD_SUBSTITUTE. */
enum { FOLD_SUBSTITUTE = 0x1A /* named so by ASCII */ };
size_t fold_text(struct span text, char *ret_folded);

#endif
