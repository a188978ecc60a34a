/* Reads times of day and time zones next to a date. */
#ifndef STAGES_EXTRACT_DATE_CLOCK_H
#define STAGES_EXTRACT_DATE_CLOCK_H

#include "stages/extract/date_tokens.h"

struct date_time {
    int hour, minute, second; /* second: -1 if not stated */
    int zone;                 /* in minutes east of Greenwich */
    bool has_zone;
    size_t begin, end; /* tokens [begin, end) */
};

/* Reads a time that begins at the token: "14:05", "2:05:30 p.m. EST", "14h05", "下午2時05分". Without `loosely`,
 * "14.05" is not accepted, because numbers joined by a full stop are often something else. */
bool date_time_at(const struct date_text *text, size_t index, bool loosely, struct date_time *ret_time);
/* Finds the time that belongs to the date at tokens [begin, end): inside it, soon after it, or directly before it. */
bool date_time_near(const struct date_text *text, size_t begin, size_t end, struct date_time *ret_time);

#endif
