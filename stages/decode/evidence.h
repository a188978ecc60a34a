/* Evidence for or against legacy text having been read in the wrong encoding, cheap enough to collect before the model
 * is asked. Texts must be valid UTF-8. All functions take linear time. */
#ifndef STAGES_DECODE_EVIDENCE_H
#define STAGES_DECODE_EVIDENCE_H

#include <stdbool.h>
#include <stddef.h>

#include "pipeline/base/text.h"

/* Returns the number of non-ASCII characters. */
size_t evidence_runes(struct span text);
/* Returns whether words of the text have at least two characters that may be misread letters, or one that can be
 * nothing else. Controls alone are no evidence. Repeated letters and pieces of an alphabet count once. */
bool evidence_found(struct span text);
/* Returns whether the texts differ only in the marks of letters. That is a habit of writers who lack a key, not a
 * misdecoding. */
bool evidence_is_habit(struct span before, struct span after);
/* Returns whether only C1 controls differ. */
bool evidence_is_of_controls(struct span before, struct span after);

#endif
