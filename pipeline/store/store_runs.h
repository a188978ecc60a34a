/* The runs that are at work on a store on a server, as others see them. */
#ifndef PIPELINE_STORE_STORE_RUNS_H
#define PIPELINE_STORE_STORE_RUNS_H

#include "pipeline/store/store.h"

/* A run, or another command that changes the store. */
struct run_at_work {
    long long process;
    struct span host;
    char since[21], seen[21]; /* when it began, by its own clock, and when it last renewed its lease, by the server's */
    bool silent;              /* that was so long ago that it may have died */
    size_t articles;          /* that it has claimed */
};

/* Returns those whose lease is not over, the oldest first, in the arena; of this store, if it is one of them, too. None
 * for a file. */
struct run_at_work *store_runs(struct store *store, struct arena *arena, size_t *ret_count);

#endif
