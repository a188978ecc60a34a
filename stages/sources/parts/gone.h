/* Addresses that have replied 410 Gone. They are not requested again until the section that names them is changed. */
#ifndef STAGES_SOURCES_PARTS_GONE_H
#define STAGES_SOURCES_PARTS_GONE_H

#include "pipeline/engine/source.h"

/* Returns whether the address is gone. If so, sets a failure that says since when. */
bool gone_is(const struct source_context *context, struct span address, struct failure *ret_failure);
/* Remembers the address if the reply is 410, and sets a failure that says what to do. */
void gone_note(const struct source_context *context, struct span address, const struct exchange *reply,
               struct failure *ret_failure);

#endif
