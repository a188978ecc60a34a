/* Corrects words in which Latin and Cyrillic letters that look alike were mixed up, by replacing the letters of the
 * wrong script. */
#ifndef STAGES_DECODE_LOOK_ALIKES_H
#define STAGES_DECODE_LOOK_ALIKES_H

#include <stddef.h>

#include "pipeline/base/text.h"

/* Returns the text with the letters of each word in one script: the text itself if nothing changes, otherwise a span of
 * `out`. Adds the number of changed letters to *ret_places. Words whose script is unclear are left alone. The text must
 * be valid UTF-8. Takes linear time. */
struct span look_alikes_text(struct span text, struct buffer *out, size_t *ret_places);

#endif
