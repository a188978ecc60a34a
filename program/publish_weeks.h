/* The pages of weeks: OUT/2026-W05.html and so on. */
#ifndef PROGRAM_PUBLISH_WEEKS_H
#define PROGRAM_PUBLISH_WEEKS_H

#include "program/program.h"
#include "stages/digest/days.h"

/* Writes the pages of all weeks of which a day has changed. `days` have pages and are sorted, the newest first. */
bool publish_weeks(const struct program *program, const struct listed_day *days, size_t count, struct span style,
                   struct failure *ret_failure);

#endif
