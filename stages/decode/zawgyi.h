/* Converts Burmese text in the encoding of the font Zawgyi-One, which was standard in Myanmar until 2019 and is still
 * in use. Zawgyi uses the code points of Unicode's Myanmar block with other meanings, and in the order in which they
 * are drawn. No label tells the two apart: only the text itself shows whether it is Zawgyi or Unicode. */
#ifndef STAGES_DECODE_ZAWGYI_H
#define STAGES_DECODE_ZAWGYI_H

#include "pipeline/base/failure.h"
#include "pipeline/base/text.h"

struct zawgyi; /* the meanings of code points in Zawgyi; immutable after zawgyi_open() */

bool zawgyi_open(const char *data_folder, struct zawgyi **ret_zawgyi, struct failure *ret_failure);
void zawgyi_close(struct zawgyi *zawgyi); /* accepts NULL */
/* Converts the Zawgyi in a text, which must be valid UTF-8, to Unicode. Returns the result, stored in `out`, which must
 * be empty; or the text itself if it contains no Zawgyi. Each line, and each part of a line between tags, is judged
 * separately. Unicode text in any language of the Myanmar block is left alone. Sets *ret_lines to the number of lines
 * with Zawgyi and *ret_first to the number of the first one, counted from 1. Takes linear time. */
struct span zawgyi_text(const struct zawgyi *zawgyi, struct span text, struct buffer *out, size_t *ret_lines,
                        size_t *ret_first);

#endif
