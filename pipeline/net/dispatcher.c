#include "pipeline/net/dispatcher.h"

#include <stdlib.h>

#include "pipeline/base/arena.h"
#include "pipeline/base/clock.h"
#include "pipeline/net/http.h"
#include "pipeline/net/subprocess.h"

enum { BUCKETS = 1024, MAX_FDS = 96 };

struct pending_request {
    struct pending_request *next;
    struct dispatcher *dispatcher;
    struct host_queue *host_queue;
    struct exchange *exchange;
    dispatcher_done *done;
    void *context;
    int64_t not_before;
};

struct list {
    struct pending_request *first, **last;
};

/* One limiter and the pending requests that wait in front of it. */
struct host_queue {
    struct limiter limiter;
    struct span name;
    struct host_queue *next_in_bucket, *next;
    struct list ready, delayed;
};

struct dispatcher {
    struct http *http;
    struct pipes *pipes;
    struct arena *arena; /* posts and their names */
    struct host_queue *buckets[BUCKETS];
    struct host_queue *host_queues;
    struct list ended; /* to be handed back in the next turn */
    size_t waiting, in_flight;
    uint64_t random;
};

static void list_clear(struct list *list) {
    list->first = NULL;
    list->last = &list->first;
}

static void list_append(struct list *list, struct pending_request *pending_request) {
    pending_request->next = NULL;
    *list->last = pending_request;
    list->last = &pending_request->next;
}

static struct pending_request *list_take(struct list *list) {
    struct pending_request *pending_request = list->first;
    if (!pending_request) return NULL;
    list->first = pending_request->next;
    if (!list->first) list_clear(list);
    return pending_request;
}

/* xorshift64*: spreads retries; nothing depends on its quality. */
static double next_random(struct dispatcher *dispatcher) {
    dispatcher->random ^= dispatcher->random >> 12;
    dispatcher->random ^= dispatcher->random << 25;
    dispatcher->random ^= dispatcher->random >> 27;
    return (double)(dispatcher->random * 0x2545F4914F6CDD1Du >> 11) / 9007199254740992.0;
}

struct dispatcher *dispatcher_new(struct http *http, struct pipes *pipes) {
    struct dispatcher *dispatcher = memory_take(sizeof *dispatcher);
    *dispatcher = (struct dispatcher){.http = http, .pipes = pipes, .arena = arena_new()};
    dispatcher->random = (uint64_t)clock_ms() * 0x9E3779B97F4A7C15u | 1;
    list_clear(&dispatcher->ended);
    return dispatcher;
}

static void free_list(struct list *list) {
    for (struct pending_request *pending_request; (pending_request = list_take(list));) free(pending_request);
}

void dispatcher_free(struct dispatcher *dispatcher) {
    if (!dispatcher) return;
    for (struct host_queue *host_queue = dispatcher->host_queues; host_queue; host_queue = host_queue->next) {
        free_list(&host_queue->ready);
        free_list(&host_queue->delayed);
    }
    free_list(&dispatcher->ended);
    arena_free(dispatcher->arena);
    free(dispatcher);
}

static struct host_queue *find_host_queue(struct dispatcher *dispatcher, const struct exchange *exchange) {
    struct host_queue **bucket = &dispatcher->buckets[span_hash(exchange->limiter) % BUCKETS];
    for (struct host_queue *host_queue = *bucket; host_queue; host_queue = host_queue->next_in_bucket)
        if (span_equal(host_queue->name, exchange->limiter)) {
            limiter_tighten(&host_queue->limiter, &exchange->limits);
            return host_queue;
        }
    struct host_queue *host_queue = arena_take(dispatcher->arena, sizeof *host_queue);
    host_queue->name = arena_copy(dispatcher->arena, exchange->limiter);
    limiter_start(&host_queue->limiter, &exchange->limits);
    list_clear(&host_queue->ready);
    list_clear(&host_queue->delayed);
    host_queue->next_in_bucket = *bucket;
    *bucket = host_queue;
    host_queue->next = dispatcher->host_queues;
    dispatcher->host_queues = host_queue;
    return host_queue;
}

void dispatcher_send(struct dispatcher *dispatcher, struct exchange *exchange, dispatcher_done *done, void *context) {
    struct pending_request *pending_request = memory_take(sizeof *pending_request);
    *pending_request =
        (struct pending_request){.dispatcher = dispatcher, .exchange = exchange, .done = done, .context = context};
    pending_request->host_queue = find_host_queue(dispatcher, exchange);
    exchange->attempt = 0;
    list_append(&pending_request->host_queue->ready, pending_request);
    dispatcher->waiting++;
}

/* ---------------------------------------------------------------- starting */

static void attempt_ended(void *context, struct exchange *exchange);

static void start(struct dispatcher *dispatcher, struct pending_request *pending_request, int64_t now) {
    struct exchange *exchange = pending_request->exchange;
    if (exchange->attempt > 0) exchange_clear_reply(exchange);
    exchange->attempt++;
    limiter_started(&pending_request->host_queue->limiter, now, exchange->attempt == 1);
    dispatcher->waiting--;
    dispatcher->in_flight++;
    if (exchange->kind == EXCHANGE_PIPE)
        pipes_send(dispatcher->pipes, exchange, now, attempt_ended, pending_request);
    else
        http_send(dispatcher->http, exchange, attempt_ended, pending_request);
}

static void refuse(struct pending_request *pending_request, const struct failure *reason) {
    pending_request->exchange->failure = *reason;
    pending_request->dispatcher->waiting--;
    list_append(&pending_request->dispatcher->ended, pending_request);
}

static void refuse_all(struct list *list, const struct failure *reason) {
    for (struct pending_request *pending_request; (pending_request = list_take(list));) refuse(pending_request, reason);
}

/* Moves the delayed pending requests whose time has come to the queue. */
static void wake_delayed(struct host_queue *host_queue, int64_t now) {
    struct list delayed = host_queue->delayed;
    if (!delayed.first) return;
    list_clear(&host_queue->delayed);
    for (struct pending_request *pending_request = delayed.first, *next; pending_request; pending_request = next) {
        next = pending_request->next;
        list_append(pending_request->not_before <= now ? &host_queue->ready : &host_queue->delayed, pending_request);
    }
}

static void serve_post(struct dispatcher *dispatcher, struct host_queue *host_queue, int64_t now) {
    if (limiter_refuses(&host_queue->limiter, now)) {
        refuse_all(&host_queue->ready, &host_queue->limiter.reason);
        refuse_all(&host_queue->delayed, &host_queue->limiter.reason);
        return;
    }
    wake_delayed(host_queue, now);
    int64_t when;
    for (struct pending_request *pending_request; host_queue->ready.first &&
                                                  limiter_admits(&host_queue->limiter, now, &when) &&
                                                  (pending_request = list_take(&host_queue->ready));) {
        struct failure why = {0};
        if (pending_request->exchange->starts &&
            !pending_request->exchange->starts(pending_request->exchange->asker, &why))
            refuse(pending_request, &why);
        else
            start(dispatcher, pending_request, now);
    }
}

/* ---------------------------------------------------------------- ending */

static enum exchange_verdict judge(struct exchange *exchange) {
    return exchange->judge ? exchange->judge(exchange) : exchange_judge_common(exchange);
}

static void attempt_ended(void *context, struct exchange *exchange) {
    struct pending_request *pending_request = context;
    struct dispatcher *dispatcher = pending_request->dispatcher;
    int64_t now = clock_ms();
    dispatcher->in_flight--;
    enum exchange_verdict verdict = judge(exchange);
    exchange->failure.passing = verdict == EXCHANGE_THROTTLED || verdict == EXCHANGE_TRANSIENT;
    enum limiter_advice advice = limiter_ended(&pending_request->host_queue->limiter, verdict, exchange, now,
                                               next_random(dispatcher), &pending_request->not_before);
    if (advice == LIMITER_RETRY && (!exchange->may_try_again || exchange->may_try_again(exchange->asker, exchange))) {
        list_append(&pending_request->host_queue->delayed, pending_request);
        dispatcher->waiting++;
    } else {
        list_append(&dispatcher->ended, pending_request);
    }
}

static void hand_back(struct dispatcher *dispatcher) {
    for (struct pending_request *pending_request; (pending_request = list_take(&dispatcher->ended));) {
        dispatcher_done *done = pending_request->done;
        void *context = pending_request->context;
        struct exchange *exchange = pending_request->exchange;
        free(pending_request);
        done(context, exchange);
    }
}

static void serve_posts(struct dispatcher *dispatcher) {
    int64_t now = clock_ms();
    if (!dispatcher->waiting) return;
    for (struct host_queue *host_queue = dispatcher->host_queues; host_queue; host_queue = host_queue->next)
        if (host_queue->ready.first || host_queue->delayed.first) serve_post(dispatcher, host_queue, now);
}

/* What has ended makes room first, and what takes its place is on its way before anything else is done: a slot of a
 * service is idle for microseconds only. */
void dispatcher_turn(struct dispatcher *dispatcher) {
    http_perform(dispatcher->http);
    hand_back(dispatcher);
    serve_posts(dispatcher);
    http_perform(dispatcher->http);
}

/* ---------------------------------------------------------------- waiting */

static int64_t earlier(int64_t a, int64_t b) {
    return a < b ? a : b;
}

/* When the next limiter opens for somebody who waits; INT64_MAX when only an end of something else can help. */
static int64_t next_start(const struct dispatcher *dispatcher, int64_t now) {
    int64_t next = INT64_MAX, when;
    if (!dispatcher->waiting) return next;
    for (const struct host_queue *host_queue = dispatcher->host_queues; host_queue; host_queue = host_queue->next) {
        if (host_queue->ready.first) {
            limiter_admits(&host_queue->limiter, now, &when);
            next = earlier(next, limiter_refuses(&host_queue->limiter, now) ? now : when);
        }
        for (const struct pending_request *pending_request = host_queue->delayed.first; pending_request;
             pending_request = pending_request->next)
            next = earlier(next, pending_request->not_before);
    }
    return next;
}

void dispatcher_wait(struct dispatcher *dispatcher, struct pollfd *fds, size_t count, int64_t timeout_ms) {
    struct pollfd all[MAX_FDS];
    if (count > MAX_FDS / 2) count = MAX_FDS / 2;
    for (size_t i = 0; i < count; i++) all[i] = fds[i];
    size_t total = count + pipes_poll_fds(dispatcher->pipes, all + count, MAX_FDS - count);
    int64_t now = clock_ms();
    int64_t until =
        earlier(now + timeout_ms, earlier(next_start(dispatcher, now), pipes_next_deadline(dispatcher->pipes)));
    if (dispatcher->ended.first || until < now) until = now;
    http_wait(dispatcher->http, all, total, (int)(until - now));
    for (size_t i = 0; i < count; i++) fds[i].revents = all[i].revents;
    pipes_handle(dispatcher->pipes, all + count, total - count, clock_ms());
}

void dispatcher_give_up_waiting(struct dispatcher *dispatcher, const struct failure *failure) {
    for (struct host_queue *host_queue = dispatcher->host_queues; host_queue; host_queue = host_queue->next) {
        refuse_all(&host_queue->ready, failure);
        refuse_all(&host_queue->delayed, failure);
    }
}

size_t dispatcher_in_flight(const struct dispatcher *dispatcher) {
    return dispatcher->in_flight;
}

void dispatcher_each_limiter(const struct dispatcher *dispatcher,
                             void (*limiter)(void *context, struct span name, const struct limiter *), void *context) {
    for (const struct host_queue *host_queue = dispatcher->host_queues; host_queue; host_queue = host_queue->next)
        limiter(context, host_queue->name, &host_queue->limiter);
}
