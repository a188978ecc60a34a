/* Sitemaps, indexes and OPML. */
#include "unit/failure_is.h"

#include <stdio.h>

#include "stages/formats/sitemap_read.h"

static bool read_text(struct span text, struct arena *arena, struct sitemap *ret_sitemap) {
    struct failure failure = {0};
    return sitemap_read(text, SPAN("https://a.example/sitemap.xml"), 2, arena, ret_sitemap, &failure);
}

static void test_news(void **state) {
    (void)state;
    char bytes[4096];
    FILE *file = fopen(TEST_TESTS "/fuzz/corpus/sitemap/news", "rb");
    assert_non_null(file);
    size_t length = fread(bytes, 1, sizeof bytes, file);
    fclose(file);
    struct arena *arena = arena_new();
    struct sitemap sitemap;
    assert_true(read_text((struct span){bytes, length}, arena, &sitemap));
    assert_int_equal(sitemap.count, 1);
    assert_true(span_is(sitemap.entries[0].address, "https://a.example/1?a=1&b=2"));
    assert_true(span_is(sitemap.entries[0].changed, "2026-01-29"));
    assert_true(span_is(sitemap.entries[0].published, "2026-01-29T06:00:00+02:00"));
    assert_true(span_is(sitemap.entries[0].title, "Сняг в планината"));
    assert_true(span_is(sitemap.entries[0].language, "bg"));
    assert_false(sitemap.entries[0].is_list);
    arena_free(arena);
}

static void test_index(void **state) {
    (void)state;
    struct arena *arena = arena_new();
    struct sitemap sitemap;
    assert_true(
        read_text(SPAN("<sitemapindex><sitemap><loc>/s1.xml.gz</loc></sitemap></sitemapindex>"), arena, &sitemap));
    assert_int_equal(sitemap.count, 1);
    assert_true(sitemap.entries[0].is_list);
    assert_true(span_is(sitemap.entries[0].address, "https://a.example/s1.xml.gz"));
    arena_free(arena);
}

static void test_limit(void **state) {
    (void)state;
    struct arena *arena = arena_new();
    struct sitemap sitemap;
    assert_true(
        read_text(SPAN("<urlset><url><loc>/1</loc></url><url><loc>/2</loc></url><url><loc>/3</loc></url></urlset>"),
                  arena, &sitemap));
    assert_int_equal(sitemap.count, 2);
    assert_int_equal(sitemap.left_out, 1);
    arena_free(arena);
}

static void test_a_truncated_list_keeps_what_was_read(void **state) {
    (void)state;
    struct arena *arena = arena_new();
    struct sitemap sitemap;
    struct failure failure = {0};
    assert_true(read_text(SPAN("<urlset>\n<url><loc>/1</loc></url>\n<url><lo"), arena, &sitemap));
    assert_int_equal(sitemap.count, 1);
    assert_false(sitemap_tell(&sitemap, SPAN("https://a.example/s"), &failure));
    assert_failure(&failure, REACH_ARTICLE, REMEDY_NONE, CAUSE_ARTICLE, EXIT_DONE,
                   "https://a.example/s cannot be read after line 3; the 1 address before it was read");
    assert_true(sitemap_tell(&sitemap, SPAN("https://a.example/s"), &failure));
    assert_true(read_text(SPAN("<urlset><url><loc>/1</loc></url></urlset>"), arena, &sitemap));
    assert_true(sitemap_tell(&sitemap, SPAN("https://a.example/s"), &failure));
    arena_free(arena);
}

static void test_a_page_is_not_a_sitemap(void **state) {
    (void)state;
    struct arena *arena = arena_new();
    struct sitemap sitemap;
    assert_false(read_text(SPAN("<html><body>No</body></html>"), arena, &sitemap));
    arena_free(arena);
}

static void assert_refused(const char *text, const char *said) {
    struct arena *arena = arena_new();
    struct sitemap sitemap;
    struct failure failure = {0};
    assert_false(sitemap_read(span_of(text), SPAN("https://a.example/s.xml"), 9, arena, &sitemap, &failure));
    assert_failure(&failure, REACH_SERVICE, REMEDY_NONE, CAUSE_SERVICE, EXIT_DONE, said);
    arena_free(arena);
}

static void test_a_refusal_says_what_it_is(void **state) {
    (void)state;
    static const char bomb[] =
        "<!DOCTYPE urlset [<!ENTITY a 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa'>"
        "<!ENTITY b '&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;'>"
        "<!ENTITY c '&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;'>"
        "<!ENTITY d '&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;'>"
        "<!ENTITY e '&d;&d;&d;&d;&d;&d;&d;&d;&d;&d;&d;&d;&d;&d;&d;&d;&d;&d;&d;&d;'>"
        "<!ENTITY f '&e;&e;&e;&e;&e;&e;&e;&e;&e;&e;&e;&e;&e;&e;&e;&e;&e;&e;&e;&e;'>]>"
        "<urlset><url><loc>/1</loc></url><url><loc>&f;</loc></url></urlset>";
    assert_refused("<html><body>No</body></html>",
                   "https://a.example/s.xml is not a sitemap or OPML list: unexpected first element");
    assert_refused("nothing", "https://a.example/s.xml is not a sitemap or OPML list: ");
    assert_refused(bomb, "https://a.example/s.xml was rejected: its XML entities expand excessively");
}

static void test_files_that_may_not_be_named_are_told_once(void **state) {
    (void)state;
    static const struct {
        size_t refused;
        const char *said;
    } cases[] = {{1, "/n/list.opml names 1 file on this computer that may not be read (/etc/hostname); a local list"},
                 {2, "/n/list.opml names 2 files on this computer that may not be read (/etc/hostname); a local list"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct sitemap sitemap = {.refused = cases[i].refused, .first_refused = SPAN("/etc/hostname")};
        struct failure failure = {0};
        assert_false(sitemap_tell(&sitemap, SPAN("/n/list.opml"), &failure));
        assert_failure(&failure, REACH_ARTICLE, REMEDY_NONE, CAUSE_ARTICLE, EXIT_DONE, cases[i].said);
        assert_true(sitemap_tell(&sitemap, SPAN("/n/list.opml"), &failure));
    }
}

static void test_opml_with_bare_ampersands(void **state) {
    (void)state;
    struct arena *arena = arena_new();
    struct sitemap sitemap;
    assert_true(read_text(SPAN("<opml><body><outline text='Ports & ships' xmlUrl='https://a.example/f?a=1&b=2'/>"
                               "<outline title='R&D' xmlURL='/g.xml'/></body></opml>"),
                          arena, &sitemap));
    assert_int_equal(sitemap.count, 2);
    assert_span(sitemap.entries[0].address, "https://a.example/f?a=1&b=2");
    assert_span(sitemap.entries[1].address, "https://a.example/g.xml");
    arena_free(arena);
}

/* A list on this machine may name feeds in its own folder; a list from the web may not name local files. */
static void test_local_addresses(void **state) {
    (void)state;
    struct span list =
        SPAN("<opml><body><outline xmlUrl='a.xml'/><outline xmlUrl='b/c.xml'/><outline xmlUrl='/srv/news/x.xml'/>"
             "<outline xmlUrl='/etc/hostname'/><outline xmlUrl='../d.xml'/>"
             "<outline xmlUrl='file:///srv/news/e.xml'/><outline xmlUrl='ftp://a.example/f'/></body></opml>");
    struct arena *arena = arena_new();
    struct sitemap sitemap;
    assert_true(sitemap_read(list, SPAN("/srv/news/list.opml"), 10, arena, &sitemap, NULL));
    assert_int_equal(sitemap.count, 2);
    assert_span(sitemap.entries[0].address, "/srv/news/a.xml");
    assert_span(sitemap.entries[1].address, "/srv/news/b/c.xml");
    assert_int_equal(sitemap.refused, 4);
    assert_span(sitemap.first_refused, "/srv/news/x.xml");
    assert_true(read_text(SPAN("<urlset><url><loc>/etc/hostname</loc></url><url><loc>file:///etc/hostname</loc></url>"
                               "</urlset>"),
                          arena, &sitemap));
    assert_int_equal(sitemap.count, 1);
    assert_span(sitemap.entries[0].address, "https://a.example/etc/hostname");
    assert_int_equal(sitemap.refused, 1);
    arena_free(arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_news),
                                       cmocka_unit_test(test_index),
                                       cmocka_unit_test(test_limit),
                                       cmocka_unit_test(test_a_truncated_list_keeps_what_was_read),
                                       cmocka_unit_test(test_a_page_is_not_a_sitemap),
                                       cmocka_unit_test(test_a_refusal_says_what_it_is),
                                       cmocka_unit_test(test_files_that_may_not_be_named_are_told_once),
                                       cmocka_unit_test(test_opml_with_bare_ampersands),
                                       cmocka_unit_test(test_local_addresses)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
