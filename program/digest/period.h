/* The days that `dragoman digest` is asked for. */
#ifndef PROGRAM_DIGEST_PERIOD_H
#define PROGRAM_DIGEST_PERIOD_H

#include "pipeline/base/failure.h"

enum period_kind { PERIOD_DAY, PERIOD_RANGE, PERIOD_WEEK };
enum { MAX_PERIOD_DAYS = 400 };

struct period {
    enum period_kind kind;
    char first[11], last[11];
    char week[9]; /* "2026-W05"; empty unless this is a week */
};

/* Reads "2026-01-29", "2026-01-23..2026-01-29", "today", "yesterday", "week" or "2026-W05"; NULL stands for today. A
 * range of one day is a day. Days that do not exist, days after `today`, ranges that end before they begin and those of
 * more than MAX_PERIOD_DAYS are failures with EXIT_USAGE, which name the nearest period that is right. */
bool period_read(const char *word, const char *today, struct period *ret_period, struct failure *ret_failure);
/* Returns whether the text is a day that exists, in the form "2026-01-29". */
bool period_is_day(const char *text);
/* Writes the Monday of a week ("2026-W05"). Returns false if there is no such week. */
bool period_week_begins(const char *week, char ret_monday[11]);
/* Moves to the next day of the period. Returns false after the last one. Begin with an empty string. */
bool period_next(const struct period *period, char day[11]);

#endif
