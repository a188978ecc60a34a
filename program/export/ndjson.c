/* The records themselves, one a line; with their checksums, so that they can be proved and read back. */
#include "program/export/export.h"

static void add_article(const struct article *article, struct span record, size_t number, struct buffer *out) {
    (void)article;
    (void)number;
    buffer_add_span(out, record);
    buffer_add_string(out, "\n");
}

const struct exporter exporter_ndjson = {.name = "ndjson", .help = "the records, one a line", .article = add_article};
