#include "stages/extract/date_calendar.h"

/* Earlier and later years are probably misread; the archives of news sites go back to about 1900. */
enum { OLDEST = 1900, NEWEST = 2100, BUDDHIST = 543 };

static int month_length(int year, int month) {
    static const int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    return month == 2 && leap ? 29 : lengths[month - 1];
}

/* Converts a Julian day number to a date, by the algorithm of Fliegel and Van Flandern, Communications of the ACM 11
 * (1968). */
static struct day day_of_julian(long julian) {
    long l = julian + 68569, n = 4 * l / 146097;
    l -= (146097 * n + 3) / 4;
    long i = 4000 * (l + 1) / 1461001;
    l = l - 1461 * i / 4 + 31;
    long j = 80 * l / 2447, day = l - 2447 * j / 80;
    l = j / 11;
    return (struct day){(int)(100 * (n - 49) + i + l), (int)(j + 2 - 12 * l), (int)day};
}

/* Returns true for a leap year of the Solar Hijri calendar: eight years in each cycle of 33. */
static bool is_persian_leap(int year) {
    return (25 * year + 11) % 33 < 8;
}

/* Returns the Julian day number. The first six months have 31 days, the others 30. The first term is the epoch, the
 * third counts the leap days. */
static long persian_julian(int year, int month, int day) {
    long before = month <= 7 ? 31L * (month - 1) : 6L * 31 + 30L * (month - 7);
    return 1948319L + 365L * (year - 1) + (8L * year + 21) / 33 + before + day;
}

/* Converts a Solar Hijri date. The last month has 29 days, or 30 in a leap year. Accepts the years that correspond to
 * 1921 to 2100. */
static bool persian_day(int year, int month, int day, struct day *ret_day) {
    int length = month <= 6 ? 31 : month < 12 || is_persian_leap(year) ? 30 : 29;
    if (year < 1300 || year > 1478 || month > 12 || day > length) return false;
    *ret_day = day_of_julian(persian_julian(year, month, day));
    return true;
}

/* Converts an Ethiopic date. A year has twelve months of 30 days and a thirteenth of five, or six in a leap year. */
static bool ethiopic_day(int year, int month, int day, struct day *ret_day) {
    int length = month <= 12 ? 30 : year % 4 == 3 ? 6 : 5;
    if (month > 13 || day > length) return false;
    *ret_day = day_of_julian(1724220L + 365L * (year - 1) + year / 4 + 30L * (month - 1) + day);
    return true;
}

/* A Buddhist year can be combined with Gregorian months and days, as in Thai dates, so it is converted last. */
bool date_day(enum calendar calendar, int year, int month, int day, struct day *ret_day) {
    struct day found = {year, month, day};
    if (month < 1 || day < 1) return false;
    if (calendar == CALENDAR_PERSIAN && !persian_day(year, month, day, &found)) return false;
    if (calendar == CALENDAR_ETHIOPIC && !ethiopic_day(year, month, day, &found)) return false;
    if (found.year >= OLDEST + BUDDHIST && found.year <= NEWEST + BUDDHIST) found.year -= BUDDHIST;
    if (found.year < OLDEST || found.year > NEWEST || found.month > 12) return false;
    if (found.day > month_length(found.year, found.month)) return false;
    *ret_day = found;
    return true;
}

void date_next_day(struct day *day) {
    if (++day->day <= month_length(day->year, day->month)) return;
    day->day = 1;
    if (++day->month <= 12) return;
    day->month = 1;
    day->year++;
}
