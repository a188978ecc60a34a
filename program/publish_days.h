/* What leads to the days: OUT/index.html, which lists them, OUT/feed.xml, and OUT/latest, a link to the newest. All are
 * made from the folders that have pages. */
#ifndef PROGRAM_PUBLISH_DAYS_H
#define PROGRAM_PUBLISH_DAYS_H

#include "program/program.h"

/* Writes the list of days, the feed and the link if they are missing or out of date. */
bool publish_days(const struct program *program, struct failure *ret_failure);
/* Writes the last day before `day` that has pages, or an empty string. */
void publish_previous_day(const char *output_folder, const char *day, char ret_day[11]);

#endif
