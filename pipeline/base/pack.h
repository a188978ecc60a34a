/* Texts made small (zlib, RFC 1950), for what is stored and seldom read. */
#ifndef PIPELINE_BASE_PACK_H
#define PIPELINE_BASE_PACK_H

#include "pipeline/base/text.h"

/* Both append; false when *out is full, and unpack also for bytes that pack did not make. */
bool pack(struct span bytes, struct buffer *out);
bool unpack(struct span packed, struct buffer *out);

#endif
