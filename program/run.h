/* `dragoman run`: reads the sources, processes the articles that are new or waiting, writes their records, and then
 * makes the day's digest. */
#ifndef PROGRAM_RUN_H
#define PROGRAM_RUN_H

#include "program/program.h"

/* With `json`, the report is printed as one JSON object at the end of the run. */
enum exit_code run_command(struct program *program, bool json, struct failure *ret_failure);
/* `dragoman run --dry-run`: like a run, but counts and prints the requests to services instead of sending them. Stores
 * nothing. */
enum exit_code run_dry(struct program *program, struct failure *ret_failure);

#endif
