/* gzip in memory, with an upper bound. */
#ifndef STAGES_FORMATS_GUNZIP_H
#define STAGES_FORMATS_GUNZIP_H

#include <stdbool.h>

#include "pipeline/base/text.h"

bool gunzip_is(struct span bytes);
/* Appends what is packed in `bytes` (one or several members); false when they are damaged or cut off, or when *out is
 * full, in which case out->full is set. */
bool gunzip(struct span bytes, struct buffer *out);

#endif
