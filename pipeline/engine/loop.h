/* The event loop of the commands that read sources, process articles or ask services. The main thread works and waits
 * here and nowhere else.
 *
 *     do {
 *         take_results();
 *     } while (loop_turn(&loop));
 *
 * A turn steps the sources, moves articles through the stages, sends requests and passes on the replies. The command
 * receives the results through the callbacks that it gave to loop_open(). It handles them between turns, when it may
 * also call loop_stop().
 *
 * The loop ends when no source and no article is left. It is stopped by `stop_fd`, by the deadline, or by loop_stop().
 * From then on no source is read, no article is taken from the feeder, and requests that have not been sent are handed
 * back with a failure that blames RUN_ENDED. What is in progress may finish within the grace period. */
#ifndef PIPELINE_ENGINE_LOOP_H
#define PIPELINE_ENGINE_LOOP_H

#include <stdbool.h>
#include <stdint.h>

#include "pipeline/engine/discovery.h"
#include "pipeline/engine/scheduler.h"

struct dispatcher;
struct durable_writer;
struct flusher;
struct store;

/* The cause that is recorded for articles which were still in progress when a run was stopped. Users need not be told
 * about it. */
#define RUN_ENDED "the end of the run"

enum { LOOP_NO_GRACE = -1 };

struct loop {
    struct dispatcher *dispatcher; /* borrowed */
    int stop_fd;                   /* stops the loop once it is readable, and stays readable; borrowed; -1 = none */
    struct discovery *discovery;   /* made by loop_open(); NULL if there are no sources */
    struct scheduler *scheduler; /* made by loop_open(); NULL if there are no articles: then the caller ends the loop */
    struct durable_writer *durable_writer; /* borrowed; its finished files end a wait; NULL if nothing is written */
    struct store *store; /* borrowed; its answers (store_questions.h) end a wait; needs a scheduler; NULL if no stage
                            asks it */
    struct flusher *flusher; /* borrowed; the end of a flush ends a wait; NULL if no request waits for one */
    int64_t deadline;        /* time at which the loop stops, by clock_ms(); 0 = none */
    int64_t grace_ms;        /* grace period after a stop; LOOP_NO_GRACE drops what is in progress at once */
    /* The following members are set by the loop itself. */
    bool stopping, idle; /* stopping: the loop has been stopped; idle: no source could take a step in the last turn */
    int64_t stop_at;     /* end of the grace period, by clock_ms(); set when the loop is stopped */
};

/* Creates discovery, to which the caller adds the sources, and the scheduler. Both use the loop's dispatcher. The
 * callbacks `found` and `failed` get the context of the options. */
void loop_open(struct loop *loop, const struct scheduler_options *options, discovery_found *found,
               discovery_failed *failed);
/* Waits for the workers and frees the articles still in progress. */
void loop_close(struct loop *loop);
/* Waits until a descriptor is ready (stop_fd, jobs of sources and workers, finished writes, the store's answers,
 * transfers, pipes), a limiter admits a request, or 200 ms have passed, but does not wait if there is something to do
 * already. Then takes one turn (see above). Returns false without taking a turn if the loop has ended. */
bool loop_turn(struct loop *loop);
/* Stops the loop, as described above. Does nothing if it is stopping already. */
void loop_stop(struct loop *loop);

#endif
