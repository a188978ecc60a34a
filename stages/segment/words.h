/* What a word before a stop looks like, whatever its language. */
#ifndef STAGES_SEGMENT_WORDS_H
#define STAGES_SEGMENT_WORDS_H

#include "pipeline/base/text.h"

/* Of the letters I, V and X only. */
bool word_is_roman(struct span word);
/* Letters between points ("U.S"), one letter, or one twice ("EE. UU."); in scripts without capitals, up to three
 * characters a part ("यू.एस"). */
bool word_is_initial(struct span word);
/* Digits, and what stands between them in dates and ranges; the number of digits in the last group, 0 for no number. */
size_t word_digits(struct span word);
/* The last character; 0 for an empty word. */
uint32_t word_last_rune(struct span word);
bool word_ends_with_digit(struct span word);
/* At its beginning or at its end: "5", "5-én", "1950eko", "no5". */
bool word_has_digit(struct span word);
/* One letter, a small one. */
bool word_is_small_letter(struct span word);
/* Three letters or more that end in a small one. */
bool word_is_ordinary(struct span word);

#endif
