/* Tells the script of a letter, and folds its case. Used for identifying languages and by the tool that trains the
 * weights, so that both treat letters in the same way. */
#ifndef STAGES_LANGUAGE_LETTERS_H
#define STAGES_LANGUAGE_LETTERS_H

#include <stdint.h>

enum { LETTERS_SCRIPTS = 31 };
/* What letters_script() returns for characters without a script. */
enum { LETTERS_NONE = 0xFF, LETTERS_MARK = 0xFE };

/* Returns the index of a letter's script, LETTERS_MARK for a mark that combines with letters of any script, or
 * LETTERS_NONE for any other character. */
unsigned letters_script(uint32_t rune);
unsigned letters_family(unsigned script);  /* Returns the index of the script's family: scripts that are mixed in one
                                              language, such as kana and Han, are one family. */
const char *letters_code(unsigned script); /* ISO 15924, such as "Latn" */
/* Returns the letter in lower case. Returns 0 for Arabic vowel signs and tatweel, which are optional in writing. */
uint32_t letters_fold(uint32_t rune);

#endif
