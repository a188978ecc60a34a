/* Character references as written in feeds and pages. */
#ifndef STAGES_FORMATS_ENTITIES_H
#define STAGES_FORMATS_ENTITIES_H

#include "pipeline/base/text.h"

/* Reads the reference (&name; &#38; &#x26;) whose '&' is at `position`. Returns its length, or 0 if HTML 4 does not
 * define it or XML does not allow its character. */
size_t entity_read(struct span text, size_t position, uint32_t *ret_rune);

#endif
