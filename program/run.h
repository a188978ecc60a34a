/* `dragoman run`: the job. Discovers, works off what is found and what waits, writes records, then the day's digest. */
#ifndef PROGRAM_RUN_H
#define PROGRAM_RUN_H

#include "program/program.h"

/* With `json` the report is printed as one JSON object once the run has come to its end. */
enum exit_code run_command(struct program *program, bool json, struct failure *ret_failure);
/* `dragoman run --dry-run`: the same up to what would be sent, which is printed instead; nothing is kept. */
enum exit_code run_dry(struct program *program, struct failure *ret_failure);

#endif
