/* Expands ranges of characters beyond ASCII, which the C library's regular expressions do not support in UTF-8. */
#ifndef CONFIG_PATTERN_RANGES_H
#define CONFIG_PATTERN_RANGES_H

#include <stdbool.h>

#include "pipeline/base/text.h"

/* Appends the expression with each range such as "[а-е]" written out as "[абвгде]". Everything else is copied
 * unchanged. Returns false if a range is reversed or has more than 1,000 characters, or if the buffer is full. */
bool pattern_expand_ranges(struct span expression, struct buffer *ret_expanded);

#endif
