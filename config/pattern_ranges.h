/* What the system's regular expressions cannot read in UTF-8: ranges of characters beyond ASCII. */
#ifndef CONFIG_PATTERN_RANGES_H
#define CONFIG_PATTERN_RANGES_H

#include <stdbool.h>

#include "pipeline/base/text.h"

/* The expression with "[а-е]" written as "[абвгде]"; everything else stays. False when a range runs backwards or holds
 * more than 1,000 characters. */
bool pattern_expand_ranges(struct span expression, struct buffer *ret_expanded);

#endif
