/* One file in two encodings: lines of UTF-8 and, pasted among them, lines in something older. */
#ifndef STAGES_DECODE_MIXTURE_H
#define STAGES_DECODE_MIXTURE_H

#include <stdbool.h>
#include <stddef.h>

#include "pipeline/base/text.h"
#include "stages/decode/encodings.h"

/* Whether there are a few characters of UTF-8 at all: most text in another encoding has none, and need not be looked at
 * line by line. Linear. */
bool mixture_may_be(struct span raw);

/* With `tags`, what stands between two tags counts as a line: a feed or a page may have no other ones.
 *
 * Whether the lines that leave ASCII are, nearly all, either UTF-8 or free of it, and not more are free of it. Appends
 * those that are free of it to `legacy` (as far as its limit allows), for finding out what they are. Linear. */
bool mixture_is(struct span raw, bool tags, struct buffer *legacy);

/* Appends the text, lines that are free of UTF-8 by `encoding`; the number of bytes that could not be decoded, and that
 * of these lines. */
size_t mixture_convert(const struct encoding_entry *utf8, const struct encoding_entry *encoding, bool tags,
                       struct span raw, struct buffer *out, size_t *ret_lines);

#endif
