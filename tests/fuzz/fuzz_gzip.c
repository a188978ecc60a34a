/* Decompresses any bytes as gzip, as a packed text, and as a file of gzip members: never beyond the limit, what is
 * unpacked packs and unpacks again, and an archive never ends beyond its file. */
#define _GNU_SOURCE
#include <string.h>

#include "fuzz/fuzz_file.h"
#include "pipeline/base/pack.h"
#include "pipeline/store/gzip_member.h"
#include "stages/formats/gunzip.h"

enum { LIMIT = 1 << 16 };

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

static void check_pack(struct span text) {
    struct buffer packed = BUFFER(2 * LIMIT), again = BUFFER(LIMIT);
    if (!pack(text, &packed) || !unpack(buffer_span(&packed), &again)) abort();
    if (!span_equal(text, buffer_span(&again))) abort();
    buffer_free(&packed);
    buffer_free(&again);
}

/* A complete member that is added is found, whatever precedes it was. */
static void check_members(struct span bytes) {
    struct buffer file = BUFFER(4 * LIMIT);
    buffer_add_span(&file, bytes);
    struct fuzz_file made = fuzz_file_open(bytes.at, bytes.length);
    int64_t whole = gzip_member_whole(made.file);
    fuzz_file_close(&made);
    if (whole < 0 || (size_t)whole > bytes.length) abort();
    file.length = (size_t)whole;
    if (!gzip_member_add(SPAN("one more"), &file)) abort();
    made = fuzz_file_open(file.at, file.length);
    if (gzip_member_whole(made.file) != (int64_t)file.length) abort();
    fuzz_file_close(&made);
    buffer_free(&file);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length) {
    struct span raw = {(const char *)bytes, length < LIMIT ? length : LIMIT};
    struct buffer out = BUFFER(LIMIT);
    if (gunzip(raw, &out) && out.length > LIMIT) abort();
    buffer_clear(&out);
    if (unpack(raw, &out)) check_pack(buffer_span(&out));
    buffer_free(&out);
    check_members(raw);
    return 0;
}
