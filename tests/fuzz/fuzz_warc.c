/* Parses any bytes as a record of a web archive: a header up to an empty line and a block, or a block alone. The page
 * lies in the block or was unpacked from it. */
#include <stdint.h>
#include <stdlib.h>

#include "stages/formats/warc_record.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

static bool is_within(struct span part, struct span whole) {
    return whole.length && part.at >= whole.at && part.at + part.length <= whole.at + whole.length;
}

static void read_page(const struct warc_head *head, struct span block) {
    struct warc_page page = {.unpacked = BUFFER(1 << 20)};
    if (warc_read_page(head, block, &page) && !is_within(page.body, block) &&
        !is_within(page.body, buffer_span(&page.unpacked)))
        abort();
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
