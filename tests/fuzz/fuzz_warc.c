/* Parses any bytes as a record of a web archive: a header up to an empty line and a block, or a block alone. The page
 * lies in the block or was unpacked from it. */
#include <stdint.h>
#include <stdlib.h>

#include "stages/formats/warc_record.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

static void read_page(const struct warc_head *head, struct span block) {
    struct warc_page page = {.unpacked = BUFFER(1 << 20)};
    if (warc_read_page(head, block, &page)) {
        struct span unpacked = buffer_span(&page.unpacked), body = page.body;
        bool in_block = body.at >= block.at && body.at + body.length <= block.at + block.length;
        bool in_unpacked = body.at >= unpacked.at && body.at + body.length <= unpacked.at + unpacked.length;
        if (body.length && !in_block && !in_unpacked) abort();
    }
    buffer_free(&page.unpacked);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length) {
    struct span raw = {(const char *)bytes, length};
    const struct warc_head response = {.kind = WARC_RESPONSE, .length = length}, document = {.kind = WARC_DOCUMENT};
    size_t end = span_find(raw, SPAN("\r\n\r\n"));
    struct warc_head head;
    if (end != SIZE_MAX && warc_read_head(span_cut(raw, 0, end + 2), &head))
        read_page(&head, span_cut(raw, end + 4, end + 4 + head.length));
    read_page(&response, raw);
    read_page(&document, raw);
    warc_find_record(raw);
    return 0;
}
