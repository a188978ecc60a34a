/* Compresses texts (zlib, RFC 1950) that are stored and seldom read. */
#ifndef PIPELINE_BASE_PACK_H
#define PIPELINE_BASE_PACK_H

#include "pipeline/base/text.h"

/* Append the compressed or decompressed bytes to *out. Return false if they do not fit; unpack() also if `packed` is
 * not the output of pack(). On failure *out may hold part of the result. */
bool pack(struct span bytes, struct buffer *out);
bool unpack(struct span packed, struct buffer *out);

/* Memory for other streams of zlib, which end the program when it runs out instead of calling data damaged or too
 * large. */
#define PACK_MEMORY .zalloc = pack_take, .zfree = pack_free
void *pack_take(void *context, unsigned count, unsigned size);
void pack_free(void *context, void *at);

#endif
