/* Days of other calendars as days of ours. */
#ifndef STAGES_EXTRACT_DATE_CALENDAR_H
#define STAGES_EXTRACT_DATE_CALENDAR_H

#include "stages/extract/date_words.h"

struct day {
    int year, month, day;
};

/* False when the calendar has no such day, or it lies outside of 1900 to 2100. Years of the Buddhist era (543 ahead)
 * are known by their size, whatever the calendar. Solar Hijri by the 33-year rule, which holds from 1925 to 2088;
 * Ethiopic from the epoch of 29 August 8 (Julian) on. */
bool date_day(enum calendar calendar, int year, int month, int day, struct day *ret_day);
/* Of our own calendar. */
void date_next_day(struct day *day);

#endif
