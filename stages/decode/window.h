/* The part of a document that tells its encoding: words with bytes beyond ASCII and what stands around them, without
 * tags and character references. Of a long document its beginning, and then every such byte that was seldom met so
 * far, because twins like ISO 8859-7 and windows-1253 differ in a few bytes only. */
#ifndef STAGES_DECODE_WINDOW_H
#define STAGES_DECODE_WINDOW_H

#include <stdbool.h>

#include "pipeline/base/text.h"

#define WINDOW_LIMIT ((size_t)8192)
#define WINDOW_LOOK ((size_t)4 << 20) /* bytes of the document that are looked at */

/* Appends to `window`, whose limit must be WINDOW_LIMIT. Linear. */
void window_collect(struct span raw, struct buffer *window);

/* Which bytes from 80 on stand anywhere in the document; sets, and clears none. Linear. */
void window_present(struct span raw, bool present[128]);

#endif
