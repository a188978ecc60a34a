#include "program/digest/period.h"

#include <stdio.h>
#include <string.h>

#include "config/nearest.h"
#include "pipeline/base/clock.h"
#include "pipeline/base/text.h"

static const char expected[] =
    "expected a day such as 2026-01-29, a range such as 2026-01-23..2026-01-29, a week such as 2026-W05, or one of: "
    "today, yesterday, week";

/* ---------------------------------------------------------------- days and weeks */

bool period_is_day(const char *text) {
    char again[11];
    struct span day = span_of(text);
    if (day.length != 10 || span_form(day, "dddd-dd-dd") != 10) return false;
    /* A day that the calendar does not have comes back as another one. */
    clock_day_before(text, 0, again);
    return strcmp(text, again) == 0;
}

bool period_week_begins(const char *week, char ret_monday[11]) {
    char day[11], own[9];
    long long number;
    struct span text = span_of(week);
    if (text.length != 8 || span_form(text, "dddd-Wdd") != 8) return false;
    span_number(span_cut(text, 6, 8), &number);
    /* 4 January is in the first week of each year. */
    snprintf(day, sizeof day, "%.4s-01-04", week);
    clock_day_before(day, -7 * ((int)number - 1), day);
    clock_week(day, own);
    if (strcmp(own, week) != 0) return false;
    do {
        memcpy(ret_monday, day, sizeof day);
        clock_day_before(day, 1, day);
        clock_week(day, own);
    } while (strcmp(own, week) == 0);
    return true;
}

bool period_next(const struct period *period, char day[11]) {
    if (strcmp(day, period->last) == 0) return false;
    if (day[0])
        clock_day_before(day, -1, day);
    else
        memcpy(day, period->first, sizeof period->first);
    return true;
}

/* ---------------------------------------------------------------- what was probably meant */

/* Reads the numbers of a text such as "2026/2/30" or "20260230". */
static bool read_numbers(const char *text, int *ret_year, int *ret_month, int *ret_day) {
    char separator[2], other[2], rest;
    int count = sscanf(text, "%4d%1[-/. ]%2d%1[-/. ]%2d%c", ret_year, separator, ret_month, other, ret_day, &rest);
    if (count == 5) return *ret_year >= 1000;
    return strlen(text) == 8 && sscanf(text, "%4d%2d%2d%c", ret_year, ret_month, ret_day, &rest) == 3 &&
           *ret_year >= 1000;
}

static int within(int number, int least, int most) {
    return number < least ? least : number > most ? most : number;
}

/* Writes the nearest day that exists, but none after `today`. Returns false if the text does not resemble a day. */
static bool nearest_day(const char *text, const char *today, char ret_day[11]) {
    int year, month, day;
    char near[32];
    if (!read_numbers(text, &year, &month, &day)) return false;
    for (day = within(day, 1, 31); day > 0; day--) {
        snprintf(near, sizeof near, "%04d-%02d-%02d", year, within(month, 1, 12), day);
        if (period_is_day(near)) break;
    }
    snprintf(ret_day, 11, "%.10s", strcmp(near, today) > 0 ? today : near);
    return true;
}

/* Writes the nearest week that exists, for "2026-W54", "2026-w5" or "W5". */
static bool nearest_week(const char *text, const char *today, char ret_week[9]) {
    int year = 0, number;
    char rest, near[32], monday[11];
    bool full = sscanf(text, "%4d-%*1[Ww]%2d%c", &year, &number, &rest) == 2 ||
                sscanf(text, "%4d%*1[Ww]%2d%c", &year, &number, &rest) == 2;
    if (!full && sscanf(text, "%*1[Ww]%2d%c", &number, &rest) != 1) return false;
    if (!full) sscanf(today, "%4d", &year);
    for (number = within(number, 1, 53); number > 0; number--) {
        snprintf(near, sizeof near, "%04d-W%02d", within(year, 1000, 9999), number);
        if (period_week_begins(near, monday)) break;
    }
    if (strcmp(monday, today) > 0) clock_week(today, near);
    snprintf(ret_week, 9, "%.8s", near);
    return true;
}

static bool refuse(const char *word, const char *near, struct failure *ret_failure) {
    return failure_fatal(ret_failure, EXIT_USAGE, "invalid date '%.60s': %s%s%s%s", word, expected,
                         near ? "; did you mean '" : "", near ? near : "", near ? "'?" : "");
}

static bool refuse_word(const char *word, const char *today, struct failure *ret_failure) {
    static const char *const words[] = {"today", "yesterday", "week"};
    char near[16];
    if (nearest_day(word, today, near) || nearest_week(word, today, near)) return refuse(word, near, ret_failure);
    return refuse(word, nearest_name(span_of(word), words, sizeof words / sizeof *words), ret_failure);
}

/* ---------------------------------------------------------------- days */

/* Reads a day, "today" or "yesterday". */
static bool read_day(const char *word, const char *today, char ret_day[11]) {
    if (strcmp(word, "today") == 0)
        snprintf(ret_day, 11, "%s", today);
    else if (strcmp(word, "yesterday") == 0)
        clock_day_before(today, 1, ret_day);
    else if (period_is_day(word))
        snprintf(ret_day, 11, "%s", word);
    else
        return false;
    return true;
}

static bool in_future(const char *word, const char *near, struct failure *ret_failure) {
    return failure_fatal(ret_failure, EXIT_USAGE, "'%s' is in the future; did you mean '%s'?", word, near);
}

/* ---------------------------------------------------------------- weeks */

static bool read_week(const char *week, const char *today, struct period *ret_period, struct failure *ret_failure) {
    char current[9];
    if (!period_week_begins(week, ret_period->first)) return refuse_word(week, today, ret_failure);
    clock_week(today, current);
    if (strcmp(ret_period->first, today) > 0) return in_future(week, current, ret_failure);
    clock_day_before(ret_period->first, -6, ret_period->last);
    snprintf(ret_period->week, sizeof ret_period->week, "%s", week);
    ret_period->kind = PERIOD_WEEK;
    return true;
}

/* ---------------------------------------------------------------- ranges */

/* Counts the days from `first` to `last`, both included, up to `limit`. */
static size_t count_days(const char *first, const char *last, size_t limit) {
    char day[11];
    size_t count = 1;
    snprintf(day, sizeof day, "%s", first);
    for (; strcmp(day, last) < 0 && count < limit; count++) clock_day_before(day, -1, day);
    return count;
}

static bool check_range(const struct period *period, const char *today, struct failure *ret_failure) {
    const char *first = period->first, *last = period->last;
    char near[32];
    if (strcmp(first, last) > 0)
        return failure_fatal(ret_failure, EXIT_USAGE,
                             "the range '%s..%s' ends before it begins; did you mean '%s..%s'?", first, last, last,
                             first);
    if (strcmp(last, today) > 0) {
        bool begins = strcmp(first, today) < 0;
        snprintf(near, sizeof near, "%s%s%s", begins ? first : "", begins ? ".." : "", today);
        return in_future(last, near, ret_failure);
    }
    if (count_days(first, last, MAX_PERIOD_DAYS + 1) <= MAX_PERIOD_DAYS) return true;
    clock_day_before(last, MAX_PERIOD_DAYS - 1, near);
    return failure_fatal(ret_failure, EXIT_USAGE, "the range '%s..%s' has more than %d days; did you mean '%s..%s'?",
                         first, last, MAX_PERIOD_DAYS, near, last);
}

/* An end that is missing is today; a beginning that is missing is the end. */
static bool refuse_range(const char *word, const char *first, const char *last, const char *today,
                         struct failure *ret_failure) {
    char from[11], to[11], near[32];
    bool has_from = read_day(first, today, from) || nearest_day(first, today, from);
    bool has_to = read_day(last, today, to) || nearest_day(last, today, to);
    if (!has_from && !has_to) return refuse(word, NULL, ret_failure);
    if (!has_to) snprintf(to, sizeof to, "%s", today);
    if (!has_from) snprintf(from, sizeof from, "%s", to);
    bool ordered = strcmp(from, to) <= 0;
    snprintf(near, sizeof near, "%s..%s", ordered ? from : to, ordered ? to : from);
    return refuse(word, near, ret_failure);
}

static bool read_range(const char *word, const char *dots, const char *today, struct period *ret_period,
                       struct failure *ret_failure) {
    char first[32];
    const char *last = dots + 2 + strspn(dots + 2, ".");
    snprintf(first, sizeof first, "%.*s", (int)(dots - word > 31 ? 31 : dots - word), word);
    if (last != dots + 2 || !read_day(first, today, ret_period->first) || !read_day(last, today, ret_period->last))
        return refuse_range(word, first, last, today, ret_failure);
    if (!check_range(ret_period, today, ret_failure)) return false;
    ret_period->kind = strcmp(ret_period->first, ret_period->last) == 0 ? PERIOD_DAY : PERIOD_RANGE;
    return true;
}

/* ---------------------------------------------------------------- any of them */

bool period_read(const char *word, const char *today, struct period *ret_period, struct failure *ret_failure) {
    char week[9];
    *ret_period = (struct period){.kind = PERIOD_DAY};
    if (!word) word = "today";
    const char *dots = strstr(word, "..");
    if (dots) return read_range(word, dots, today, ret_period, ret_failure);
    if (strcmp(word, "week") == 0) clock_week(today, week);
    if (strcmp(word, "week") == 0) return read_week(week, today, ret_period, ret_failure);
    if (span_form(span_of(word), "dddd-Wdd")) return read_week(word, today, ret_period, ret_failure);
    if (!read_day(word, today, ret_period->first)) return refuse_word(word, today, ret_failure);
    memcpy(ret_period->last, ret_period->first, sizeof ret_period->last);
    return strcmp(ret_period->first, today) <= 0 || in_future(ret_period->first, today, ret_failure);
}
