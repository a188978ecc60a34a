#include "pipeline/base/pack.h"

#include <limits.h>
#include <stdint.h>
#include <stdlib.h>
#include <zlib.h>

#include "pipeline/base/arena.h"

/* The fastest level, because records would be only 4 % smaller at zlib's default level (6). */
enum { LEVEL = 1 };

void *pack_take(void *context, unsigned count, unsigned size) {
    (void)context;
    return memory_resize(NULL, (size_t)count * size); /* zlib clears what has to be clear */
}

void pack_free(void *context, void *at) {
    (void)context;
    free(at);
}

/* Calls `step` (deflate or inflate) until the stream ends, chunk by chunk. Truncated input ends in Z_BUF_ERROR. */
static bool run(z_stream *stream, int (*step)(z_stream *, int), int flush, struct buffer *out) {
    UNINITIALIZED unsigned char chunk[16384];
    for (int result = Z_OK; result != Z_STREAM_END;) {
        stream->next_out = chunk;
        stream->avail_out = sizeof chunk;
        result = step(stream, flush);
        if (result != Z_OK && result != Z_STREAM_END) return false;
        if (!buffer_add(out, chunk, sizeof chunk - stream->avail_out)) return false;
    }
    return true;
}

/* zlib's input pointer is not const, although zlib does not write through it. */
bool pack(struct span bytes, struct buffer *out) {
    z_stream stream = {PACK_MEMORY, .next_in = (unsigned char *)(uintptr_t)bytes.at,
                       .avail_in = (unsigned)bytes.length};
    if (bytes.length > UINT_MAX || deflateInit(&stream, LEVEL) != Z_OK) return false;
    bool done = run(&stream, deflate, Z_FINISH, out);
    deflateEnd(&stream);
    return done;
}

bool unpack(struct span packed, struct buffer *out) {
    z_stream stream = {PACK_MEMORY, .next_in = (unsigned char *)(uintptr_t)packed.at,
                       .avail_in = (unsigned)packed.length};
    if (packed.length > UINT_MAX || inflateInit(&stream) != Z_OK) return false;
    bool done = run(&stream, inflate, Z_NO_FLUSH, out);
    inflateEnd(&stream);
    return done;
}
