/* Divides text into the words by which the archive is searched. Texts and questions are divided by the same rules, so a
 * word is found however it is written: case, accents and optional vowel points do not matter, nor the script of digits.
 *
 * Scripts without spaces between words (Han, kana, Thai, Lao, Khmer, Burmese), and Hangul, whose particles are attached
 * to words, are divided into overlapping pairs of characters, followed by the last character alone: ABC gives AB, BC
 * and C. So any part of such a text, of whatever length, is a sequence of pairs, or the beginning of one pair. */
#ifndef PROGRAM_SEARCH_WORDS_H
#define PROGRAM_SEARCH_WORDS_H

#include <stdbool.h>

#include "pipeline/base/text.h"

/* Longer words are cut off after this many bytes, in texts and questions alike. */
enum { SEARCH_WORD_BYTES = 64 };

struct search_word {
    char text[SEARCH_WORD_BYTES]; /* folded; letters, marks and digits only, so it contains nothing that SQL could read
                                   */
    size_t length;
    size_t from, to; /* its bytes in the text; those of consecutive pairs overlap */
    bool pair;       /* one or two characters of a script that is divided into pairs */
    bool last;       /* the last character of such a script, alone, after the pairs that end with it */
};

/* Reads the word at or after *at, and moves *at to where the next one is to be sought. Returns false if there is none.
 * Start with *at = 0. The text must be in NFC. Takes linear time for the whole text. */
bool search_word_next(struct span text, size_t *at, struct search_word *ret_word);

/* Appends all words of the text, each followed by a space. */
void search_words_cut(struct span text, struct buffer *out);

#endif
