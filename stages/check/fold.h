/* How the checks spell words, texts and tables alike: small letters, digits of every script as ASCII, variants of
 * letters that a language writes in more than one way made one, marks that are often left out dropped. */
#ifndef STAGES_CHECK_FOLD_H
#define STAGES_CHECK_FOLD_H

#include <stdbool.h>
#include <stdint.h>

#include "pipeline/base/text.h"

enum letter_class {
    LETTER_NONE,     /* signs and white space */
    LETTER_SPACED,   /* of a script with spaces between words */
    LETTER_UNSPACED, /* Han, Kana, Thai, Lao, Khmer, Burmese */
    LETTER_HANGUL,   /* spaces between words, but particles written together with what they follow */
    LETTER_DIGIT
};

/* 0 for what is dropped (vowel points of Arabic and Hebrew, soft hyphens, stretched lines). */
uint32_t fold_rune(uint32_t rune);
enum letter_class fold_class(uint32_t rune);
/* Appends the folded text; at most twice as many bytes as `text` has. */
size_t fold_text(struct span text, char *ret_folded);

#endif
