/* The time between two dates, and dates that cannot be true. */
#define _GNU_SOURCE /* timegm */
#include "unit/cmocka_test.h"

#include <stdio.h>
#include <time.h>

#include "stages/extract/date_trust.h"

/* Returns the minutes since the year 0 by the C library, plus a constant. */
static long minutes_of(int year, int month, int day, int hour, int minute) {
    struct tm parts = {.tm_year = year - 1900, .tm_mon = month - 1, .tm_mday = day, .tm_hour = hour, .tm_min = minute};
    return (long)(timegm(&parts) / 60);
}

static long since_1970(const char *iso) {
    return date_minutes(span_of(iso)) - date_minutes(SPAN("1970-01-01"));
}

static void days_are_counted_as_the_calendar_does(void **state) {
    (void)state;
    static const int years[] = {1900, 1970, 1999, 2000, 2001, 2004, 2023, 2024, 2026, 2099, 2100, 2101};
    for (size_t i = 0; i < sizeof years / sizeof *years; i++)
        for (int month = 1; month <= 12; month++)
            for (int day = 1; day <= 28; day += 9) {
                char iso[80];
                snprintf(iso, sizeof iso, "%04d-%02d-%02d", years[i], month, day);
                assert_int_equal(since_1970(iso), minutes_of(years[i], month, day, 0, 0));
                snprintf(iso, sizeof iso, "%04d-%02d-%02dT%02d:%02d", years[i], month, day, month + 3, day + 11);
                assert_int_equal(since_1970(iso), minutes_of(years[i], month, day, month + 3, day + 11));
            }
}

static void time_zones_count(void **state) {
    (void)state;
    long noon = minutes_of(2026, 1, 29, 12, 0);
    assert_int_equal(since_1970("2026-01-29T12:00:00Z"), noon);
    assert_int_equal(since_1970("2026-01-29T12:00+00:00"), noon);
    assert_int_equal(since_1970("2026-01-29T14:00+02:00"), noon);
    assert_int_equal(since_1970("2026-01-29T17:45:10+05:45"), noon);
    assert_int_equal(since_1970("2026-01-29T08:30:00-03:30"), noon);
    assert_int_equal(since_1970("2026-01-29T12:00"), noon);
}

static void the_beginnings_of_clocks_are_no_dates(void **state) {
    (void)state;
    static const char *const zeros[] = {"1970-01-01",
                                        "1970-01-01T00:00:00Z",
                                        "1969-12-31T23:00:00Z",
                                        "2001-01-01T00:00:00Z",
                                        "2001-01-01T00:00Z",
                                        "2001-01-01T00:00:00+00:00",
                                        "1904-01-01"};
    static const char *const others[] = {"1970-01-02",           "1969-12-30", "2001-01-01",
                                         "2001-01-01T08:00:00Z", "1904-01-02", "2026-01-29"};
    for (size_t i = 0; i < sizeof zeros / sizeof *zeros; i++)
        assert_false(date_is_credible(span_of(zeros[i]), SPAN("")));
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        assert_true(date_is_credible(span_of(others[i]), SPAN("")));
}

static void nothing_is_published_long_after_it_was_collected(void **state) {
    (void)state;
    struct span collected = SPAN("2026-01-29T06:05:00Z");
    assert_true(date_is_credible(SPAN("2026-01-30T06:05:00Z"), collected));
    assert_false(date_is_credible(SPAN("2026-01-30T06:06:00Z"), collected));
    assert_true(date_is_credible(SPAN("2026-01-30"), collected));
    assert_false(date_is_credible(SPAN("2026-01-31"), collected));
    assert_true(date_is_credible(SPAN("2036-01-31"), SPAN("")));
    assert_true(date_is_credible(SPAN("2036-01-31"), SPAN("2026-01-29")));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(days_are_counted_as_the_calendar_does),
        cmocka_unit_test(time_zones_count),
        cmocka_unit_test(the_beginnings_of_clocks_are_no_dates),
        cmocka_unit_test(nothing_is_published_long_after_it_was_collected),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
