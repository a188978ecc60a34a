/* Corrects moments in UTC by what a page shows to its readers. An article of 00:30 on 30 January in Vienna has the
 * moment 23:30 on 29 January in its metadata, but for its readers it appeared on the 30th. */
#ifndef STAGES_EXTRACT_DATE_LOCAL_H
#define STAGES_EXTRACT_DATE_LOCAL_H

#include "stages/extract/date.h"

bool date_is_same_day(const struct date *a, const struct date *b);
/* `moment` is the date in the metadata, `shown` one that the page shows, both as in struct date. Returns true if both
 * are the same moment on different days, in UTC and in local time. Then *ret_local is the local date: with time and
 * offset if `shown` has a time, otherwise the day alone. A shown day alone must come from the page's address
 * (`in_address`), or the moment must be midnight in the time zone, which shows that the site only stores days. */
bool date_localize(const struct date *moment, const struct date *shown, bool in_address, struct date *ret_local);

#endif
