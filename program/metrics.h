/* Metrics for Prometheus: a file in its text format (node_exporter's textfile collector reads such files), made anew at
 * the end of every run. */
#ifndef PROGRAM_METRICS_H
#define PROGRAM_METRICS_H

#include "config/setting.h"
#include "program/program.h"

struct report;

/* Of [metrics]. */
struct metrics_settings {
    struct span file; /* empty: no metrics */
};
extern const struct setting metrics_table[];

/* What the run itself adds to what the store knows. */
struct metrics_run {
    enum exit_code code;
    double seconds;
    const struct report *report;
};

/* Appends all metrics. The store must be open. */
void metrics_print(struct program *program, const struct metrics_run *run, struct buffer *out);
/* Replaces the configured file; does nothing if none is configured. */
bool metrics_write(struct program *program, const struct metrics_run *run, struct failure *ret_failure);

#endif
