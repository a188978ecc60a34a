/* The progress line that a run keeps rewriting on a terminal: counts, rate, time left and cost. */
#ifndef PROGRAM_PROGRESS_H
#define PROGRAM_PROGRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "pipeline/base/text.h"

struct progress {
    bool shown_here;       /* standard error is a terminal that can erase a line */
    int64_t started, last; /* by clock_ms() */
};

struct progress_counts {
    size_t ended, known_of; /* number of articles finished; number of articles found so far */
    size_t under_way, failed, waiting;
    bool all_found; /* every source has been read, so the time left can be estimated */
    double cost;    /* amount spent in this run, in the configured currency */
};

struct progress progress_start(void);
/* Returns whether it is time to rewrite the line. Call this before counting what the line shows, because that queries
 * the store. */
bool progress_is_due(const struct progress *progress);
void progress_show(struct progress *progress, const struct progress_counts *counts);
/* Shows the final counts, leaves them on the screen and begins a new line. */
void progress_end(struct progress *progress, const struct progress_counts *counts);
/* Appends the line to `out`; `seconds` is the time since the start. */
void progress_write(const struct progress_counts *counts, double seconds, struct buffer *out);

#endif
