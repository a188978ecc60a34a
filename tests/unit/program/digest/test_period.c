/* Days, ranges and weeks as they are given to `dragoman digest`. */
#include "unit/cmocka_test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "program/digest/period.h"

static const char today[] = "2026-11-29";

static void expect(const char *word, const char *first, const char *last, enum period_kind kind) {
    struct period period;
    struct failure failure = {0};
    if (!period_read(word, today, &period, &failure)) fail_msg("%s: %s", word, failure.sentence);
    assert_string_equal(period.first, first);
    assert_string_equal(period.last, last);
    assert_int_equal(period.kind, kind);
}

static void days_ranges_and_weeks_are_read(void **state) {
    (void)state;
    expect(NULL, today, today, PERIOD_DAY);
    expect("today", today, today, PERIOD_DAY);
    expect("yesterday", "2026-11-28", "2026-11-28", PERIOD_DAY);
    expect("2024-02-29", "2024-02-29", "2024-02-29", PERIOD_DAY);
    expect("2026-10-24..2026-10-26", "2026-10-24", "2026-10-26", PERIOD_RANGE);
    expect("2026-10-24..yesterday", "2026-10-24", "2026-11-28", PERIOD_RANGE);
    expect("2026-10-24..2026-10-24", "2026-10-24", "2026-10-24", PERIOD_DAY);
    expect("2025-10-26..2026-11-29", "2025-10-26", "2026-11-29", PERIOD_RANGE); /* 400 days */
    expect("week", "2026-11-23", "2026-11-29", PERIOD_WEEK);
    expect("2026-W48", "2026-11-23", "2026-11-29", PERIOD_WEEK);
    expect("2026-W01", "2025-12-29", "2026-01-04", PERIOD_WEEK);
    expect("2020-W53", "2020-12-28", "2021-01-03", PERIOD_WEEK);
}

static void what_is_wrong_is_refused_with_what_is_nearest(void **state) {
    static const char *const cases[][2] = {
        {"2026-02-30", "'2026-02-28'"},
        {"2026-99-99", "'2026-11-29'"},
        {"2025-99-99", "'2025-12-31'"},
        {"2026-2-3", "'2026-02-03'"},
        {"2026/02/31", "'2026-02-28'"},
        {"20260203", "'2026-02-03'"},
        {"2023-02-29", "'2023-02-28'"},
        {"yesteday", "'yesterday'"},
        {"wek", "'week'"},
        {"../x", "expected a day"},
        {"..", "expected a day"},
        {"/etc/passwd", "expected a day"},
        {"", "expected a day"},
        {"2026-01-29\n", "expected a day"},
        {"2026-11-30", "in the future; did you mean '2026-11-29'"},
        {"2026-W49", "in the future; did you mean '2026-W48'"},
        {"2026-W54", "'2026-W48'"},
        {"2025-W53", "'2025-W52'"},
        {"2026-w5", "'2026-W05'"},
        {"2026W05", "'2026-W05'"},
        {"W5", "'2026-W05'"},
        {"2026-W00", "'2026-W01'"},
        {"2026-11-29..2026-11-23", "before it begins; did you mean '2026-11-23..2026-11-29'"},
        {"today..yesterday", "before it begins; did you mean '2026-11-28..2026-11-29'"},
        {"2025-10-25..2026-11-29", "more than 400 days; did you mean '2025-10-26..2026-11-29'"},
        {"2026-11-23..2026-12-05", "in the future; did you mean '2026-11-23..2026-11-29'"},
        {"2026-12-01..2026-12-05", "in the future; did you mean '2026-11-29'"},
        {"2026-11-23..", "'2026-11-23..2026-11-29'"},
        {"..2026-11-23", "'2026-11-23..2026-11-23'"},
        {"2026-11-20...2026-11-23", "'2026-11-20..2026-11-23'"},
        {"2026-02-30..2026-03-01", "'2026-02-28..2026-03-01'"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct period period;
        struct failure failure = {0};
        if (period_read(cases[i][0], today, &period, &failure)) fail_msg("'%s' was taken", cases[i][0]);
        if (!strstr(failure.sentence, cases[i][1])) fail_msg("'%s': %s", cases[i][0], failure.sentence);
        assert_int_equal(failure.exit_code, EXIT_USAGE);
    }
}

static void days_follow_each_other_when_clocks_change(void **state) {
    static const char *const zones[] = {"Europe/Berlin", "America/Sao_Paulo", "Asia/Beirut", "UTC"};
    (void)state;
    for (size_t i = 0; i < sizeof zones / sizeof *zones; i++) {
        struct period period = {.first = "2010-12-31", .last = "2012-01-02"};
        char day[11] = "";
        size_t count = 0;
        setenv("TZ", zones[i], 1);
        while (period_next(&period, day)) count++;
        assert_int_equal(count, 368);
    }
    unsetenv("TZ");
}

static void every_week_begins_on_a_monday(void **state) {
    char monday[11], week[16];
    size_t long_years = 0;
    (void)state;
    for (int year = 1990; year < 2090; year++)
        for (int number = 0; number <= 54; number++) {
            snprintf(week, sizeof week, "%04d-W%02d", year % 10000, number % 100);
            bool there = period_week_begins(week, monday);
            if (number >= 1 && number <= 52) assert_true(there);
            if (number == 0 || number == 54) assert_false(there);
            long_years += there && number == 53;
        }
    assert_int_equal(long_years, 18);
    assert_true(period_week_begins("2026-W53", monday));
    assert_string_equal(monday, "2026-12-28");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(days_ranges_and_weeks_are_read),
        cmocka_unit_test(what_is_wrong_is_refused_with_what_is_nearest),
        cmocka_unit_test(days_follow_each_other_when_clocks_change),
        cmocka_unit_test(every_week_begins_on_a_monday),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
