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

/* The line is shown if it is `wanted` and standard error is a terminal that can erase it. */
struct progress progress_start(bool wanted);
/* Returns whether it is time to rewrite the line. Call this before counting what the line shows, because that queries
 * the store. */
bool progress_is_due(const struct progress *progress);
void progress_show(struct progress *progress, const struct progress_counts *counts);
/* Shows another text, in ASCII, for a command that counts something else. */
void progress_show_text(struct progress *progress, struct span line);
/* Erases the line, for something else to be printed; the next progress_show() prints it again. */
void progress_erase(const struct progress *progress);
/* Shows the final counts, leaves them on the screen and begins a new line. */
void progress_end(struct progress *progress, const struct progress_counts *counts);
/* Returns how much of the line is shown on a terminal of `columns` (0: unknown): one less, because a line that fills
 * its row, or goes on in the next, cannot be erased. */
struct span progress_fit(struct span line, size_t columns);
/* Appends the line to `out`, in ASCII; `seconds` is the time since the start. */
void progress_write(const struct progress_counts *counts, double seconds, struct buffer *out);

#endif
