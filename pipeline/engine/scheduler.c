#include "pipeline/engine/scheduler.h"

#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>
#include <unistd.h>

#include "pipeline/base/workers.h"
#include "pipeline/engine/crash_marks.h"
#include "pipeline/net/dispatcher.h"

/* An article in progress. */
struct ticket {
    struct job job;
    struct scheduler *scheduler;
    struct article *article;
    size_t stage; /* index of the current stage */
    bool worked;  /* the stage's `work` is done, but not its `ask` */
    enum outcome outcome;
    struct failure failure;
    struct exchange exchange;
    struct ticket *next_parked;
    LIST_ENTRY(ticket) next; /* list of all tickets */
};

struct scheduler {
    struct scheduler_options options;
    struct workers *workers;
    LIST_HEAD(, ticket) inside;
    struct ticket *parked; /* list of parked articles, linked by next_parked */
    size_t in_flight;
    bool feeding_over, answered; /* feeding_over: no more articles are taken; answered: a reply has arrived since the
                                    parked articles were last asked */
    bool has_room;               /* an article has been settled since the feeder was last asked */
};

static size_t processor_count(void) {
    long count = sysconf(_SC_NPROCESSORS_ONLN);
    return count > 0 ? (size_t)count : 1;
}

struct scheduler *scheduler_new(const struct scheduler_options *options) {
    struct scheduler *scheduler = memory_take(sizeof *scheduler);
    scheduler->options = *options;
    if (scheduler->options.in_flight == 0) scheduler->options.in_flight = 1;
    scheduler->workers = workers_new(options->threads ? options->threads : processor_count(), NULL, NULL);
    return scheduler;
}

static void free_ticket(struct ticket *ticket) {
    LIST_REMOVE(ticket, next);
    exchange_clear(&ticket->exchange);
    free(ticket);
}

void scheduler_free(struct scheduler *scheduler) {
    if (!scheduler) return;
    /* Must come first: it waits for jobs that still use their articles. */
    workers_free(scheduler->workers);
    for (struct ticket *ticket; (ticket = LIST_FIRST(&scheduler->inside));) {
        /* Articles still in progress are not lost: the store has them as found or waiting. */
        article_free(ticket->article);
        free_ticket(ticket);
    }
    free(scheduler);
}

/* ---------------------------------------------------------------- on a worker thread */

static const struct stage *stage_at(const struct ticket *ticket, size_t stage) {
    return ticket->scheduler->options.stages[stage];
}

/* Runs the stages that compute, one after the other, up to a stage that asks, or to the end. */
static void run_stages(struct ticket *ticket) {
    const struct scheduler_options *options = &ticket->scheduler->options;
    while (ticket->stage < options->stage_count) {
        const struct stage *stage = stage_at(ticket, ticket->stage);
        /* A stage that has both `work` and `ask` runs `work` first; `worked` keeps it from running twice when the stage
         * asks again. */
        if (stage->work && !ticket->worked) {
            ticket->outcome = stage->work(options->states[ticket->stage], ticket->article, &ticket->failure);
            if (ticket->outcome != STAGE_CONTINUE) return;
            ticket->worked = true;
        }
        /* The stage's `ask` must run on the main thread, so the computing ends here. */
        if (stage->ask) return;
        ticket->stage++;
        ticket->worked = false;
    }
}

/* A job of the worker pool: computes until the article needs the main thread. */
static void compute(struct job *job) {
    struct ticket *ticket = (struct ticket *)(void *)job;
    struct crash_marks *marks = ticket->scheduler->options.marks;
    /* If the process crashes while computing, the next run knows which article it was processing. */
    size_t mark = crash_marks_set(marks, ticket->article->id);
    run_stages(ticket);
    crash_marks_clear(marks, mark);
}

/* ---------------------------------------------------------------- on the main thread */

static void advance(struct ticket *ticket);

/* Each stage that the article has reached may hold something for it; translate, for example, holds the keys of pending
 * requests. Releasing it may let a parked article continue. */
static void leave_stages(struct ticket *ticket) {
    const struct scheduler_options *options = &ticket->scheduler->options;
    for (size_t i = 0; i < options->stage_count && i <= ticket->stage; i++)
        if (options->stages[i]->leave) options->stages[i]->leave(options->states[i], ticket->article);
    ticket->scheduler->answered = true;
}

/* Makes sure that a failed or dropped article has a reason that users can be shown. */
static void ensure_reason(const struct ticket *ticket, struct failure *failure) {
    bool fails = ticket->outcome == STAGE_FAIL;
    if (failure->sentence[0] || (!fails && ticket->outcome != STAGE_DROP)) return;
    /* failure_set() would reset remedy and cause, so only the sentence and the reach are taken over. */
    enum failure_reach reach = fails && failure->reach == REACH_NONE ? REACH_ARTICLE : failure->reach;
    struct failure said = *failure;
    failure_set(&said, reach, failure->remedy, "the stage %s gave no reason", stage_at(ticket, ticket->stage)->name);
    memcpy(failure->sentence, said.sentence, sizeof said.sentence);
    failure->reach = reach;
}

/* Hands the article back to the caller. The ticket is freed. */
static void finish(struct ticket *ticket) {
    struct scheduler *scheduler = ticket->scheduler;
    /* The ticket is freed before `leave` is called, so everything needed is copied first. */
    struct article *article = ticket->article;
    enum outcome outcome = ticket->outcome;
    struct failure failure = ticket->failure;
    ensure_reason(ticket, outcome == STAGE_DROP ? &article->failure : &failure);
    /* Must come before `leave`, because the article may be freed there. */
    leave_stages(ticket);
    free_ticket(ticket);
    scheduler->options.leave(scheduler->options.context, article, outcome, &failure);
}

/* The article waits until any reply arrives. */
static void park(struct ticket *ticket) {
    ticket->next_parked = ticket->scheduler->parked;
    ticket->scheduler->parked = ticket;
}

/* Called by the dispatcher when the article's exchange has ended. */
static void take_answer(void *context, struct exchange *exchange) {
    struct ticket *ticket = context;
    const struct stage *stage = stage_at(ticket, ticket->stage);
    void *state = ticket->scheduler->options.states[ticket->stage];
    size_t mark = crash_marks_set(ticket->scheduler->options.marks, ticket->article->id);
    ticket->outcome = stage->answer(state, ticket->article, exchange, &ticket->failure);
    crash_marks_clear(ticket->scheduler->options.marks, mark);
    /* Must come after `answer`, which may have set exchange->complaint or exchange->useless. */
    dispatcher_was_read(ticket->scheduler->options.dispatcher, exchange);
    exchange_clear(exchange);
    ticket->scheduler->answered = true;
    if (ticket->outcome == STAGE_CONTINUE) {
        ticket->stage++;
        ticket->worked = false;
    }
    advance(ticket);
}

/* Calls the stage's `ask`. Returns true if the article can continue at once. */
static bool ask(struct ticket *ticket) {
    const struct stage *stage = stage_at(ticket, ticket->stage);
    void *state = ticket->scheduler->options.states[ticket->stage];
    /* The article is marked during ask and answer too, because they parse what services and servers sent. */
    exchange_start(&ticket->exchange, EXCHANGE_HTTP, ticket->article->arena);
    size_t mark = crash_marks_set(ticket->scheduler->options.marks, ticket->article->id);
    ticket->outcome = stage->ask(state, ticket->article, &ticket->exchange, &ticket->failure);
    crash_marks_clear(ticket->scheduler->options.marks, mark);
    switch (ticket->outcome) {
    case STAGE_CONTINUE:
        ticket->stage++;
        ticket->worked = false;
        return true;
    case STAGE_ASK:
        dispatcher_send(ticket->scheduler->options.dispatcher, &ticket->exchange, take_answer, ticket);
        return false;
    case STAGE_PARK:
        park(ticket);
        return false;
    case STAGE_DROP:
    case STAGE_FAIL:
    case STAGE_ASK_AGAIN:
        return true;
    }
    return true;
}

/* Moves an article on until it needs a worker thread or a reply, is parked, or leaves. */
static void advance(struct ticket *ticket) {
    struct scheduler *scheduler = ticket->scheduler;
    for (;;) {
        if (ticket->outcome == STAGE_DROP || ticket->outcome == STAGE_FAIL ||
            ticket->stage >= scheduler->options.stage_count) {
            finish(ticket);
            return;
        }
        const struct stage *stage = stage_at(ticket, ticket->stage);
        /* There is something to compute first; take_computed() continues from there. */
        if (!stage->ask || (stage->work && !ticket->worked)) {
            workers_give(scheduler->workers, &ticket->job);
            return;
        }
        if (!ask(ticket)) return;
    }
}

/* Takes articles from the feeder while there is room. */
static void admit(struct scheduler *scheduler) {
    struct article *article = NULL;
    while (!scheduler->feeding_over && scheduler->in_flight < scheduler->options.in_flight) {
        enum feed_result feed = scheduler->options.feed(scheduler->options.context, &article);
        if (feed == FEED_END) scheduler->feeding_over = true;
        if (feed != FEED_ARTICLE) return;
        struct ticket *ticket = memory_take(sizeof *ticket);
        *ticket =
            (struct ticket){.job.run = compute, .scheduler = scheduler, .article = article, .outcome = STAGE_CONTINUE};
        LIST_INSERT_HEAD(&scheduler->inside, ticket, next);
        scheduler->in_flight++;
        advance(ticket);
    }
}

/* Continues with the articles that worker threads have finished computing. */
static void take_computed(struct scheduler *scheduler) {
    for (struct job *job = workers_take(scheduler->workers), *next; job; job = next) {
        next = STAILQ_NEXT(job, next);
        advance((struct ticket *)(void *)job);
    }
}

/* Asks all parked articles again after a reply has arrived. Only their stages know whether the reply concerns them. */
static void ask_parked_again(struct scheduler *scheduler) {
    /* Without a new reply, the articles would only be parked again. */
    if (!scheduler->answered) return;
    scheduler->answered = false;
    /* Articles that are parked again must go into a new list, or this loop would not end. */
    struct ticket *parked = scheduler->parked;
    scheduler->parked = NULL;
    for (struct ticket *next; parked; parked = next) {
        next = parked->next_parked;
        advance(parked);
    }
}

void scheduler_ask_again(struct scheduler *scheduler) {
    scheduler->answered = true;
}

void scheduler_turn(struct scheduler *scheduler) {
    /* Articles in progress come before new ones, so that they are finished and free their memory. */
    take_computed(scheduler);
    ask_parked_again(scheduler);
    admit(scheduler);
    scheduler->has_room = false;
}

int scheduler_fd(const struct scheduler *scheduler) {
    return workers_fd(scheduler->workers);
}

void scheduler_settled(struct scheduler *scheduler) {
    scheduler->in_flight--;
    scheduler->has_room = true;
}

bool scheduler_has_work(const struct scheduler *scheduler) {
    return (scheduler->has_room && !scheduler->feeding_over) || (scheduler->answered && scheduler->parked);
}

void scheduler_wait(struct scheduler *scheduler) {
    workers_wait(scheduler->workers);
}

void scheduler_stop_feeding(struct scheduler *scheduler) {
    scheduler->feeding_over = true;
}

bool scheduler_finished(const struct scheduler *scheduler) {
    return scheduler->feeding_over && scheduler->in_flight == 0;
}

size_t scheduler_in_flight(const struct scheduler *scheduler) {
    return scheduler->in_flight;
}
