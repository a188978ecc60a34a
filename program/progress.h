/* The line that a run rewrites on a terminal: counts, rate, time left, cost. */
#ifndef PROGRAM_PROGRESS_H
#define PROGRAM_PROGRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "pipeline/base/text.h"

struct progress {
    bool shown_here;       /* standard error is a terminal that can rewrite a line */
    int64_t started, last; /* milliseconds, steady clock */
};

struct progress_counts {
    size_t ended, known_of; /* articles that came to an end; that have been found so far */
    size_t under_way, failed, waiting;
    bool all_found; /* every source has been read: a time left can be told */
    double cost;    /* spent in this run, in the configured currency */
};

struct progress progress_start(void);
/* Whether the line is due again: what it shows need not be counted before. */
bool progress_is_due(const struct progress *progress);
void progress_show(struct progress *progress, const struct progress_counts *counts);
/* Shows the final counts, leaves them on the screen and goes to the next line. */
void progress_end(struct progress *progress, const struct progress_counts *counts);
/* The line itself, for `seconds` since the start. */
void progress_write(const struct progress_counts *counts, double seconds, struct buffer *out);

#endif
