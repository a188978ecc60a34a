/* The table of calendars (config/tables/calendars.tsv), which the dates of pages and the checks of translations share.
 * Its head explains the rows. */
#ifndef STAGES_LANGUAGE_CALENDARS_H
#define STAGES_LANGUAGE_CALENDARS_H

#include <stdbool.h>

#include "pipeline/base/failure.h"
#include "pipeline/base/table.h"

/* Reads the table into the arena. Fails if a row is invalid, or if the table is not whole: it must have as many rows as
 * it says, and rows of every kind. */
bool calendars_read(const char *data_folder, struct arena *arena, struct table *ret_table, struct failure *ret_failure);

#endif
