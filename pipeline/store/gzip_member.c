#include "pipeline/store/gzip_member.h"

#include <errno.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

#include "pipeline/base/pack.h"

/* HEAD: size of our header; LENGTH_AT: where its two lengths begin; WINDOW: zlib's largest window, + 16 = expect
 * gzip. */
enum { LEVEL = 6, HEAD = 24, LENGTH_AT = 16, TRAILER = 8, CHUNK = 65536, WINDOW = 15 };

/* Magic number, deflate, flag for an extra field, no time, no other flags, unknown system; 12 bytes of extra field: the
 * subfield "sl" of eight bytes, which are the compressed and the uncompressed length. */
static const unsigned char head[LENGTH_AT] = {0x1F, 0x8B, 8, 4, 0, 0, 0, 0, 0, 0xFF, 12, 0, 's', 'l', 8, 0};

/* ---------------------------------------------------------------- writing */

/* gzip stores numbers in little-endian order. */
static void put_number(unsigned char to[4], uint32_t number) {
    for (size_t i = 0; i < 4; i++) to[i] = (unsigned char)(number >> (8 * i));
}

static uint32_t get_number(const unsigned char from[4]) {
    return (uint32_t)from[0] | (uint32_t)from[1] << 8 | (uint32_t)from[2] << 16 | (uint32_t)from[3] << 24;
}

/* Appends the compressed bytes without header and trailer. */
static bool deflate_all(struct span bytes, struct buffer *out) {
    unsigned char chunk[CHUNK];
    z_stream stream = {PACK_MEMORY, .next_in = (unsigned char *)(uintptr_t)bytes.at,
                       .avail_in = (unsigned)bytes.length};
    if (deflateInit2(&stream, LEVEL, Z_DEFLATED, -WINDOW, 8, Z_DEFAULT_STRATEGY) != Z_OK) return false;
    int result = Z_OK;
    while (result == Z_OK) {
        stream.next_out = chunk;
        stream.avail_out = sizeof chunk;
        result = deflate(&stream, Z_FINISH);
        if (!buffer_add(out, chunk, sizeof chunk - stream.avail_out)) break;
    }
    deflateEnd(&stream);
    return result == Z_STREAM_END && !out->full;
}

bool gzip_member_add(struct span bytes, struct buffer *out) {
    unsigned char trailer[TRAILER], lengths[HEAD - LENGTH_AT] = {0};
    size_t start = out->length;
    /* The lengths in the header have 32 bits. */
    if (bytes.length > INT_MAX) return false;
    buffer_add(out, head, sizeof head);
    buffer_add(out, lengths, sizeof lengths);
    if (!deflate_all(bytes, out)) return false;
    put_number(trailer, (uint32_t)crc32(0, (const unsigned char *)bytes.at, (unsigned)bytes.length));
    put_number(trailer + 4, (uint32_t)bytes.length);
    if (!buffer_add(out, trailer, sizeof trailer)) return false;
    /* The lengths are known only now; they fill the gap left in the header. */
    put_number(lengths, (uint32_t)(out->length - start));
    put_number(lengths + 4, (uint32_t)bytes.length);
    memcpy(out->at + start + LENGTH_AT, lengths, sizeof lengths);
    return true;
}

/* ---------------------------------------------------------------- reading */

/* Reads at a position. Repeats the read if a signal interrupts it. */
static ssize_t read_at(int file, void *bytes, size_t size, int64_t at) {
    ssize_t got;
    do got = pread(file, bytes, size, (off_t)at);
    while (got < 0 && errno == EINTR);
    return got;
}

/* Returns the length stated in the header of the member at this position; 0 if none is stated, -1 if the file cannot be
 * read. */
static int64_t stated_length(int file, int64_t at) {
    unsigned char found[HEAD];
    ssize_t got = read_at(file, found, sizeof found, at);
    if (got < 0) return -1;
    bool ours = got == HEAD && memcmp(found, head, sizeof head) == 0;
    uint32_t length = ours ? get_number(found + LENGTH_AT) : 0;
    return length > HEAD ? (int64_t)length : 0;
}

/* Returns the length of the member at this position by decompressing it, which also verifies its checksum; 0 if it is
 * incomplete or damaged, -1 if the file cannot be read. */
static int64_t verified_length(int file, int64_t at) {
    ssize_t got = 0;
    unsigned char in[CHUNK], out[CHUNK];
    z_stream stream = {PACK_MEMORY, .next_in = in};
    int64_t length = 0;
    if (inflateInit2(&stream, WINDOW + 16) != Z_OK) return 0;
    /* Z_BUF_ERROR only says that more input is needed. */
    for (int result = Z_OK; result == Z_OK || result == Z_BUF_ERROR;) {
        if (stream.avail_in == 0) {
            got = read_at(file, in, sizeof in, at + length);
            if (got <= 0) break;
            length += got;
            stream.next_in = in;
            stream.avail_in = (unsigned)got;
        }
        stream.next_out = out;
        stream.avail_out = sizeof out;
        result = inflate(&stream, Z_NO_FLUSH);
        if (result != Z_STREAM_END) continue;
        /* The input read last may extend into the next member. */
        length -= stream.avail_in;
        inflateEnd(&stream);
        return length;
    }
    inflateEnd(&stream);
    return got < 0 ? -1 : 0;
}

int64_t gzip_member_whole(int file) {
    int64_t size = lseek(file, 0, SEEK_END), at = 0, last = 0;
    bool verified = true;
    while (size > 0 && at < size) {
        int64_t length = stated_length(file, at);
        bool stated = length > 0;
        if (length == 0) length = verified_length(file, at);
        /* Not the end: what stands behind it may be sound, and would be cut off. */
        if (length < 0) return -1;
        if (length == 0 || at + length > size) break;
        last = at;
        at += length;
        verified = !stated;
    }
    /* A stated length only shows that a header was written. Verify the last member in full. */
    int64_t whole = size > 0 && !verified ? verified_length(file, last) : at - last;
    if (size < 0 || whole < 0) return -1;
    return whole == at - last ? at : last;
}
