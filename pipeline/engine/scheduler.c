#include "pipeline/engine/scheduler.h"

#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>

#include "pipeline/base/workers.h"
#include "pipeline/engine/crash_marks.h"
#include "pipeline/net/dispatcher.h"

/* One article on its way. */
struct ticket {
    struct job job;
    struct scheduler *scheduler;
    struct article *article;
    size_t stage;
    bool worked; /* the stage's `work` has been done, its `ask` has not */
    enum outcome outcome;
    struct failure failure;
    struct exchange exchange;
    struct ticket *next_parked;
    LIST_ENTRY(ticket) next; /* all that are inside */
};

struct scheduler {
    struct scheduler_options options;
    struct workers *workers;
    LIST_HEAD(, ticket) inside;
    struct ticket *parked;
    size_t in_flight;
    bool feeding_over, answered;
    bool has_room; /* since the feeder was last asked, a place has become free */
};

struct scheduler *scheduler_new(const struct scheduler_options *options) {
    struct scheduler *scheduler = memory_take(sizeof *scheduler);
    scheduler->options = *options;
    if (scheduler->options.in_flight == 0) scheduler->options.in_flight = 1;
    scheduler->workers = workers_new(options->threads ? options->threads : 1, NULL, NULL);
    return scheduler;
}

static void free_ticket(struct ticket *ticket) {
    LIST_REMOVE(ticket, next);
    exchange_clear(&ticket->exchange);
    free(ticket);
}

void scheduler_free(struct scheduler *scheduler) {
    if (!scheduler) return;
    workers_free(scheduler->workers);
    for (struct ticket *ticket; (ticket = LIST_FIRST(&scheduler->inside));) {
        article_free(ticket->article);
        free_ticket(ticket);
    }
    free(scheduler);
}

/* ---------------------------------------------------------------- on a worker thread */

static const struct stage *stage_at(const struct ticket *ticket, size_t stage) {
    return ticket->scheduler->options.stages[stage];
}

/* All consecutive computing stages, up to one that asks or the end. */
static void run_stages(struct ticket *ticket) {
    const struct scheduler_options *options = &ticket->scheduler->options;
    while (ticket->stage < options->stage_count) {
        const struct stage *stage = stage_at(ticket, ticket->stage);
        if (stage->work && !ticket->worked) {
            ticket->outcome = stage->work(options->states[ticket->stage], ticket->article, &ticket->failure);
            if (ticket->outcome != STAGE_CONTINUE) return;
            ticket->worked = true;
        }
        if (stage->ask) return;
        ticket->stage++;
        ticket->worked = false;
    }
}

static void compute(struct job *job) {
    struct ticket *ticket = (struct ticket *)(void *)job;
    struct crash_marks *marks = ticket->scheduler->options.marks;
    size_t mark = crash_marks_set(marks, ticket->article->id);
    run_stages(ticket);
    crash_marks_clear(marks, mark);
}

/* ---------------------------------------------------------------- on the main thread */

static void go_on(struct ticket *ticket);

/* Every stage that this article has reached may hold something for it, as translate does the keys it asks for. */
static void leave_stages(struct ticket *ticket) {
    const struct scheduler_options *options = &ticket->scheduler->options;
    for (size_t i = 0; i < options->stage_count && i <= ticket->stage; i++)
        if (options->stages[i]->leave) options->stages[i]->leave(options->states[i], ticket->article);
    ticket->scheduler->answered = true;
}

/* Whoever reads why an article failed or was left out shall never find nothing there. */
static void leave_with_a_reason(const struct ticket *ticket, struct failure *failure) {
    bool fails = ticket->outcome == STAGE_FAIL;
    if (failure->sentence[0] || (!fails && ticket->outcome != STAGE_DROP)) return;
    enum failure_reach reach = fails && failure->reach == REACH_NONE ? REACH_ARTICLE : failure->reach;
    struct failure said = *failure;
    failure_set(&said, reach, failure->remedy, "the stage %s gave no reason", stage_at(ticket, ticket->stage)->name);
    memcpy(failure->sentence, said.sentence, sizeof said.sentence);
    failure->reach = reach;
}

static void finish(struct ticket *ticket) {
    struct scheduler *scheduler = ticket->scheduler;
    struct article *article = ticket->article;
    enum outcome outcome = ticket->outcome;
    struct failure failure = ticket->failure;
    leave_with_a_reason(ticket, outcome == STAGE_DROP ? &article->failure : &failure);
    leave_stages(ticket);
    free_ticket(ticket);
    scheduler->options.leave(scheduler->options.context, article, outcome, &failure);
}

static void park(struct ticket *ticket) {
    ticket->next_parked = ticket->scheduler->parked;
    ticket->scheduler->parked = ticket;
}

static void take_answer(void *context, struct exchange *exchange) {
    struct ticket *ticket = context;
    const struct stage *stage = stage_at(ticket, ticket->stage);
    void *state = ticket->scheduler->options.states[ticket->stage];
    size_t mark = crash_marks_set(ticket->scheduler->options.marks, ticket->article->id);
    ticket->outcome = stage->answer(state, ticket->article, exchange, &ticket->failure);
    crash_marks_clear(ticket->scheduler->options.marks, mark);
    dispatcher_was_read(ticket->scheduler->options.dispatcher, exchange);
    exchange_clear(exchange);
    ticket->scheduler->answered = true;
    if (ticket->outcome == STAGE_CONTINUE) {
        ticket->stage++;
        ticket->worked = false;
    }
    go_on(ticket);
}

/* True when the article can go straight on. */
static bool ask(struct ticket *ticket) {
    const struct stage *stage = stage_at(ticket, ticket->stage);
    void *state = ticket->scheduler->options.states[ticket->stage];
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

static void go_on(struct ticket *ticket) {
    struct scheduler *scheduler = ticket->scheduler;
    for (;;) {
        if (ticket->outcome == STAGE_DROP || ticket->outcome == STAGE_FAIL ||
            ticket->stage >= scheduler->options.stage_count) {
            finish(ticket);
            return;
        }
        const struct stage *stage = stage_at(ticket, ticket->stage);
        if (!stage->ask || (stage->work && !ticket->worked)) {
            workers_give(scheduler->workers, &ticket->job);
            return;
        }
        if (!ask(ticket)) return;
    }
}

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
        go_on(ticket);
    }
}

static void take_computed(struct scheduler *scheduler) {
    for (struct job *job = workers_take(scheduler->workers), *next; job; job = next) {
        next = STAILQ_NEXT(job, next);
        go_on((struct ticket *)(void *)job);
    }
}

static void ask_parked_again(struct scheduler *scheduler) {
    if (!scheduler->answered) return;
    scheduler->answered = false;
    struct ticket *parked = scheduler->parked;
    scheduler->parked = NULL;
    for (struct ticket *next; parked; parked = next) {
        next = parked->next_parked;
        go_on(parked);
    }
}

void scheduler_turn(struct scheduler *scheduler) {
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

void scheduler_stop_feeding(struct scheduler *scheduler) {
    scheduler->feeding_over = true;
}

bool scheduler_finished(const struct scheduler *scheduler) {
    return scheduler->feeding_over && scheduler->in_flight == 0;
}

size_t scheduler_in_flight(const struct scheduler *scheduler) {
    return scheduler->in_flight;
}
