/* Collects the window: the part of a document that reveals its encoding. It consists of words with non-ASCII bytes and
 * the text around them, without tags and character references. For a long document, these are the words at the
 * beginning and, after that, every word with a byte that has been rare so far, because similar encodings such as ISO
 * 8859-7 and windows-1253 differ in only a few bytes. */
#ifndef STAGES_DECODE_WINDOW_H
#define STAGES_DECODE_WINDOW_H

#include <stdbool.h>

#include "pipeline/base/text.h"

#define WINDOW_LIMIT ((size_t)8192)
#define WINDOW_LOOK ((size_t)4 << 20) /* maximum size of a window in bytes */

/* Appends to `window`, whose limit must be WINDOW_LIMIT. If the document is valid UTF-8, so is the window. Takes linear
 * time. */
void window_collect(struct span raw, struct buffer *window);

/* Appends the beginning of what window_collect() would append, at least `bytes` of it if there are as many, but none of
 * the rare bytes. Reads only as much of the document as is needed. */
void window_begin(struct span raw, size_t bytes, struct buffer *window);

/* Sets the entries of the byte values >= 0x80 that occur in the document. Does not clear the others. Takes linear time.
 */
void window_present(struct span raw, bool present[128]);

#endif
