/* Decompresses gzip in memory, up to a limit. */
#ifndef STAGES_FORMATS_GUNZIP_H
#define STAGES_FORMATS_GUNZIP_H

#include <stdbool.h>

#include "pipeline/base/text.h"

/* Returns true if the bytes begin with the magic number of gzip. */
bool gunzip_is(struct span bytes);
/* Appends the decompressed content of one or more members. Returns false if they are damaged or truncated, or if *out
 * is full, in which case out->full is set. */
bool gunzip(struct span bytes, struct buffer *out);

#endif
