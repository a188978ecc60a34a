/* Makes a new state from the records in the output folder after the state was lost. Without it, every article that the
 * sources still list would be new, and would be translated and paid for again. */
#ifndef PROGRAM_REBUILD_H
#define PROGRAM_REBUILD_H

#include "program/program.h"

/* Returns whether the open state knows no article although there are records in the output folder. */
bool rebuild_needed(const struct program *program);
/* Refuses to work with a state that was lost, and says what to do. Returns false with the failure in that case. */
bool rebuild_check(const struct program *program, struct failure *ret_failure);
/* Takes all intact records into the state, as finished. What records do not tell is not known afterwards: the bill, the
 * memory, articles that were waiting or had failed. */
bool rebuild_state(struct program *program, size_t *ret_count, struct failure *ret_failure);

#endif
