/* What the report of a run keeps, and what it only counts. */
#include "unit/cmocka_test.h"

#include <stdio.h>

#include "program/report.h"

static void notes_and_articles_have_a_limit(void **state) {
    (void)state;
    struct report report = report_new();
    struct article_row row = {
        .article_state = ARTICLE_STATE_DEAD, .id = "a", .source = SPAN("costa"), .note = SPAN("x")};
    char what[20];
    for (int i = 0; i < 1003; i++) {
        snprintf(what, sizeof what, "note %d", i);
        report_add_note(&report, SPAN("costa"), what);
        if (i < 1002) report_add_article(&report, &row);
    }
    assert_int_equal(report.note_count, 1000);
    assert_int_equal(report.notes_left_out, 3);
    assert_span(report.notes[999].what, "note 999");
    assert_int_equal(report.article_count, 1000);
    assert_int_equal(report.articles_left_out, 2);
    assert_string_equal(report.articles[999].id, "a");
    assert_span(report.articles[999].why, "x");
    report_free(&report);
}

/* All are counted; the list of reasons has a limit. */
static void skipped_articles_are_counted_by_source_and_reason(void **state) {
    (void)state;
    struct report report = report_new();
    char why[20];
    report_add_skipped(&report, SPAN("costa"), "reason 0");
    report_add_skipped(&report, SPAN("mina"), "reason 0");
    for (int i = 0; i < 1001; i++) {
        snprintf(why, sizeof why, "reason %d", i);
        report_add_skipped(&report, SPAN("costa"), why);
    }
    assert_int_equal(report.skipped, 1003);
    assert_int_equal(report.skip_count, 1000);
    assert_span(report.skips[0].source, "costa");
    assert_int_equal(report.skips[0].count, 2);
    assert_span(report.skips[1].source, "mina");
    assert_int_equal(report.skips[1].count, 1);
    assert_span(report.skips[999].why, "reason 998");
    report_free(&report);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(notes_and_articles_have_a_limit),
                                       cmocka_unit_test(skipped_articles_are_counted_by_source_and_reason)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
