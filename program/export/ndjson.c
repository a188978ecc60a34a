/* Exports the records unchanged, one per line. They keep their checksums, so they can still be verified and read back.
 */
#include "program/export/export.h"

static void add_article(const struct article *article, struct span record, size_t number, struct buffer *out) {
    (void)article;
    (void)number;
    buffer_add_span(out, record);
    buffer_add_string(out, "\n");
}

const struct exporter exporter_ndjson = {.name = "ndjson", .help = "the records, one per line", .article = add_article};
