/* Parses any bytes as a record of a web archive. */
#include <stdint.h>

#include "stages/formats/warc_record.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length) {
    struct span raw = {(const char *)bytes, length};
    struct warc_head head;
    warc_read_head(raw, &head);
    struct warc_page page = {.unpacked = BUFFER(1 << 20)};
    warc_read_page(&head, raw, &page);
    buffer_free(&page.unpacked);
    return 0;
}
