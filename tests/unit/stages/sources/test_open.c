/* A source whose settings lead nowhere is refused when it is opened, with what to set. */
#include "unit/failure_is.h"

#include <stdio.h>

#include "config/reader.h"
#include "pipeline/engine/resources.h"
#include "pipeline/engine/source_settings.h"
#include "stages/sources/parts/common.h"

static struct config *configure(const char *kind, const char *setting) {
    static struct section_table tables[2];
    char line[256];
    tables[0] = (struct section_table){.name = "source",
                                       .named = true,
                                       .settings = {source_table, sizeof(struct source_settings)},
                                       .kind_at = source_kind_at,
                                       .help = ""};
    struct config *config = config_new(tables);
    snprintf(line, sizeof line, "source.s.kind=%s", kind);
    config_set(config, line);
    snprintf(line, sizeof line, "source.s.%s", setting ? setting : "");
    if (setting) config_set(config, line);
    config_finish(config);
    return config;
}

static void assert_refused(const char *kind, const char *setting, const char *said) {
    struct failure failure = {0};
    void *opened = NULL;
    struct config *config = configure(kind, setting);
    const struct section *section = config_section_at(config, source_table, 0);
    struct source_context context = {.name = SPAN("s"),
                                     .section = section,
                                     .common = section_values(section),
                                     .settings = section_kind_values(section),
                                     .working_folder = ".",
                                     .resources = resources_new(TEST_DATA)};
    if (source_of(span_of(kind))->open(&context, &opened, &failure)) fail_msg("%s was opened", kind);
    assert_failure(&failure, REACH_SERVICE, REMEDY_NONE, CAUSE_SERVICE, EXIT_DONE, said);
    resources_free(context.resources);
    config_free(config);
}

static void a_source_without_an_address_is_refused(void **state) {
    (void)state;
    assert_refused("feed", NULL, "the source has no address; set url = ADDRESS");
    assert_refused("page", NULL, "the source has no address; set url = ADDRESS");
    assert_refused("site", NULL, "a site needs url = ADDRESS (http or https)");
    assert_refused("sitemap", NULL, "a sitemap needs url = ADDRESS (http or https)");
}

static void another_scheme_is_no_address(void **state) {
    (void)state;
    assert_refused("site", "url=ftp://a.example/", "a site needs url = ADDRESS (http or https)");
    assert_refused("sitemap", "url=sitemap.xml", "a sitemap needs url = ADDRESS (http or https)");
}

static void a_source_without_a_path_is_refused(void **state) {
    (void)state;
    assert_refused("files", NULL, "the source has no path; set path = FILE or FOLDER");
    assert_refused("mail", NULL, "the source has no path; set path = FILE");
}

static void a_file_that_is_not_there_is_named(void **state) {
    (void)state;
    assert_refused("ndjson", "path=/no/such.ndjson", "cannot read /no/such.ndjson: No such file");
    assert_refused("warc", "path=/no/such.warc", "cannot read /no/such.warc: No such file");
    assert_refused("warc", "path=/", "cannot read /: ");
    assert_refused("ndjson", "path=/", "cannot read /: ");
}

static int recognise(const char *kind, const char *address, const char *head) {
    return source_of(span_of(kind))->recognise(span_of(address), span_of(head));
}

static void kinds_are_told_by_address_or_beginning(void **state) {
    (void)state;
    assert_int_equal(recognise("sitemap", "https://a.example/sitemap.xml", ""), 2);
    assert_int_equal(recognise("sitemap", "https://a.example/news-sitemap-2.xml.gz", ""), 2);
    assert_int_equal(recognise("sitemap", "https://a.example/sitemap", ""), 0);
    assert_int_equal(recognise("sitemap", "https://a.example/news.xml", ""), 0);
    assert_int_equal(recognise("sitemap", "https://a.example/news", ""), 0);
    assert_int_equal(recognise("sitemap", "sitemap.xml", ""), 0);
    assert_int_equal(recognise("sitemap", "map", "<?xml version='1.0'?><urlset>"), 2);
    assert_int_equal(recognise("sitemap", "map", "<url>"), 0);
    assert_int_equal(recognise("feed", "https://a.example/news.rss", ""), 2);
    assert_int_equal(recognise("feed", "https://a.example/news.atom", ""), 2);
    assert_int_equal(recognise("feed", "https://a.example/news", "<rss version=\"2.0\">"), 2);
    assert_int_equal(recognise("feed", "https://a.example/news", "<html>"), 0);
    assert_int_equal(recognise("opml", "feeds.opml", ""), 2);
    assert_int_equal(recognise("opml", "feeds", "<?xml version=\"1.0\"?><opml>"), 2);
    assert_int_equal(recognise("opml", "feeds", "<html>"), 0);
    assert_int_equal(recognise("ndjson", "news.ndjson", ""), 2);
    assert_int_equal(recognise("ndjson", "news.jsonl", ""), 2);
    assert_int_equal(recognise("ndjson", "news.json", "{}"), 0);
    assert_int_equal(recognise("mail", "letter.eml", ""), 2);
    assert_int_equal(recognise("mail", "letters.mbox", ""), 2);
    assert_int_equal(recognise("mail", "letters.mbox.gz", ""), 2);
    assert_int_equal(
        recognise("mail", "letter", "From: Ana <ana@a.example>\r\nSubject: News\r\nMIME-Version: 1.0\r\n\r\n"), 2);
    assert_int_equal(recognise("mail", "letter", "To whom it may concern\n"), 0);
    assert_int_equal(recognise("warc", "news.warc", ""), 2);
    assert_int_equal(recognise("warc", "news.warc.gz", ""), 2);
    assert_int_equal(recognise("warc", "news", "WARC/1.1\r\n"), 2);
    assert_int_equal(recognise("warc", "news", "CDX"), 0);
    assert_int_equal(recognise("stdin", "-", ""), 2);
    assert_int_equal(recognise("stdin", "news.txt", ""), 0);
    assert_int_equal(recognise("files", "news.txt", ""), 1);
    assert_int_equal(recognise("files", "file:///srv/news.txt", ""), 1);
    assert_int_equal(recognise("files", "https://a.example/news.txt", ""), 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_source_without_an_address_is_refused), cmocka_unit_test(another_scheme_is_no_address),
        cmocka_unit_test(a_source_without_a_path_is_refused), cmocka_unit_test(kinds_are_told_by_address_or_beginning),
        cmocka_unit_test(a_file_that_is_not_there_is_named)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
