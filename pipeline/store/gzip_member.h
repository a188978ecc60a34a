/* A file made of consecutive gzip members. Each can be read alone, and found without decompressing those before it,
 * because its header states its length (field "sl" of ISO 28500, annex D). */
#ifndef PIPELINE_STORE_GZIP_MEMBER_H
#define PIPELINE_STORE_GZIP_MEMBER_H

#include <stdbool.h>
#include <stdint.h>

#include "pipeline/base/text.h"

/* Appends the bytes as one member. Returns false if it does not fit. */
bool gzip_member_add(struct span bytes, struct buffer *out);
/* Returns where the last complete member of the file ends; a killed run or a power failure may have left an incomplete
 * one after it. Skips from header to header, and decompresses only the last member and those that do not state their
 * length. Returns -1 if the file cannot be read. */
int64_t gzip_member_whole(int file);

#endif
