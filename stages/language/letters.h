/* Letters: which script one is in, and its form without case. Shared by identify and the tool that trains its weights,
 * so that both see the same. */
#ifndef STAGES_LANGUAGE_LETTERS_H
#define STAGES_LANGUAGE_LETTERS_H

#include <stdint.h>

enum { LETTERS_SCRIPTS = 31 };
/* Scripts that one language mixes (kana, Han, Hangul) are one family; a family is named by its first script. */
enum { LETTERS_NONE = 0xFF, LETTERS_MARK = 0xFE };

/* Index of the script of a letter; LETTERS_MARK for a mark that goes with any letter, LETTERS_NONE for all else. */
unsigned letters_script(uint32_t rune);
unsigned letters_family(unsigned script);  /* index of its first script */
const char *letters_code(unsigned script); /* ISO 15924: "Latn" */
/* Lower case; 0 for what is no more than decoration (vowel signs and stretching of Arabic). */
uint32_t letters_fold(uint32_t rune);

#endif
