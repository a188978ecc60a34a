/* What leads to the days: OUT/index.html, which lists them, the pages of weeks, OUT/feed.xml, OUT/latest, a link to the
 * newest day, and the links from each day to the next. All are made from the folders that have pages. */
#ifndef PROGRAM_PUBLISH_DAYS_H
#define PROGRAM_PUBLISH_DAYS_H

#include "program/program.h"

/* Writes what leads to the days if it is missing or out of date. */
bool publish_days(const struct program *program, struct failure *ret_failure);
/* Writes the last day before `day` and the first one after it that have pages, or empty strings. */
void publish_days_beside(const char *output_folder, const char *day, char ret_previous[11], char ret_next[11]);

#endif
