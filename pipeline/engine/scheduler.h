/* Moves articles through the stages.
 *
 * The main thread polls for the exchanges, the store and the timers. Worker threads run all consecutive computing
 * stages of an article before handing it back. Backpressure is a single number, `in_flight`: while this many articles
 * are being processed, no more are taken from the feeder. Memory is thus limited to in_flight articles, and no queue
 * can fill up or deadlock. An article has one exchange in flight at a time. An article whose stage returns STAGE_PARK
 * (stage.h) has no exchange; the stage's `ask` is called again after another article has received a reply, or after
 * scheduler_ask_again(). */
#ifndef PIPELINE_ENGINE_SCHEDULER_H
#define PIPELINE_ENGINE_SCHEDULER_H

#include <stdbool.h>
#include <stddef.h>

#include "pipeline/article/article.h"
#include "pipeline/engine/stage.h"

struct crash_marks;
struct dispatcher;
struct scheduler;

enum feed_result {
    FEED_ARTICLE, /* *ret_article belongs to the scheduler until `leave` returns it */
    FEED_LATER,   /* none at present */
    FEED_END      /* no more articles */
};

struct scheduler_options {
    const struct stage *const *stages; /* the stages for articles, in order; borrowed */
    void *const *states;               /* the states that the stages' `open` returned */
    size_t stage_count;
    size_t in_flight;
    size_t threads;                /* 0 = one per CPU */
    struct dispatcher *dispatcher; /* borrowed */
    struct crash_marks *marks;     /* borrowed; NULL = set no marks */
    void *context;
    enum feed_result (*feed)(void *context, struct article **ret_article);
    /* Called when the article has passed all stages (STAGE_CONTINUE), was dropped (STAGE_DROP, reason in
     * article->failure) or failed (STAGE_FAIL). The reason is never empty. The article belongs to the caller again, but
     * counts as in flight until scheduler_settled(). */
    void (*leave)(void *context, struct article *article, enum outcome outcome, const struct failure *failure);
};

struct scheduler *scheduler_new(const struct scheduler_options *options);
void scheduler_free(struct scheduler *scheduler); /* waits for the workers and frees the articles still in progress */
/* Does everything that can be done without waiting. The caller alternates between this and waiting (dispatcher_wait()
 * with scheduler_fd() among the descriptors), and does not wait while scheduler_has_work(). */
void scheduler_turn(struct scheduler *scheduler);
/* A file descriptor that becomes readable when a worker has finished. */
int scheduler_fd(const struct scheduler *scheduler);
/* Whether another turn has something to do that no descriptor reports: an article has been settled since the last turn,
 * so another may be taken, or parked articles can be asked again. */
bool scheduler_has_work(const struct scheduler *scheduler);
/* In the next turn, parked articles are asked again: something that they may wait for has arrived. */
void scheduler_ask_again(struct scheduler *scheduler);
/* Must be called once for each article that was passed to `leave`, after it has been stored. Makes room for another
 * article. */
void scheduler_settled(struct scheduler *scheduler);
/* Stops taking articles from the feeder. */
void scheduler_stop_feeding(struct scheduler *scheduler);
/* Waits until the worker threads have finished. After this, the state of the stages may be closed. To be called after
 * the loop has ended; the results are discarded. */
void scheduler_wait(struct scheduler *scheduler);
/* Whether the feeder has ended (or was stopped) and all articles are settled. */
bool scheduler_finished(const struct scheduler *scheduler);
/* Number of articles taken from the feeder and not yet settled. */
size_t scheduler_in_flight(const struct scheduler *scheduler);

#endif
