/* Chooses the encoding of bytes: marks, escape sequences and strict UTF-8 decide alone; otherwise every encoding that
 * the bytes allow is tried on a window that holds the non-ASCII text, and what reads best wins, labels and hints
 * weighing in without deciding. What the bytes
 * themselves say is added to the hints where it was weighed. */
#ifndef STAGES_DECODE_DETECT_H
#define STAGES_DECODE_DETECT_H

#include "stages/decode/candidates.h"

struct detection detect_encoding(const struct candidates *candidates, struct span raw, struct detect_hints *hints);

#endif
