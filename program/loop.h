/* The loop of every command that reads sources, translates articles or asks services: the main thread works and waits
 * here and nowhere else.
 *
 *     do take_results(); while (loop_turn(&loop));
 *
 * What is turned: the sources are stepped, articles move through the stages, and requests are sent and answered. What
 * comes out reaches the command through the callbacks that it gave to loop_open(); it deals with that between turns.
 *
 * What ends it: no source and no article is left. Or it is stopped by the first SIGINT or SIGTERM, by the deadline, or
 * by loop_stop(): then no source is read any further, no article is taken from the feeder, and requests that have not
 * been sent are handed back with a failure that blames RUN_ENDED. What is under way may finish in the grace period. */
#ifndef PROGRAM_LOOP_H
#define PROGRAM_LOOP_H

#include <stdbool.h>
#include <stdint.h>

#include "pipeline/engine/discovery.h"
#include "pipeline/engine/scheduler.h"
#include "program/program.h"

struct durable_writer;

/* What articles wait for that were under way when a run was told to end: no reason to tell anybody. */
#define RUN_ENDED "the end of the run"

enum { LOOP_NO_GRACE = -1 };

struct loop {
    struct program *program;               /* borrowed, with its dispatcher */
    struct discovery *discovery;           /* from loop_open(); NULL: no sources */
    struct scheduler *scheduler;           /* from loop_open(); NULL: no articles, and the caller decides when to end */
    struct durable_writer *durable_writer; /* borrowed; what it has written is waited for. NULL: nothing is written */
    int64_t deadline;                      /* by clock_ms(); 0: none */
    int64_t grace_ms;                      /* LOOP_NO_GRACE: what is under way is dropped at once */
    /* The loop's own. */
    bool stopping, idle; /* has been stopped; the last turn moved no source */
    int64_t stop_at;     /* by clock_ms(), once it is stopping: the end of the grace period */
};

/* Makes discovery and, for the program's open stages, the scheduler. Of `options`, in_flight, threads (0: one per CPU),
 * marks, context, feed and leave are used; `found` and `failed` get the same context. */
void loop_open(struct loop *loop, const struct scheduler_options *options, discovery_found *found,
               discovery_failed *failed);
/* Waits for the workers; frees the articles still inside. */
void loop_close(struct loop *loop);
/* Adds the source that a [source] section describes. Failure to open it is passed to `failed`. */
void loop_add_source(struct loop *loop, const struct settings *settings);
/* Waits, unless there is something to do already, until a descriptor is ready (signals, sources' and workers' jobs,
 * written records, transfers, pipes), a limiter opens, or 200 ms have passed; then turns everything once. False, with
 * nothing turned, when the loop has ended. */
bool loop_turn(struct loop *loop);
void loop_stop(struct loop *loop); /* does nothing when it is stopping already */

#endif
