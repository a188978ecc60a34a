/* Times and time zones beside a date. */
#ifndef STAGES_EXTRACT_DATE_CLOCK_H
#define STAGES_EXTRACT_DATE_CLOCK_H

#include "stages/extract/date_tokens.h"

struct date_time {
    int hour, minute, second; /* second: -1 when not said */
    int zone;                 /* minutes east of Greenwich */
    bool has_zone;
    size_t begin, end; /* tokens [begin, end) */
};

/* The time that begins at this token: "14:05", "2:05:30 p.m. EST", "14h05", "下午2時05分", "14.05" (loosely only, since
 * figures joined by a full stop are many things). */
bool date_time_at(const struct date_text *text, size_t index, bool loosely, struct date_time *ret_time);
/* The time that belongs to the date at tokens [begin, end): soon behind it, or right before. */
bool date_time_near(const struct date_text *text, size_t begin, size_t end, struct date_time *ret_time);

#endif
