/* Converts days of other calendars to the Gregorian calendar. */
#ifndef STAGES_EXTRACT_DATE_CALENDAR_H
#define STAGES_EXTRACT_DATE_CALENDAR_H

#include "stages/extract/date_words.h"

struct day {
    int year, month, day;
};

/* Converts a date to the Gregorian calendar. Returns false if the calendar has no such day, or if the day is outside
 * the years 1900 to 2100. A year of the Buddhist era, which is 543 years ahead, is recognized by its size in any
 * calendar. Solar Hijri leap years follow the 33-year rule, which is exact from 1925 to 2088. Ethiopic days are counted
 * from the epoch, 29 August 8 (Julian). */
bool date_day(enum calendar calendar, int year, int month, int day, struct day *ret_day);
/* Changes the day to the one after it. */
void date_next_day(struct day *day);

#endif
