/* Converts text to Unicode's composed form (NFC). Text that already has this form is not copied. */
#ifndef STAGES_DECODE_COMPOSE_H
#define STAGES_DECODE_COMPOSE_H

#include <stddef.h>

#include "pipeline/base/text.h"

/* Returns the text in NFC: the text itself if nothing changes, otherwise a span of `out`. Adds the number of changed
 * places to *ret_places. Any combining mark after the thirtieth on a letter is removed (UAX 15, stream-safe text). The
 * text must be valid UTF-8. Takes linear time. */
struct span compose_text(struct span text, struct buffer *out, size_t *ret_places);

#endif
