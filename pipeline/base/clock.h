/* Time: a steady clock for waiting, and dates for people. */
#ifndef PIPELINE_BASE_CLOCK_H
#define PIPELINE_BASE_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

/* Milliseconds of CLOCK_MONOTONIC. */
int64_t clock_ms(void);
/* "2026-01-29T06:05:04Z", now. */
void clock_iso_now(char ret_text[21]);
/* "2026-01-29T06:05:04Z", so many seconds ago. */
void clock_iso_ago(int64_t seconds, char ret_text[21]);
/* "2026-01-29 08:05" in local time, of such a text; empty when it is none. */
void clock_local(const char *iso, char ret_text[17]);
/* Seconds since 1970 of "2026-01-29T06:05:04Z"; false when it is no such text. */
bool clock_parse(const char *iso, int64_t *ret_seconds);
/* Seconds since 1970 of "2026-01-29", "2026-01-29T14:05" or "2026-01-29T14:05:30+02:00"; without a zone it is UTC, and
 * a day alone is its end. -1 when it is none of these. */
int64_t clock_seconds(const char *iso);
/* "2026-01-29", today in local time. */
void clock_today(char ret_day[11]);
/* "2026-01-22": the day so many days before this one; negative: after it. */
void clock_day_before(const char *day, int days, char ret_day[11]);
/* When the day begins in local time, as UTC: "2026-01-28T23:00:00Z". */
void clock_day_begins(const char *day, char ret_text[21]);
/* CPU seconds of this process so far, its children's not counted. */
double clock_cpu_seconds(void);

#endif
