/* Looks for signs that a text was decoded with the wrong encoding. This is so fast that it can be done before the
 * slower writing model (writing.h) judges the text. Texts must be valid UTF-8. All functions take linear time. */
#ifndef STAGES_DECODE_EVIDENCE_H
#define STAGES_DECODE_EVIDENCE_H

#include <stdbool.h>
#include <stddef.h>

#include "pipeline/base/text.h"

/* Returns the number of non-ASCII characters. */
size_t evidence_runes(struct span text);
/* Returns whether the words of the text have at least two characters that may be misread letters, or one that must be.
 * C1 controls alone are not evidence. Repeated letters, and runs of consecutive letters of an alphabet, count once. */
bool evidence_found(struct span text);
/* Returns whether the texts differ only in the marks of letters. Such a difference is typical of writers whose keyboard
 * lacks a letter, not of a misdecoding. */
bool evidence_is_habit(struct span before, struct span after);
/* Returns whether the texts differ only in C1 controls. */
bool evidence_is_of_controls(struct span before, struct span after);

#endif
