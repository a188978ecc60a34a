#include "stages/extract/date_trust.h"

enum { DAY = 24 * 60 }; /* in minutes */

static long number_at(struct span iso, size_t at, size_t digits) {
    long long number = 0;
    return span_number(span_cut(iso, at, at + digits), &number) ? (long)number : 0;
}

/* Returns the number of days since 1 March of the year 0 (Gregorian). Years begin in March, so that the leap day is the
 * last day of its year. */
static long day_number(long year, long month, long day) {
    if (month < 3) year--;
    long shifted = (month + 9) % 12;
    return 365 * year + year / 4 - year / 100 + year / 400 + (153 * shifted + 2) / 5 + day - 1;
}

/* Returns the offset of the time zone in minutes east of Greenwich, or 0 if none is written. */
static long zone_of(struct span iso) {
    struct span zone = span_cut(iso, iso.length > 6 ? iso.length - 6 : 0, iso.length);
    if (iso.length < 22 || (!span_form(zone, "+dd:dd") && !span_form(zone, "-dd:dd"))) return 0;
    long minutes = number_at(zone, 1, 2) * 60 + number_at(zone, 4, 2);
    return zone.at[0] == '-' ? -minutes : minutes;
}

long date_minutes(struct span iso) {
    long days = day_number(number_at(iso, 0, 4), number_at(iso, 5, 2), number_at(iso, 8, 2));
    return days * DAY + number_at(iso, 11, 2) * 60 + number_at(iso, 14, 2) - zone_of(iso);
}

/* Returns true for the dates at which Unix and Apple clocks begin, in any time zone. Such a date means that the field
 * was never set. */
static bool is_zero(struct span iso) {
    return span_starts(iso, SPAN("1970-01-01")) || span_starts(iso, SPAN("1969-12-31")) ||
           span_is(iso, "2001-01-01T00:00:00Z") || span_is(iso, "2001-01-01T00:00Z") ||
           span_is(iso, "2001-01-01T00:00:00+00:00") || span_starts(iso, SPAN("1904-01-01"));
}

/* One day of tolerance is needed, because a date without a time zone may be up to 14 hours ahead. */
bool date_is_credible(struct span iso, struct span collected) {
    if (is_zero(iso)) return false;
    return collected.length < 20 || date_minutes(iso) <= date_minutes(collected) + DAY;
}
