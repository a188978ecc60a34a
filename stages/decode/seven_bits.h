/* Reads seven-bit encodings that switch character sets with escape sequences. Invalid text is treated as in browsers.
 */
#ifndef STAGES_DECODE_SEVEN_BITS_H
#define STAGES_DECODE_SEVEN_BITS_H

#include <stddef.h>

#include "pipeline/base/text.h"

/* Appends ISO-2022-JP as UTF-8. Returns the number of bytes that could not be decoded. Also accepts characters that
 * vendors added (①, ㈱) and text whose escape characters were stripped in transit ("$B...(B"). Takes linear time. */
size_t seven_bits_japanese(struct span raw, struct buffer *out);
/* Returns whether seven_bits_japanese() knows every escape sequence in the text. */
bool seven_bits_is_japanese(struct span raw);

#endif
