/* Burmese in the encoding of the font Zawgyi-One, which most of Myanmar wrote until 2019 and some still do: its
 * characters are those of Unicode's Myanmar block with other meanings, in the order in which they are drawn. Nothing
 * but the text itself tells it from Unicode. */
#ifndef STAGES_DECODE_ZAWGYI_H
#define STAGES_DECODE_ZAWGYI_H

#include "pipeline/base/failure.h"
#include "pipeline/base/text.h"

struct zawgyi; /* what its code points mean; constant after it is opened */

bool zawgyi_open(const char *data_folder, struct zawgyi **ret_zawgyi, struct failure *ret_failure);
void zawgyi_close(struct zawgyi *zawgyi); /* accepts NULL */
/* The text (valid UTF-8) with what is Zawgyi in it as Unicode, held in `out`, which has to be empty, or the text itself
 * when there is none. It is judged by lines and between tags; *ret_lines is the number of lines that had some,
 * *ret_first that of the first one, counted from 1. Linear; what is Unicode, in any language of the block, is left
 * alone. */
struct span zawgyi_text(const struct zawgyi *zawgyi, struct span text, struct buffer *out, size_t *ret_lines,
                        size_t *ret_first);

#endif
