/* Addresses that have answered 410 Gone: they are not asked again until the section that names them changes. */
#ifndef STAGES_SOURCES_PARTS_GONE_H
#define STAGES_SOURCES_PARTS_GONE_H

#include "pipeline/engine/source.h"

/* True, with a failure that says since when, when the address is gone. */
bool gone_is(const struct source_context *context, struct span address, struct failure *ret_failure);
/* When the reply says so, it is remembered; the failure gets the reason. */
void gone_note(const struct source_context *context, struct span address, const struct exchange *reply,
               struct failure *ret_failure);

#endif
