/* Encodings of seven bits that switch by escape sequences, as browsers read them. */
#ifndef STAGES_DECODE_SEVEN_BITS_H
#define STAGES_DECODE_SEVEN_BITS_H

#include <stddef.h>

#include "pipeline/base/text.h"

/* Appends ISO-2022-JP as UTF-8 and returns the number of bytes that could not be decoded. Characters that vendors added
 * (①, ㈱) are read, and so are texts whose escape characters were stripped on the way ("$B...(B"). Linear. */
size_t seven_bits_japanese(struct span raw, struct buffer *out);
/* Whether every escape sequence is one that seven_bits_japanese() knows. */
bool seven_bits_is_japanese(struct span raw);

#endif
