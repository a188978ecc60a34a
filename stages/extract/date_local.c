#include "stages/extract/date_local.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "stages/extract/date_trust.h"

enum {
    HOUR = 60,
    DAY = 24 * HOUR,
    EASTERNMOST = 14 * HOUR, /* the limits of time zones in minutes east of Greenwich */
    WESTERNMOST = -12 * HOUR,
    STEP = 30,         /* time zones differ from UTC by a multiple of this many minutes, with few exceptions */
    LENGTH_DAY = 10,   /* of "2026-01-29" */
    LENGTH_MINUTE = 16 /* of "2026-01-29T14:05" */
};

bool date_is_same_day(const struct date *a, const struct date *b) {
    return memcmp(a->iso, b->iso, LENGTH_DAY) == 0;
}

static bool is_offset(long minutes) {
    return minutes >= WESTERNMOST && minutes <= EASTERNMOST;
}

/* Both clocks are read to the minute, but the shown one may have been rounded, so they may differ by one. */
static bool find_offset(long minutes, long *ret_offset) {
    long up = minutes >= 0 ? STEP / 2 : -STEP / 2, offset = (minutes + up) / STEP * STEP;
    if (!is_offset(offset) || labs(minutes - offset) > 1) return false;
    *ret_offset = offset;
    return true;
}

/* Times on the hour or half hour are frequent, so they may agree by chance. */
static bool with_time(struct span moment, struct span shown, struct date *ret_local) {
    long offset;
    if (date_minutes(moment) % STEP == 0) return false;
    if (!find_offset(date_minutes(shown) - date_minutes(moment), &offset)) return false;
    long size = labs(offset);
    snprintf(ret_local->iso, sizeof ret_local->iso, "%.*s%c%02ld:%02ld", LENGTH_MINUTE, shown.at,
             offset < 0 ? '-' : '+', size / HOUR % 24, size % HOUR);
    return true;
}

/* Returns true if the moment is midnight at the beginning of the shown day in some time zone. */
static bool is_midnight(struct span moment, long offset) {
    bool full = moment.length <= LENGTH_MINUTE + 1 || span_ends(moment, SPAN(":00Z"));
    return full && offset % STEP == 0 && is_offset(offset);
}

bool date_localize(const struct date *moment, const struct date *shown, bool in_address, struct date *ret_local) {
    struct span utc = span_of(moment->iso), local = span_of(shown->iso);
    if (utc.length <= LENGTH_MINUTE || !span_ends(utc, SPAN("Z")) || date_is_same_day(moment, shown)) return false;
    if (local.length >= LENGTH_MINUTE)
        return !span_ends(local, SPAN("Z")) && local.length < LENGTH_MINUTE + 5 && with_time(utc, local, ret_local);
    if (local.length != LENGTH_DAY) return false;
    /* the shown day begins `offset` minutes after the moment, or less than a day before it */
    long offset = date_minutes(local) - date_minutes(utc);
    bool contains = offset <= EASTERNMOST && offset > -DAY + WESTERNMOST;
    if (!contains || !(in_address || is_midnight(utc, offset))) return false;
    memcpy(ret_local->iso, shown->iso, LENGTH_DAY + 1);
    return true;
}
