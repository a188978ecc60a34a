/* Properties of a word before a full stop that follow from its form, in any language. */
#ifndef STAGES_SEGMENT_WORDS_H
#define STAGES_SEGMENT_WORDS_H

#include "pipeline/base/text.h"

/* Returns whether the word has only the letters I, V and X. */
bool word_is_roman(struct span word);
/* Returns whether the word consists of initials: a single letter, letters with full stops between them ("U.S"), or a
 * doubled letter ("EE. UU."). In scripts without capitals, each part may have up to three characters ("यू.एस"). */
bool word_is_initial(struct span word);
/* Returns the number of digits after the last separator of a date, a range or another number. Returns 0 if the word
 * contains other characters. */
size_t word_digits(struct span word);
/* Returns the last character of a word, or 0 for an empty word. */
uint32_t word_last_rune(struct span word);
bool word_ends_with_digit(struct span word);
/* Returns whether the word begins or ends with a digit: "5", "5-én", "1950eko", "no5". */
bool word_has_digit(struct span word);
/* Returns whether the word is a single lower-case letter. */
bool word_is_small_letter(struct span word);
/* Returns whether the word has at least three letters, no other characters, and a lower-case letter at its end. */
bool word_is_ordinary(struct span word);

#endif
