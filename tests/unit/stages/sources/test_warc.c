/* A packed web archive with records of several kinds. */
#include "unit/failure_is.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <zlib.h>

#include "config/reader.h"
#include "stages/sources/parts/common.h"

extern const struct source source_warc;

static char path[] = "/tmp/warc-test-XXXXXX";

static void add_record(const char *type, const char *address, const char *block) {
    gzFile file = gzopen(path, "ab");
    gzprintf(file, "WARC/1.0\r\nWARC-Type: %s\r\nWARC-Target-URI: %s\r\nContent-Length: %zu\r\n\r\n%s\r\n\r\n", type,
             address, strlen(block), block);
    gzclose(file);
}

struct bench {
    struct config *config;
    void *state;
    struct article *article;
    struct failure failure;
};

static void begin(struct bench *bench) {
    static struct section_table tables[2];
    tables[0] = (struct section_table){.name = "source",
                                       .named = true,
                                       .settings = {source_table, sizeof(struct source_settings)},
                                       .kind_at = source_kind_at,
                                       .help = ""};
    *bench = (struct bench){.config = config_new(tables)};
    char line[128];
    snprintf(line, sizeof line, "source.old.path=%s", path);
    config_set(bench->config, "source.old.kind=warc");
    config_set(bench->config, line);
    config_set(bench->config, "source.old.max_bytes=4k");
    config_finish(bench->config);
    assert_int_equal(config_problem_count(bench->config), 0);
    const struct section *section = config_section_at(bench->config, source_table, 0);
    struct source_context context = {.name = SPAN("old"),
                                     .section = section,
                                     .common = section_values(section),
                                     .settings = section_kind_values(section),
                                     .working_folder = "."};
    assert_true(source_warc.open(&context, &bench->state, &bench->failure));
}

static void end(struct bench *bench) {
    source_warc.close(bench->state);
    config_free(bench->config);
    unlink(path);
}

static enum source_step step(struct bench *bench) {
    return source_warc.step(bench->state, NULL, NULL, &bench->article, &bench->failure);
}

static void new_archive(void) {
    strcpy(path, "/tmp/warc-test-XXXXXX");
    close(mkstemp(path));
}

static void test_pages(void **state) {
    (void)state;
    new_archive();
    add_record("warcinfo", "", "software: x\r\n");
    add_record("request", "https://a.example/1", "GET /1 HTTP/1.1\r\n\r\n");
    add_record("response", "<https://a.example/1>", "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<p>One</p>");
    add_record("response", "https://a.example/p.png", "HTTP/1.1 200 OK\r\nContent-Type: image/png\r\n\r\n....");
    add_record("response", "https://a.example/2", "HTTP/1.1 404 Not Found\r\nContent-Type: text/html\r\n\r\nno");
    add_record("response", "https://a.example/3",
               "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: "
               "chunked\r\n\r\n5\r\n<p>Th\r\n7;x=1\r\nree</p>\r\n0\r\n\r\n");
    struct bench bench;
    begin(&bench);
    assert_int_equal(step(&bench), SOURCE_ITEM);
    assert_true(span_is(bench.article->origin.address, "https://a.example/1"));
    assert_true(span_is(bench.article->origin.raw, "<p>One</p>"));
    article_free(bench.article);
    assert_int_equal(step(&bench), SOURCE_ITEM);
    assert_true(span_is(bench.article->origin.raw, "<p>Three</p>"));
    article_free(bench.article);
    assert_int_equal(step(&bench), SOURCE_END);
    end(&bench);
}

static void test_large_page_does_not_end_the_archive(void **state) {
    (void)state;
    new_archive();
    char block[6000] = "HTTP/1.1 200 OK\r\n\r\n";
    memset(block + strlen(block), 'a', 5000);
    add_record("response", "https://a.example/large", block);
    add_record("response", "https://a.example/1", "HTTP/1.1 200 OK\r\n\r\n<p>One</p>");
    struct bench bench;
    begin(&bench);
    assert_int_equal(step(&bench), SOURCE_FAIL);
    assert_failure(&bench.failure, REACH_ARTICLE, REMEDY_NONE, CAUSE_ARTICLE, EXIT_DONE, "record 1 of");
    assert_int_equal(step(&bench), SOURCE_ITEM);
    article_free(bench.article);
    end(&bench);
}

static void test_truncated_archive(void **state) {
    (void)state;
    new_archive();
    FILE *file = fopen(path, "wb");
    fputs("WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: https://a.example/1\r\nContent-Length: "
          "900\r\n\r\nHTTP/1.1 200",
          file);
    fclose(file);
    struct bench bench;
    begin(&bench);
    assert_int_equal(step(&bench), SOURCE_FAIL);
    assert_failure(&bench.failure, REACH_SERVICE, REMEDY_NONE, CAUSE_SERVICE, EXIT_DONE, "is truncated");
    end(&bench);
}

/* Adds a record whose stated length may be wrong. */
static void add_lying(const char *type, const char *address, const char *content_type, int length, const char *block) {
    gzFile file = gzopen(path, "ab");
    gzprintf(file,
             "WARC/1.1\r\nWARC-Type: %s\r\nWARC-Target-URI: %s\r\nContent-Type: %s\r\nContent-Length: "
             "%d\r\n\r\n%s\r\n\r\n",
             type, address, content_type, length, block);
    gzclose(file);
}

static void expect(struct bench *bench, const char *address, const char *raw) {
    assert_int_equal(step(bench), SOURCE_ITEM);
    assert_span(bench->article->origin.address, address);
    assert_span(bench->article->origin.raw, raw);
    article_free(bench->article);
}

static void test_resources_and_conversions(void **state) {
    (void)state;
    new_archive();
    add_lying("resource", "https://a.example/1", "text/html; charset=utf-8", 10, "<p>One</p>");
    add_lying("resource", "https://a.example/1.png", "image/png", 4, "....");
    add_lying("conversion", "https://a.example/2", "text/plain", 3, "Two");
    add_lying("resource", "file:///etc/passwd", "text/plain", 4, "root");
    add_lying("metadata", "https://a.example/3", "text/plain", 5, "a: 1\n");
    struct bench bench;
    begin(&bench);
    expect(&bench, "https://a.example/1", "<p>One</p>");
    expect(&bench, "https://a.example/2", "Two");
    assert_int_equal(step(&bench), SOURCE_END);
    end(&bench);
}

static void test_lengths_that_are_too_large(void **state) {
    (void)state;
    new_archive();
    add_lying("warcinfo", "", "application/warc-fields", 300, "software: x");
    add_lying("resource", "https://a.example/1", "text/html", 2000, "<p>One</p>");
    add_lying("resource", "https://a.example/2", "text/html", 12, "<p>Two</p>");
    add_lying("resource", "https://a.example/3", "text/html", 90000, "<p>Three</p>");
    add_lying("resource", "https://a.example/4", "text/html", 11, "<p>Four</p>");
    struct bench bench;
    begin(&bench);
    expect(&bench, "https://a.example/1", "<p>One</p>");
    expect(&bench, "https://a.example/2", "<p>Two</p>\r\n");
    assert_int_equal(step(&bench), SOURCE_FAIL); /* the stated length is larger than max_bytes */
    assert_int_equal(bench.failure.reach, REACH_ARTICLE);
    expect(&bench, "https://a.example/4", "<p>Four</p>");
    assert_int_equal(step(&bench), SOURCE_END);
    end(&bench);
}

static void test_lengths_that_are_too_small(void **state) {
    (void)state;
    new_archive();
    add_lying("warcinfo", "", "application/warc-fields", 3, "software: x");
    add_lying("resource", "https://a.example/1", "text/html", 5, "<p>One\n</p><p>More</p>");
    add_lying("resource", "https://a.example/2", "text/html", 6, "<p>Two\nand more</p>");
    add_lying("resource", "https://a.example/3", "text/html", 12, "<p>Three</p>");
    struct bench bench;
    begin(&bench);
    expect(&bench, "https://a.example/1", "<p>One\n</p><p>More</p>");
    expect(&bench, "https://a.example/2", "<p>Two\nand more</p>");
    expect(&bench, "https://a.example/3", "<p>Three</p>");
    assert_int_equal(step(&bench), SOURCE_END);
    end(&bench);
}

static void test_a_damaged_header_loses_only_its_record(void **state) {
    (void)state;
    new_archive();
    add_lying("resource", "https://a.example/1", "text/html", 10, "<p>One</p>");
    add_lying("resource", "https://a.example/2", "text/html", -5, "<p>Two</p>");
    add_lying("resource", "https://a.example/3", "text/html", 12, "<p>Three</p>");
    struct bench bench;
    begin(&bench);
    expect(&bench, "https://a.example/1", "<p>One</p>");
    assert_int_equal(step(&bench), SOURCE_FAIL);
    assert_int_equal(bench.failure.reach, REACH_ARTICLE);
    expect(&bench, "https://a.example/3", "<p>Three</p>");
    end(&bench);
}

/* Damages the byte at offset `behind` in the member that begins at `at`. */
static void damage(long at, long behind) {
    FILE *file = fopen(path, "r+b");
    assert_non_null(file);
    assert_int_equal(fseek(file, at + behind, SEEK_SET), 0);
    int byte = getc(file);
    assert_int_equal(fseek(file, at + behind, SEEK_SET), 0);
    putc(byte ^ 0xFF, file);
    assert_int_equal(fclose(file), 0);
}

static long size_of_archive(void) {
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    fseek(file, 0, SEEK_END);
    long size = ftell(file);
    fclose(file);
    return size;
}

/* Damage anywhere in a packed record loses only that record, is reported, and does not keep later records from being
 * read. */
static void test_damaged_compression_loses_only_its_record(void **state) {
    (void)state;
    for (long behind = 10; behind < 110; behind += 9) {
        new_archive();
        add_record("resource", "https://a.example/1", "<p>One</p>");
        long at = size_of_archive();
        add_record("resource", "https://a.example/2", "<p>Two</p>");
        add_record("resource", "https://a.example/3", "<p>Three</p>");
        damage(at, behind);
        struct bench bench;
        begin(&bench);
        assert_int_equal(step(&bench), SOURCE_ITEM);
        article_free(bench.article);
        size_t told = 0;
        enum source_step taken;
        bool last = false;
        while ((taken = step(&bench)) != SOURCE_END) {
            told += taken == SOURCE_FAIL;
            if (taken == SOURCE_FAIL) assert_int_equal(bench.failure.reach, REACH_ARTICLE);
            if (taken != SOURCE_ITEM) continue;
            last = span_is(bench.article->origin.address, "https://a.example/3");
            article_free(bench.article);
        }
        assert_true(told > 0);
        assert_true(last);
        end(&bench);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_pages),
                                       cmocka_unit_test(test_large_page_does_not_end_the_archive),
                                       cmocka_unit_test(test_truncated_archive),
                                       cmocka_unit_test(test_resources_and_conversions),
                                       cmocka_unit_test(test_lengths_that_are_too_large),
                                       cmocka_unit_test(test_lengths_that_are_too_small),
                                       cmocka_unit_test(test_a_damaged_header_loses_only_its_record),
                                       cmocka_unit_test(test_damaged_compression_loses_only_its_record)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
