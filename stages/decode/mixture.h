/* Handles documents in two encodings (mixtures): UTF-8 with some lines pasted in from a legacy encoding. */
#ifndef STAGES_DECODE_MIXTURE_H
#define STAGES_DECODE_MIXTURE_H

#include <stdbool.h>
#include <stddef.h>

#include "pipeline/base/text.h"
#include "stages/decode/encodings.h"

/* Returns whether the text has enough UTF-8 sequences to be a mixture. Most text in other encodings has none and need
 * not be examined line by line. Takes linear time. */
bool mixture_may_be(struct span raw);

/* Returns whether the text is a mixture: nearly every non-ASCII line is either valid UTF-8 or contains no UTF-8
 * sequence, and at most half of these lines contain none. Appends the lines without UTF-8 to `legacy`, up to its limit,
 * so that their encoding can be detected. With `tags`, the text between two tags counts as a line, because a feed or
 * page may have no line breaks. Takes linear time. */
bool mixture_is(struct span raw, bool tags, struct buffer *legacy);

/* Appends the text as UTF-8. Non-ASCII lines without UTF-8 sequences are decoded from `encoding`; *ret_lines is set to
 * their number. Returns the number of bytes that could not be decoded. */
size_t mixture_convert(const struct encoding_entry *utf8, const struct encoding_entry *encoding, bool tags,
                       struct span raw, struct buffer *out, size_t *ret_lines);

#endif
