/* Makes the output folder match the state database: finishes what a killed run left unfinished, and restores missing or
 * damaged records from the copies in the store. */
#ifndef PROGRAM_REPAIR_H
#define PROGRAM_REPAIR_H

#include "program/program.h"

/* A run repairs the days starting this many days before the last run that ended properly; `dragoman verify --repair`
 * repairs all days. */
enum { REPAIR_DAYS = 7 };

struct repair_counts {
    size_t finished;  /* records that a killed run had finished, whose files have now been written */
    size_t rewritten; /* records restored because the file was missing or altered */
    size_t adopted;   /* records written by an earlier version of dragoman, now copied into the store */
    size_t reopened;  /* lost or damaged records without a copy in the store; later runs recreate them */
};

/* Finds the first day that a run repairs: REPAIR_DAYS before the last run that ended properly, or before today if there
 * was none. */
void repair_since(struct program *program, char ret_day[11]);
/* Removes the temporary files that killed processes have left in the output folder, since that day; "" = whenever. */
void repair_sweep(const struct program *program, const char *since);
/* Repairs recent days at the start of a run, before anything else is written: removes temporary files, puts finished
 * records in place, and restores missing records and those whose file was altered after the day's pages were made. */
bool repair_recent(struct program *program, struct repair_counts *ret_repair, struct failure *ret_failure);
/* Restores the records since that day that are missing, because another run that shares the store on a server has
 * written them into the folder of another machine. */
bool repair_missing(struct program *program, const char *since, struct failure *ret_failure);
/* Repairs all days, and compares the bytes of every record. */
bool repair_all(struct program *program, struct repair_counts *ret_repair, struct failure *ret_failure);
/* Stores a finished record and sets the article's day and path: the existing ones, or those for today if the article is
 * new or has changed. Must be called before the record's file is written; a server has committed it when
 * store_make_durable() returns, which must be called before the file becomes visible. */
bool repair_keep_record(struct program *program, struct article *article, struct failure *ret_failure);

#endif
