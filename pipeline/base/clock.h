/* Time: a monotonic clock for timeouts, and dates for people. */
#ifndef PIPELINE_BASE_CLOCK_H
#define PIPELINE_BASE_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

/* Returns CLOCK_MONOTONIC in milliseconds. */
int64_t clock_ms(void);
/* Writes the current time in UTC: "2026-01-29T06:05:04Z". */
void clock_iso_now(char ret_text[21]);
/* Writes seconds since 1970, in the same format. */
void clock_iso(int64_t seconds, char ret_text[21]);
/* Writes the time `seconds` ago, in the same format as clock_iso_now(). */
void clock_iso_ago(int64_t seconds, char ret_text[21]);
/* Converts "2026-01-29T06:05:04Z" to local time: "2026-01-29 08:05". Writes an empty string if `iso` has another
 * form. */
void clock_local(const char *iso, char ret_text[17]);
/* Writes seconds since 1970 as local time with its zone: "2026-01-29T08:05:04+02:00". */
void clock_zoned(int64_t seconds, char ret_text[26]);
/* Writes the name of the local zone at that time: "CET", or "UTC+03" for a zone without a name. */
void clock_zone_name(int64_t seconds, char ret_name[16]);
/* Returns the seconds since 1970 at which it is `minutes` after midnight of the local day ("2026-01-29"). */
int64_t clock_moment(const char *day, int minutes);
/* Converts "2026-01-29T06:05:04Z" to seconds since 1970; returns false if `iso` has another form. */
bool clock_parse(const char *iso, int64_t *ret_seconds);
/* Returns the seconds since 1970 of "2026-01-29", "2026-01-29T14:05" or "2026-01-29T14:05:30+02:00", or -1 if `iso`
 * has none of these forms. A time without a zone is taken as UTC, and a date without a time as the last second of
 * that day. */
int64_t clock_seconds(const char *iso);
/* Writes today's date in local time: "2026-01-29". */
void clock_today(char ret_day[11]);
/* Writes the English name of a day: "Thursday, 29 January 2026". */
void clock_day_name(const char *day, char ret_name[64]);
/* Writes the week of a day by ISO 8601: "2026-W05". */
void clock_week(const char *day, char ret_week[9]);
/* Writes the date `days` before `day` ("2026-01-22"); a negative number gives a later date. */
void clock_day_before(const char *day, int days, char ret_day[11]);
/* Writes the UTC time at which the local day begins: "2026-01-28T23:00:00Z". */
void clock_day_begins(const char *day, char ret_text[21]);
/* Returns the CPU time that this process has used, in seconds, without its child processes. */
double clock_cpu_seconds(void);

#endif
