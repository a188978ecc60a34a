/* Character references as feeds and pages write them. */
#ifndef STAGES_FORMATS_ENTITIES_H
#define STAGES_FORMATS_ENTITIES_H

#include "pipeline/base/text.h"

/* Reads the reference (&name; &#38; &#x26;) whose '&' stands at `position`; returns its length, or 0 when it is none
 * that HTML 4 knows or names no character that XML allows. */
size_t entity_read(struct span text, size_t position, uint32_t *ret_rune);

#endif
