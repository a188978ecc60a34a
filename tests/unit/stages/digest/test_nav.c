/* The links from day to day, which are replaced in finished pages, and the list of all days. */
#include "unit/cmocka_test.h"

#include "stages/digest/days.h"
#include "stages/digest/nav.h"

static const struct nav both = {"2026-01-28", "2026-01-30"}, none = {"", ""}, later = {"", "2026-01-30"};

static void check_links(const struct nav *nav, const char *expected) {
    struct buffer out = BUFFER(2000);
    nav_write("2026-01-29", nav, &out);
    assert_span(buffer_span(&out), expected);
    buffer_free(&out);
}

static void links_lead_to_days_that_have_pages(void **state) {
    (void)state;
    check_links(&none, "<nav class=\"ui\" aria-label=\"Days\"><a href=\"../index.html\">All days</a><a "
                       "href=\"../2026-W05.html\">Week 05</a></nav>\n");
    check_links(&both, "<nav class=\"ui\" aria-label=\"Days\"><a href=\"../2026-01-28/index.html\">‹ Wednesday, 28 "
                       "January 2026</a><a href=\"../index.html\">All days</a><a href=\"../2026-W05.html\">Week "
                       "05</a><a href=\"../2026-01-30/index.html\">Friday, 30 January 2026 ›</a></nav>\n");
}

static void the_mark_names_the_days(void **state) {
    (void)state;
    static const struct nav *const all[] = {&both, &none, &later};
    static const char *const marks[] = {"2026-01-28 2026-01-30", "- -", "- 2026-01-30"};
    for (size_t i = 0; i < 3; i++) {
        struct buffer out = BUFFER(200), expected = BUFFER(200);
        struct nav read = {"x", "x"};
        nav_write_mark(all[i], &out);
        buffer_print(&expected, "<meta name=\"dragoman-days\" content=\"%s\">\n", marks[i]);
        assert_span(buffer_span(&out), expected.at);
        assert_true(nav_read_mark(buffer_span(&out), &read));
        assert_string_equal(read.previous, all[i]->previous);
        assert_string_equal(read.next, all[i]->next);
        buffer_free(&out);
        buffer_free(&expected);
    }
}

static bool reads(const char *content) {
    struct nav read;
    struct buffer head = BUFFER(200);
    buffer_print(&head, "<head><meta name=\"dragoman-days\" content=\"%s\">\n", content);
    bool done = nav_read_mark(buffer_span(&head), &read);
    buffer_free(&head);
    return done;
}

static void another_mark_is_none(void **state) {
    (void)state;
    struct nav read;
    assert_true(reads("- -"));
    assert_false(reads(""));
    assert_false(reads("-"));
    assert_false(reads("- - -"));
    assert_false(reads("x -"));
    assert_false(reads("- x"));
    assert_false(reads("2026-01-289 -"));
    assert_false(reads("2026-01-2x -"));
    assert_false(nav_read_mark(SPAN("<head>"), &read));
    assert_false(nav_read_mark(SPAN("<meta name=\"dragoman-days\" content=\"- -"), &read));
}

static void write_page(const struct nav *nav, struct buffer *out) {
    buffer_add_string(out, "<head>");
    nav_write_mark(nav, out);
    buffer_add_string(out, "</head><body>");
    nav_write("2026-01-29", nav, out);
    buffer_add_string(out, "<p>text</p></body>\n");
}

static void nothing_else_of_a_page_changes(void **state) {
    (void)state;
    struct buffer before = BUFFER(4000), expected = BUFFER(4000), out = BUFFER(4000), little = BUFFER(100);
    write_page(&none, &before);
    write_page(&both, &expected);
    assert_true(nav_replace(buffer_span(&before), "2026-01-29", &both, &out));
    assert_span(buffer_span(&out), expected.at);
    assert_false(nav_replace(buffer_span(&before), "2026-01-29", &both, &little));
    buffer_clear(&out);
    assert_false(nav_replace(SPAN("<head></head>"), "2026-01-29", &both, &out));
    size_t body = span_find(buffer_span(&before), SPAN("<body>"));
    assert_false(nav_replace(span_cut(buffer_span(&before), 0, body), "2026-01-29", &both, &out));
    assert_false(nav_replace(span_cut(buffer_span(&before), body, before.length), "2026-01-29", &both, &out));
    buffer_free(&before);
    buffer_free(&expected);
    buffer_free(&out);
    buffer_free(&little);
}

/* ---------------------------------------------------------------- the list */

static void a_page_says_about_itself_what_the_list_shows(void **state) {
    (void)state;
    char version[33];
    struct span head = SPAN("<meta name=\"dragoman-version\" content=\"0123456789abcdef0123456789abcdef\">"
                            "<meta name=\"description\" content=\"2 stories: Two &amp; more\">");
    assert_span(days_page_about(head), "2 stories: Two &amp; more");
    days_page_version(head, version);
    assert_string_equal(version, "0123456789abcdef0123456789abcdef");
    assert_span(days_page_about(SPAN("<title>x</title>")), "");
    assert_span(days_page_about(SPAN("<meta name=\"description\" content=\"cut")), "");
    assert_span(days_page_about(SPAN("<meta name=\"description\" content=\"a <b>\">")), "");
    assert_span(days_page_about(SPAN("<meta name=\"description\" content=\"a\xFF\">")), "");
    days_page_version(SPAN("<title>x</title>"), version);
    assert_string_equal(version, "");
}

static void assert_listed(const struct listed_day *days, size_t count, const char *expected) {
    struct buffer out = BUFFER(1 << 16);
    assert_true(days_page_write(days, count, SPAN(""), &out));
    size_t from = span_find(buffer_span(&out), SPAN("</nav></div>\n")),
           to = span_find(buffer_span(&out), SPAN("</main>"));
    assert_span(span_cut(buffer_span(&out), from + strlen("</nav></div>\n"), to), expected);
    buffer_free(&out);
}

static void days_are_listed_by_week(void **state) {
    (void)state;
    const struct listed_day days[] = {{.day = "2026-02-02", .about = SPAN("3 stories")},
                                      {.day = "2026-02-01"},
                                      {.day = "2026-01-26", .about = SPAN("1 story")}};
    assert_listed(days, 3,
                  "<section class=\"list\" aria-label=\"Week 2026-W06\"><h2><a href=\"2026-W06.html\">Week 06 of "
                  "2026</a></h2><ul class=\"plain\">\n<li><a href=\"2026-02-02/index.html\">Monday, 2 February "
                  "2026</a><br><span class=\"meta\">3 stories</span></li>\n</ul></section>\n"
                  "<section class=\"list\" aria-label=\"Week 2026-W05\"><h2><a href=\"2026-W05.html\">Week 05 of "
                  "2026</a></h2><ul class=\"plain\">\n<li><a href=\"2026-02-01/index.html\">Sunday, 1 February "
                  "2026</a></li>\n<li><a href=\"2026-01-26/index.html\">Monday, 26 January 2026</a><br><span "
                  "class=\"meta\">1 story</span></li>\n</ul></section>\n");
    assert_listed(days, 0, "<p>There are no days yet.</p>\n");
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(links_lead_to_days_that_have_pages),
                                       cmocka_unit_test(the_mark_names_the_days),
                                       cmocka_unit_test(another_mark_is_none),
                                       cmocka_unit_test(nothing_else_of_a_page_changes),
                                       cmocka_unit_test(a_page_says_about_itself_what_the_list_shows),
                                       cmocka_unit_test(days_are_listed_by_week)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
