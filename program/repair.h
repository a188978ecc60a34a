/* The output folder and the state agree: what a killed run left half done is finished, what is missing is written
 * again from the copies that the store keeps. */
#ifndef PROGRAM_REPAIR_H
#define PROGRAM_REPAIR_H

#include "program/program.h"

/* A run repairs this many days by itself, today's and those before the last run that came to its end; `dragoman verify
 * --repair` repairs all. */
enum { REPAIR_DAYS = 7 };

struct repair_counts {
    size_t finished;  /* records of a killed run, put in their place */
    size_t rewritten; /* records whose file was missing, or not what was written */
    size_t adopted;   /* records of an earlier version that are kept from now on */
    size_t reopened;  /* records of an earlier version whose file is lost: the next run makes them again */
};

/* The first of the days that a run looks after: REPAIR_DAYS before the last run that came to its end, or before today.
 */
void repair_since(struct program *program, char ret_day[11]);
/* At the start of a run, before anything is written: temporary files are removed, finished records put in place, and
 * missing ones written again; so are damaged ones, as far as the file has changed since the day's pages were made. */
bool repair_recent(struct program *program, struct repair_counts *ret_repair, struct failure *ret_failure);
/* The same for all days; every record's bytes are compared. */
bool repair_all(struct program *program, struct repair_counts *ret_repair, struct failure *ret_failure);
/* Keeps a finished record in the store, committed, and fixes the day and the path that it belongs to: those that the
 * article has already, or today's when the item has changed or is new. Its file may be written after that. */
bool repair_keep_record(struct program *program, struct article *article, struct failure *ret_failure);

#endif
