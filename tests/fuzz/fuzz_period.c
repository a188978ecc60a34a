/* Reads any text as the days of a digest and as the times that records hold: a period is one of days that exist, in
 * order, and ends. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "pipeline/base/arena.h"
#include "pipeline/base/clock.h"
#include "program/digest/period.h"

static const char today[] = "2026-02-11";

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

static void require(bool holds) {
    if (!holds) abort();
}

static void check(const struct period *period) {
    char day[11] = "";
    size_t days = 0;
    require(period_is_day(period->first) && period_is_day(period->last));
    require(strcmp(period->first, period->last) <= 0 && strcmp(period->first, today) <= 0);
    while (period_next(period, day)) require(period_is_day(day) && ++days <= MAX_PERIOD_DAYS);
    require(days > 0);
}

static void read_times(const char *text) {
    char local[17], name[64], week[9], monday[11];
    int64_t seconds;
    if (clock_parse(text, &seconds)) clock_seconds(text);
    clock_seconds(text);
    clock_local(text, local);
    period_week_begins(text, monday);
    if (!period_is_day(text)) return;
    clock_day_name(text, name);
    clock_week(text, week);
    require(period_week_begins(week, monday) && strcmp(monday, text) <= 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length) {
    struct arena *arena = arena_new();
    struct period period;
    struct failure failure = {0};
    const char *text = arena_string(arena, (struct span){(const char *)bytes, length});
    if (period_read(text, today, &period, &failure))
        check(&period);
    else
        require(failure.exit_code == EXIT_USAGE && failure.sentence[0] && text_valid(span_of(failure.sentence)));
    read_times(text);
    arena_free(arena);
    return 0;
}
