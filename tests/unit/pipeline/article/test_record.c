#include "unit/failure_is.h"

#include <stdlib.h>

#include "pipeline/article/record.h"

static const char partial[] =
    "{\"id\":\"one\",\"language\":{\"code\":\"bg\"},\"title\":{\"source\":\"a\",\"target\":\"b\"},\"body\":[{\"kind\":"
    "\"paragraph\","
    "\"segments\":[{\"source\":\"x y\",\"target\":\"z\"},{\"source\":\"w\"}]}],\"raw\":\"aGVsbG8=\"}";

static struct article *read_one(const char *json) {
    struct article *article = NULL;
    struct failure failure = {0};
    assert_true(record_read(span_of(json), 0, &article, &failure));
    return article;
}

static void partial_records_are_read(void **state) {
    (void)state;
    struct article *article = read_one(partial);
    assert_span(article->foreign_id, "one");
    assert_span(article->origin.raw, "hello");
    assert_span(article->body[0].text, "x y w");
    assert_int_equal(article->body[0].segment_count, 2);
    assert_string_equal(article->language.code, "bg");
    article_free(article);
}

static void writing_what_was_read_is_stable(void **state) {
    (void)state;
    struct buffer first = BUFFER(1 << 20), second = BUFFER(1 << 20);
    struct article *article = read_one(partial);
    assert_true(record_write(article, RECORD_WORKING, &first));
    article_free(article);
    article = read_one(first.at);
    assert_true(record_write(article, RECORD_WORKING, &second));
    assert_string_equal(first.at, second.at);
    article_free(article);
    buffer_free(&first);
    buffer_free(&second);
}

static void assert_raw_survives(struct article *article, size_t length) {
    struct buffer out = BUFFER(4 << 20);
    struct article *read = NULL;
    article->origin.raw.length = length;
    assert_true(record_write(article, RECORD_WORKING, &out));
    assert_true(record_read(buffer_span(&out), 0, &read, NULL));
    assert_int_equal(read->origin.raw.length, length);
    assert_memory_equal(read->origin.raw.at, article->origin.raw.at, length);
    article_free(read);
    buffer_free(&out);
}

/* Every remainder of three bytes, and far more than a first piece of memory holds. */
static void raw_bytes_of_any_length_survive(void **state) {
    (void)state;
    enum { LARGE = 1 << 20 };
    struct article *article = article_new();
    char *bytes = malloc(LARGE + 3);
    for (size_t i = 0; i < LARGE + 3; i++) bytes[i] = (char)(i * 131 + i / 251);
    article->origin.raw.at = bytes;
    for (size_t length = 1; length < 8; length++) assert_raw_survives(article, length);
    for (size_t length = LARGE; length < LARGE + 3; length++) assert_raw_survives(article, length);
    article->origin.raw.length = 0;
    article_free(article);
    free(bytes);
}

static void metadata_keeps_its_evidence(void **state) {
    (void)state;
    static const char json[] = "{\"metadata_evidence\":{\"authors\":\"by-line\",\"published\":\"meta date\"}}";
    struct buffer out = BUFFER(1 << 20);
    struct article *article = read_one(json);
    assert_span(article->metadata_evidence[FIELD_PUBLISHED], "meta date");
    article_take_field(article, FIELD_SITE, SPAN("The Quay"), SPAN("meta og:site_name"));
    article_take_field(article, FIELD_SITE, SPAN("Another"), SPAN("feed"));
    assert_true(record_write(article, RECORD_FINAL, &out));
    assert_non_null(strstr(
        out.at, "\"site\":\"The Quay\",\"metadata_evidence\":{\"authors\":\"by-line\",\"published\":\"meta date\","
                "\"site\":\"meta og:site_name\"}"));
    article_free(article);
    buffer_free(&out);
}

static void a_changed_byte_breaks_the_checksum(void **state) {
    (void)state;
    struct buffer out = BUFFER(1 << 20);
    struct article *article = read_one(partial);
    assert_true(record_write(article, RECORD_FINAL, &out));
    assert_true(record_intact(buffer_span(&out)));
    *strchr(out.at, 'x') = 'q';
    assert_false(record_intact(buffer_span(&out)));
    article_free(article);
    buffer_free(&out);
}

static void a_rejected_translation_is_not_written_as_the_target(void **state) {
    (void)state;
    struct buffer out = BUFFER(1 << 20);
    struct article *article = read_one(partial);
    article->body[0].segments[0].status = SEGMENT_FAILED;
    assert_true(record_write(article, RECORD_FINAL, &out));
    assert_non_null(strstr(out.at, "\"rejected\":\"z\""));
    assert_null(strstr(out.at, "\"target\":\"z\""));
    article_free(article);
    buffer_free(&out);
}

static void the_document_is_left_out_if_there_is_a_body(void **state) {
    (void)state;
    struct buffer out = BUFFER(1 << 20);
    struct article *article = read_one("{\"text\":\"<p>x y\",\"body\":[{\"text\":\"x y\"}]}");
    assert_span(article->text, "<p>x y");
    assert_true(record_write(article, RECORD_WORKING, &out));
    assert_null(strstr(out.at, "<p>"));
    article->block_count = 0;
    buffer_clear(&out);
    assert_true(record_write(article, RECORD_SHOW, &out));
    assert_non_null(strstr(out.at, "\"text\":\"<p>x y\""));
    article_free(article);
    buffer_free(&out);
}

static void a_slim_record_keeps_positions_and_findings(void **state) {
    (void)state;
    static const char json[] =
        "{\"body\":[{\"segments\":[{\"source\":\"a\",\"target\":\"A\",\"status\":\"ok\"}]},"
        "{\"text\":\"b c\",\"segments\":[{\"source\":\"b\",\"target\":\"B\",\"status\":\"ok\"},{\"source\":\"c\","
        "\"target\":\"C\",\"status\":\"suspect\"}]}],"
        "\"title\":{\"source\":\"t\",\"target\":\"T\",\"status\":\"ok\"}}";
    struct article *article = NULL;
    assert_true(record_read(span_of(json), 1, &article, NULL));
    assert_span(article_segment(article, 0)->target, "T");
    assert_span(article_segment(article, 1)->target, "A");
    assert_span(article_segment(article, 2)->target, "");
    assert_span(article_segment(article, 3)->target, "C");
    assert_span(article->body[0].text, "a");
    assert_span(article->body[1].text, "");
    article_free(article);
}

static void bad_records_are_rejected_by_name(void **state) {
    (void)state;
    static const struct {
        const char *json, *said;
    } cases[] = {{"{\"title\":5}", "'title'"},
                 {"{\"body\":{}}", "'body'"},
                 {"{\"metadata_evidence\":[]}", "'metadata_evidence'"},
                 {"{\"raw\":\"###\"}", "'raw'"},
                 {"{\"body\":[{\"kind\":\"poem\"}]}", "'kind'"},
                 {"{\"title\":{\"source\":\"a\",\"translated_by\":3}}", "'translated_by'"},
                 {"{\"a\":\"\\u0000\"}", "u0000"},
                 {"{} x", "valid JSON"},
                 {"[]", "the record is not an object"},
                 {"null", "the record is not an object"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct article *article = NULL;
        struct failure failure = {0};
        assert_false(record_read(span_of(cases[i].json), 0, &article, &failure));
        assert_failure(&failure, REACH_ARTICLE, REMEDY_NONE, CAUSE_ARTICLE, EXIT_DONE, cases[i].said);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(partial_records_are_read),
                                       cmocka_unit_test(writing_what_was_read_is_stable),
                                       cmocka_unit_test(raw_bytes_of_any_length_survive),
                                       cmocka_unit_test(metadata_keeps_its_evidence),
                                       cmocka_unit_test(a_changed_byte_breaks_the_checksum),
                                       cmocka_unit_test(a_rejected_translation_is_not_written_as_the_target),
                                       cmocka_unit_test(the_document_is_left_out_if_there_is_a_body),
                                       cmocka_unit_test(a_slim_record_keeps_positions_and_findings),
                                       cmocka_unit_test(bad_records_are_rejected_by_name)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
