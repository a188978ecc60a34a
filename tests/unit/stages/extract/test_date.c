/* Dates in all languages that the language model can identify: tests/golden/date/cases.tsv. */
#include "unit/cmocka_test.h"

#include <stdio.h>

#include "pipeline/base/table.h"
#include "stages/extract/date.h"
#include "stages/extract/date_calendar.h"
#include "stages/extract/date_trust.h"

static struct arena *arena;
static struct date_words *words;

static int read_words(void **state) {
    (void)state;
    struct failure failure = {0};
    arena = arena_new();
    return date_words_read(TEST_DATA, arena, &words, &failure) ? 0 : -1;
}

static int drop_words(void **state) {
    (void)state;
    arena_free(arena);
    return 0;
}

static const char *iso_of(const char *text, const char *language) {
    static struct date date;
    return date_find(words, span_of(text), span_of(language), &date) ? date.iso : "-";
}

/* "language TAB text TAB expected"; the language may be empty. */
static bool is_met(struct span line) {
    struct span language = {NULL, 0}, text = {NULL, 0}, wanted = {NULL, 0};
    struct date date = {.iso = "-"};
    span_next(&line, '\t', &language);
    span_next(&line, '\t', &text);
    span_next(&line, '\t', &wanted);
    date_find(words, text, language, &date);
    if (span_is(wanted, date.iso)) return true;
    print_error("[%.*s] %.*s: %s, wanted %.*s\n", SPAN_ARGS(language), SPAN_ARGS(text), date.iso, SPAN_ARGS(wanted));
    return false;
}

static void test_cases(void **state) {
    (void)state;
    char line[1024];
    size_t count = 0, wrong = 0;
    FILE *file = fopen(TEST_TESTS "/golden/date/cases.tsv", "r");
    assert_non_null(file);
    for (; fgets(line, sizeof line, file); count++) {
        line[strcspn(line, "\n")] = 0;
        if (line[0] != '#' && !is_met(span_of(line))) wrong++;
    }
    fclose(file);
    assert_true(count > 150);
    assert_int_equal(wrong, 0);
}

static size_t unread;

static size_t months_of(const struct table *table, struct span language) {
    size_t seen = 0;
    for (size_t i = 0; i < table->count; i++) {
        const struct row *row = &table->rows[i];
        long long month;
        if (!span_equal(row->cells[0], language) || !span_number(row->cells[1], &month)) continue;
        struct span forms = row->cells[2], form = {NULL, 0};
        while (span_next(&forms, '|', &form)) {
            char text[200], code[16], wanted[16];
            snprintf(text, sizeof text, "17 %.*s 2025", SPAN_ARGS(form));
            snprintf(code, sizeof code, "%.*s", SPAN_ARGS(language));
            snprintf(wanted, sizeof wanted, "2025-%02lld-17", month);
            if (strcmp(iso_of(text, code), wanted) == 0) continue;
            print_error("[%s] %s: %s\n", code, text, iso_of(text, code));
            unread++;
        }
        seen++;
    }
    return seen;
}

/* Every form of every month in the table is read in its own language. */
static void test_every_form_is_read(void **state) {
    (void)state;
    struct table table;
    struct failure failure = {0};
    assert_true(table_read(TEST_DATA, "extract/months.tsv", arena, &table, &failure));
    struct span language = {NULL, 0};
    size_t languages = 0;
    for (size_t i = 0; i < table.count; i++) {
        if (span_equal(language, table.rows[i].cells[0])) continue;
        language = table.rows[i].cells[0];
        languages += months_of(&table, language) == 12;
    }
    assert_int_equal(unread, 0);
    assert_true(languages >= 90);
}

/* An offset has at most four digits. */
static void test_offsets_have_a_length(void **state) {
    (void)state;
    char good[64], bad[64];
    snprintf(good, sizeof good, "%s", iso_of("2026-01-29T12:30:00+0002", "en"));
    snprintf(bad, sizeof bad, "%s", iso_of("2026-01-29T12:30:00+00002", "en"));
    assert_string_not_equal(good, bad);
    assert_string_equal(good, "2026-01-29T12:30:00+00:02");
    assert_string_equal(bad, iso_of("2026-01-29T12:30:00+200", "en"));
}

static void test_the_place_is_returned(void **state) {
    (void)state;
    struct date date;
    const char *text = "Снимка: архив | 29 януари 2026, 14:05 | 312";
    assert_true(date_find(words, span_of(text), SPAN("bg"), &date));
    assert_int_equal(date.from, strstr(text, "29") - text);
    assert_int_equal(date.to, strstr(text, " | 312") - text);
    assert_string_equal(date.iso, "2026-01-29T14:05");
}

static void test_language_decides(void **state) {
    (void)state;
    assert_string_equal(iso_of("5 listopada 2025", "pl"), "2025-11-05");
    assert_string_equal(iso_of("5 listopada 2025", "hr-HR"), "2025-10-05");
    assert_string_equal(iso_of("5 listopada 2025", ""), "-");
    assert_string_equal(iso_of("03/04/2025", "en_US"), "2025-03-04");
    assert_string_equal(iso_of("03/04/2025", "en_AU"), "2025-04-03");
    assert_string_equal(iso_of("03/04/2025", ""), "2025-04-03");
}

static void test_calendars(void **state) {
    (void)state;
    struct day day;
    assert_true(date_day(CALENDAR_PERSIAN, 1403, 12, 30, &day));
    assert_int_equal(day.year * 10000 + day.month * 100 + day.day, 20250320);
    assert_false(date_day(CALENDAR_PERSIAN, 1404, 12, 30, &day));
    assert_true(date_day(CALENDAR_PERSIAN, 1357, 11, 22, &day));
    assert_int_equal(day.year * 10000 + day.month * 100 + day.day, 19790211);
    assert_true(date_day(CALENDAR_ETHIOPIC, 2015, 13, 6, &day));
    assert_int_equal(day.year * 10000 + day.month * 100 + day.day, 20230911);
    assert_false(date_day(CALENDAR_ETHIOPIC, 2016, 13, 6, &day));
    assert_false(date_day(CALENDAR_GREGORIAN, 2100, 2, 29, &day));
    assert_true(date_day(CALENDAR_GREGORIAN, 2567, 2, 29, &day));
    assert_int_equal(day.year, 2024);
}

static void check_epoch(const char *text, const char *want) {
    struct date date = {.iso = "-"};
    date_epoch(span_of(text), &date);
    assert_string_equal(date.iso, want);
}

static void test_seconds_of_a_clock(void **state) {
    (void)state;
    check_epoch("1769695500", "2026-01-29T14:05:00Z");
    check_epoch(" 1769695500123\n", "2026-01-29T14:05:00Z");
    check_epoch("176969550", "-");
    check_epoch("1769695500 views", "-");
    check_epoch("20260129140500", "-");
}

static void test_bars_separate_two_digits(void **state) {
    (void)state;
    assert_string_equal(iso_of("26 | 01 | 2026", "de"), "2026-01-26");
    assert_string_equal(iso_of("26|01|26", "de"), "2026-01-26");
    assert_string_equal(iso_of("5 | 10 | 2026", "de"), "-"); /* cells of a table */
    assert_string_equal(iso_of("26 | 01.2026", "de"), "-");
}

static bool believed(const char *iso) {
    return date_is_credible(span_of(iso), SPAN("2026-01-29T12:00:00Z"));
}

static void test_implausible_dates(void **state) {
    (void)state;
    assert_false(believed("1970-01-01T00:00:00Z"));
    assert_false(believed("1970-01-01"));
    assert_false(believed("1969-12-31T19:00:00-05:00"));
    assert_false(believed("2001-01-01T00:00:00Z"));
    assert_true(believed("2001-01-01"));
    assert_true(believed("2001-01-01T09:30:00Z"));
}

static void test_future_dates_are_rejected(void **state) {
    (void)state;
    assert_true(believed("2026-01-29T11:00:00Z"));
    assert_true(believed("2026-01-30"));
    assert_true(believed("2026-01-30T12:00:00Z"));
    assert_false(believed("2026-01-30T12:01:00Z"));
    assert_true(believed("2026-01-31T01:00:00+14:00"));
    assert_false(believed("2026-01-30T11:00:00-05:00"));
    assert_false(believed("2026-02-01"));
    assert_false(believed("2027-01-01"));
    assert_true(date_is_credible(SPAN("2030-01-01"), SPAN("")));
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_cases),
                                       cmocka_unit_test(test_every_form_is_read),
                                       cmocka_unit_test(test_offsets_have_a_length),
                                       cmocka_unit_test(test_the_place_is_returned),
                                       cmocka_unit_test(test_language_decides),
                                       cmocka_unit_test(test_calendars),
                                       cmocka_unit_test(test_seconds_of_a_clock),
                                       cmocka_unit_test(test_bars_separate_two_digits),
                                       cmocka_unit_test(test_implausible_dates),
                                       cmocka_unit_test(test_future_dates_are_rejected)};
    return cmocka_run_group_tests(tests, read_words, drop_words);
}
