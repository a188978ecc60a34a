/* A day's pages: its records and its notes, given to the stages for editions, and what those made, written beside the
 * records. Every page carries the version of what it was made from, so that a page that is missing or out of date is
 * found and made again, whatever happened to the run that should have made it. */
#ifndef PROGRAM_PUBLISH_H
#define PROGRAM_PUBLISH_H

#include <time.h>

#include "program/program.h"

/* Whether one of the day's pages is missing or was made from something else than what is in the state now. */
bool publish_day_is_stale(struct program *program, const char *day);
/* When the oldest of the day's pages was written; false when one of them is not there. */
bool publish_day_made(struct program *program, const char *day, struct timespec *ret_made);
/* Makes the stale pages of today, of all days from `since` on on which there was a run, and of those that a record has
 * left, whose old file is removed. Opens the stages for editions in the place of those that are open, once there is
 * something to make. *ret_count says how many days that was. */
bool publish_stale_days(struct program *program, const char *since, size_t *ret_count, struct failure *ret_failure);
/* `dragoman digest [DATE]`: makes a day's pages, stale or not. */
enum exit_code digest_command(struct program *program, const char *day, struct failure *ret_failure);

#endif
