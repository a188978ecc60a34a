/* The script of a letter, and its form without case. Used for identifying languages and by the tool that trains the
 * weights, so that both treat letters in the same way. */
#ifndef STAGES_LANGUAGE_LETTERS_H
#define STAGES_LANGUAGE_LETTERS_H

#include <stdint.h>

enum { LETTERS_SCRIPTS = 31 };
/* Results of letters_script() for characters that belong to no script. */
enum { LETTERS_NONE = 0xFF, LETTERS_MARK = 0xFE };

/* Returns the index of a letter's script, LETTERS_MARK for a mark that combines with letters of any script, or
 * LETTERS_NONE for any other character. */
unsigned letters_script(uint32_t rune);
unsigned letters_family(unsigned script);  /* Returns the index of the script's family: scripts that a language mixes
                                              (kana, Han) form one. */
const char *letters_code(unsigned script); /* ISO 15924, such as "Latn" */
/* Returns the letter in lower case, or 0 for Arabic vowel signs and tatweel, which are optional. */
uint32_t letters_fold(uint32_t rune);

#endif
