/* What the first run says on a terminal: what it does and, at its end, what to open and what to try next. */
#ifndef PROGRAM_FIRST_RUN_H
#define PROGRAM_FIRST_RUN_H

#include "program/program.h"

/* A run is the first one while its store has never had an article. Both print to standard error. */
void first_run_begin(void);
/* Says nothing if there is no digest. */
void first_run_end(const struct program *program);

#endif
