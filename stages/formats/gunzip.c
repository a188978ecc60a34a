#include "stages/formats/gunzip.h"

#include <limits.h>
#include <stdint.h>
#include <zlib.h>

#include "pipeline/base/pack.h"

bool gunzip_is(struct span bytes) {
    return span_starts(bytes, SPAN("\x1f\x8b"));
}

/* inflate() fails with Z_BUF_ERROR when the input ends early, so truncated data cannot loop forever. */
static bool inflate_all(z_stream *stream, struct buffer *out) {
    unsigned char chunk[65536];
    for (;;) {
        stream->next_out = chunk;
        stream->avail_out = sizeof chunk;
        int result = inflate(stream, Z_NO_FLUSH);
        if (!buffer_add(out, chunk, sizeof chunk - stream->avail_out)) return false;
        if (result == Z_STREAM_END) {
            struct span rest = {(const char *)stream->next_in, stream->avail_in};
            /* Several members may follow each other; other bytes after the last one are ignored. */
            if (!gunzip_is(rest)) return true;
            if (inflateReset(stream) != Z_OK) return false;
        } else if (result != Z_OK) {
            return false;
        }
    }
}

/* zlib expects the number 16 to be added to the window size for the gzip format. */
bool gunzip(struct span bytes, struct buffer *out) {
    enum { GZIP_WRAPPER = 16 };
    z_stream stream = {PACK_MEMORY, .next_in = (unsigned char *)(uintptr_t)bytes.at,
                       .avail_in = (unsigned)bytes.length};
    if (bytes.length > UINT_MAX || inflateInit2(&stream, MAX_WBITS + GZIP_WRAPPER) != Z_OK) return false;
    bool done = inflate_all(&stream, out);
    inflateEnd(&stream);
    return done;
}
