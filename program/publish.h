/* Makes a day's pages: loads its records and notes, passes them to the stages for editions, and writes the result
 * beside the records. Every page names the version of the data it was made from, so that missing and outdated pages are
 * found and made again, even if the run that should have made them was killed. */
#ifndef PROGRAM_PUBLISH_H
#define PROGRAM_PUBLISH_H

#include <time.h>

#include "program/program.h"

/* Returns whether any of the day's pages is missing or was not made from the present data. */
bool publish_day_is_stale(struct program *program, const char *day);
/* Whether the day's pages, except those of its stories, are of the current version and still not what was written, or
 * pages to which they lead are missing. Reads them all. */
bool publish_day_is_changed(struct program *program, const char *day);
/* Finds when the oldest of the day's pages was last changed. Returns false if any page is missing. */
bool publish_day_made(struct program *program, const char *day, struct timespec *ret_made);
/* Makes the stale pages of today, of every day since `since` on which there was a run, and of days from which a record
 * has moved to another day; also removes the old files of records that have moved. If there is a stale page, closes the
 * stages that are open and opens those for editions. *ret_count is the number of days whose pages were made. */
bool publish_stale_days(struct program *program, const char *since, size_t *ret_count, struct failure *ret_failure);
/* Returns whether there is anything to show of a day: it has records or pages, or there was a run. If `from_store` is
 * false, because there is no state database, only the output folder is looked at. */
bool publish_has_day(struct program *program, const char *day, bool from_store);
/* Logs that so many records of the day were left out because they are damaged. */
void publish_warn_of_damage(const struct program *program, size_t damaged, const char *day);
/* Makes a day's pages, whether or not they are stale, and what leads to them. */
bool publish_day(struct program *program, const char *day, bool from_store, struct failure *ret_failure);

#endif
