/* Latin letters inside Cyrillic words, and Cyrillic ones inside Latin words, that only look right. */
#ifndef STAGES_DECODE_LOOK_ALIKES_H
#define STAGES_DECODE_LOOK_ALIKES_H

#include <stddef.h>

#include "pipeline/base/text.h"

/* The text with every word in one script: itself when there is nothing to change, otherwise borrowed from `out`. Adds
 * the number of letters changed. Words whose own letters do not tell their script are left. Valid UTF-8; linear. */
struct span look_alikes_text(struct span text, struct buffer *out, size_t *ret_places);

#endif
