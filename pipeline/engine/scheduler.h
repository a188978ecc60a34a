/* Who runs what, when: moves articles through stages.
 *
 * The main thread owns the exchanges, the store and the timers in one poll; worker threads run all consecutive
 * computing stages of an article before handing it back. Backpressure is one number, `in_flight`: no article is taken
 * from the feeder until one has been settled, so memory is in_flight x article and nothing can fill or deadlock. An
 * article has one exchange under way at a time. Parked articles hold nothing (stage.h) and are asked again when an
 * answer came. */
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
    FEED_ARTICLE, /* *ret_article is the scheduler's until it comes back through `leave` */
    FEED_LATER,   /* none now */
    FEED_END      /* none any more */
};

struct scheduler_options {
    const struct stage *const *stages; /* for articles, in order; borrowed */
    void *const *states;               /* what their open gave */
    size_t stage_count;
    size_t in_flight;
    size_t threads;
    struct dispatcher *dispatcher; /* borrowed */
    struct crash_marks *marks;     /* borrowed; NULL: none are made */
    void *context;
    enum feed_result (*feed)(void *context, struct article **ret_article);
    /* The article has passed all stages (STAGE_CONTINUE), was dropped (the reason in article->failure), or failed; the
     * reason is never empty. It is the caller's again. Its place
     * in flight is free only after scheduler_settled(). */
    void (*leave)(void *context, struct article *article, enum outcome outcome, const struct failure *failure);
};

struct scheduler *scheduler_new(const struct scheduler_options *options);
void scheduler_free(struct scheduler *scheduler); /* waits for the workers; frees the articles still inside */
/* Does what can be done now. Call it, then wait (dispatcher_wait with scheduler_fd among the fds; not at all while
 * scheduler_has_work()), and so on. */
void scheduler_turn(struct scheduler *scheduler);
int scheduler_fd(const struct scheduler *scheduler);
/* Whether another turn has something to do that no descriptor tells of: a place has become free since the last one, or
 * parked articles can be asked again. */
bool scheduler_has_work(const struct scheduler *scheduler);
void scheduler_settled(struct scheduler *scheduler);
/* No article is taken from the feeder any more. */
void scheduler_stop_feeding(struct scheduler *scheduler);
/* True when the feeder has ended (or was stopped) and everything has been settled. */
bool scheduler_finished(const struct scheduler *scheduler);
size_t scheduler_in_flight(const struct scheduler *scheduler);

#endif
