/* Detects the encoding of bytes. A byte order mark, escape sequences or entirely valid UTF-8 decide at once. Otherwise
 * every encoding that is possible for these bytes is tried on the parts with non-ASCII text (window.h), and the one
 * that yields the most plausible text wins. Labels and hints have some weight, but are not decisive on their own. Hints
 * found in the bytes are added to `hints` if they were used. */
#ifndef STAGES_DECODE_DETECT_H
#define STAGES_DECODE_DETECT_H

#include "stages/decode/candidates.h"

struct detection detect_encoding(const struct candidates *candidates, struct span raw, struct detect_hints *hints);

#endif
