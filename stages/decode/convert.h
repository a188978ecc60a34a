/* Helper functions for converters that use iconv. */
#ifndef STAGES_DECODE_CONVERT_H
#define STAGES_DECODE_CONVERT_H

#include <stddef.h>

#include "pipeline/base/text.h"

/* Appends `raw` as UTF-8. `name` is the name of the encoding for iconv. Returns the number of bytes that could not be
 * decoded. */
size_t convert_iconv(const char *name, struct span raw, struct buffer *out);

#endif
