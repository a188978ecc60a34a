/* Every format of exports, byte by byte. */
#include "unit/golden.h"

#include "pipeline/article/record.h"
#include "program/export/export.h"

enum { MAX_RECORDS = 16 };

struct records {
    struct article *articles[MAX_RECORDS];
    struct span lines[MAX_RECORDS];
    size_t count;
};

static struct records read_all(struct span input) {
    struct records records = {.count = 0};
    struct span line;
    while (span_next(&input, '\n', &line)) {
        if (!line.length) continue;
        assert_true(records.count < MAX_RECORDS);
        assert_true(record_read(line, 0, &records.articles[records.count], NULL));
        records.lines[records.count++] = line;
    }
    return records;
}

static void begin(const struct exporter *exporter, const char *language, struct buffer *out) {
    struct export_head head = {.now = "2026-01-29T12:00:00Z", .language = span_of(language)};
    buffer_print(out, "======== %s%s%s\n", exporter->name, language ? " " : "", language ? language : "");
    if (exporter->begin) exporter->begin(&head, out);
}

static void end(const struct exporter *exporter, struct buffer *out) {
    if (exporter->end) exporter->end(out);
}

/* A format with one language a file is written once for each record. */
static void write_records(const struct exporter *exporter, const struct records *records, struct buffer *out) {
    if (!exporter->one_language) begin(exporter, NULL, out);
    for (size_t i = 0; i < records->count; i++) {
        if (exporter->one_language) begin(exporter, records->articles[i]->language.code, out);
        exporter->article(records->articles[i], records->lines[i], exporter->one_language ? 0 : i, out);
        if (exporter->one_language) end(exporter, out);
    }
    if (!exporter->one_language) end(exporter, out);
}

static void write_memory(const struct exporter *exporter, struct buffer *out) {
    const struct memory_entry entries[] = {
        {.source = SPAN("Хляб & <сол>"),
         .target = SPAN("Bread & <salt>"),
         .source_language = SPAN("bg"),
         .service = SPAN("apertium"),
         .model = SPAN("bul-eng"),
         .unknown_words = 1},
        {.source = SPAN("塩"),
         .target = SPAN("salt\r\nand \x01water"),
         .source_language = SPAN("ja"),
         .service = SPAN("\"deepl\"")},
    };
    buffer_add_string(out, "======== the memory:\n");
    begin(exporter, NULL, out);
    for (size_t i = 0; i < sizeof entries / sizeof *entries; i++) {
        struct memory_key key;
        memset(key.bytes, (int)(0xA0 + i), sizeof key.bytes);
        exporter->entry(&key, &entries[i], out);
    }
    end(exporter, out);
}

static void describe(void *state, struct span input, struct buffer *out) {
    (void)state;
    struct records records = read_all(input);
    for (size_t i = 0; exporters[i]; i++) {
        if (!exporters[i]->article) continue;
        write_records(exporters[i], &records, out);
        if (exporters[i]->entry) write_memory(exporters[i], out);
    }
    for (size_t i = 0; i < records.count; i++) article_free(records.articles[i]);
}

static void every_format_is_as_expected(void **state) {
    static const struct golden golden = {"export", "input.ndjson", "expected.txt", 1, describe};
    golden_check(&golden, *state);
}

/* Without records, the output is still a file of its format. */
static void nothing_is_a_valid_file(void **state) {
    (void)state;
    static const char *const expected[][2] = {
        {"jsonfeed", "======== "
                     "jsonfeed\n{\"version\":\"https://jsonfeed.org/version/"
                     "1.1\",\"title\":\"Dragoman\",\"language\":\"en\",\"items\":[]}\n"},
        {"ndjson", "======== ndjson\n"},
        {"ninjs", "======== ninjs\n[]\n"},
    };
    const struct records none = {.count = 0};
    for (size_t i = 0, next = 0; exporters[i]; i++) {
        struct buffer out = BUFFER(1 << 16);
        if (next == 3 || strcmp(exporters[i]->name, expected[next][0]) != 0) continue;
        write_records(exporters[i], &none, &out);
        assert_string_equal(out.at, expected[next++][1]);
        buffer_free(&out);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_format_is_as_expected),
                                       cmocka_unit_test(nothing_is_a_valid_file)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
