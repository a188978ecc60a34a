/* What speaks for text in one legacy encoding having been read by another, and against it, before any model is asked.
 * Texts must be valid UTF-8; linear. */
#ifndef STAGES_DECODE_EVIDENCE_H
#define STAGES_DECODE_EVIDENCE_H

#include <stdbool.h>
#include <stddef.h>

#include "pipeline/base/text.h"

/* Characters beyond ASCII. */
size_t evidence_runes(struct span text);
/* Whether there are at least two characters in words that may be letters read wrongly, or one that can be nothing else.
 * Controls alone are no evidence, and a letter that is repeated, or a piece of an alphabet, counts once. */
bool evidence_found(struct span text);
/* Letters that differ only in their marks are a habit, not a misdecoding: a writer without the right key types the next
 * best. */
bool evidence_is_habit(struct span before, struct span after);
/* Whether nothing but C1 controls became something else. */
bool evidence_is_of_controls(struct span before, struct span after);

#endif
