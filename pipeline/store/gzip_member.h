/* A file of gzip members, one after the other: each can be read alone, and is found without unpacking those before it.
 * The header of a member says how long the member is (the field "sl" of ISO 28500, annex D). */
#ifndef PIPELINE_STORE_GZIP_MEMBER_H
#define PIPELINE_STORE_GZIP_MEMBER_H

#include <stdbool.h>
#include <stdint.h>

#include "pipeline/base/text.h"

/* Appends the bytes as one member; false when there is no room for it. */
bool gzip_member_add(struct span bytes, struct buffer *out);
/* Where the whole members of a file end: what stands behind was cut off by a kill or a power cut. Goes from header to
 * header and unpacks only members that do not state their length, and the last one. -1 when the file cannot be read. */
int64_t gzip_member_whole(int file);

#endif
