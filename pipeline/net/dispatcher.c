#include "pipeline/net/dispatcher.h"

#include <stdlib.h>
#include <sys/queue.h>

#include "pipeline/base/arena.h"
#include "pipeline/base/clock.h"
#include "pipeline/base/hash_table.h"
#include "pipeline/net/http.h"
#include "pipeline/net/http_guard.h"
#include "pipeline/net/subprocess.h"

/* Maximum number of descriptors to poll: those of the caller, and two for each pipeline. */
enum { MAX_FDS = 96 };

/* An exchange between dispatcher_send() and its callback. */
struct pending_request {
    STAILQ_ENTRY(pending_request) next;    /* in a queue, */
    LIST_ENTRY(pending_request) next_sent; /* or in flight */
    struct dispatcher *dispatcher;
    struct host_queue *host_queue;
    struct exchange *exchange;
    dispatcher_done *done;
    void *context;
    int64_t not_before, started; /* not_before: earliest time of a retry; started: start of the latest attempt (ms) */
};

STAILQ_HEAD(requests, pending_request);

/* A limiter and the requests that wait for it. `delayed` holds retries that are not due yet. */
struct host_queue {
    struct limiter limiter;
    struct span name;
    SLIST_ENTRY(host_queue) next;
    struct requests ready, delayed;
    bool held; /* the first ready request must not start yet (exchange.starts) */
};

struct dispatcher {
    struct http *http;
    struct pipes *pipes;
    struct arena *arena; /* owns the host queues and their names */
    struct hash_table by_name;
    SLIST_HEAD(, host_queue) host_queues; /* list of all host queues, newest first */
    struct requests ended;                /* requests that the next turn hands back */
    LIST_HEAD(, pending_request) sent;    /* requests in flight, handed to http.c or subprocess.c */
    size_t waiting, in_flight;            /* waiting: requests in queues; in_flight: requests that have been sent */
    uint64_t random;
};

/* Removes and returns the first request; NULL if the list is empty. */
static struct pending_request *take_first(struct requests *requests) {
    struct pending_request *first = STAILQ_FIRST(requests);
    if (first) STAILQ_REMOVE_HEAD(requests, next);
    return first;
}

/* xorshift64*. It only spreads retries over time, so its quality does not matter. */
static double next_random(struct dispatcher *dispatcher) {
    dispatcher->random ^= dispatcher->random >> 12;
    dispatcher->random ^= dispatcher->random << 25;
    dispatcher->random ^= dispatcher->random >> 27;
    return (double)(dispatcher->random * 0x2545F4914F6CDD1Du >> 11) / 9007199254740992.0;
}

struct dispatcher *dispatcher_new(struct http *http, struct pipes *pipes) {
    struct dispatcher *dispatcher = memory_take(sizeof *dispatcher);
    *dispatcher = (struct dispatcher){.http = http, .pipes = pipes, .arena = arena_new()};
    dispatcher->by_name = HASH_TABLE(dispatcher->arena);
    dispatcher->random = (uint64_t)clock_ms() * 0x9E3779B97F4A7C15u | 1;
    STAILQ_INIT(&dispatcher->ended);
    return dispatcher;
}

static void free_requests(struct requests *requests) {
    for (struct pending_request *pending_request; (pending_request = take_first(requests));) free(pending_request);
}

void dispatcher_free(struct dispatcher *dispatcher) {
    if (!dispatcher) return;
    struct host_queue *host_queue;
    SLIST_FOREACH(host_queue, &dispatcher->host_queues, next) {
        free_requests(&host_queue->ready);
        free_requests(&host_queue->delayed);
    }
    free_requests(&dispatcher->ended);
    for (struct pending_request *sent; (sent = LIST_FIRST(&dispatcher->sent));) {
        LIST_REMOVE(sent, next_sent);
        free(sent);
    }
    arena_free(dispatcher->arena);
    free(dispatcher);
}

/* Queues are kept until the dispatcher is freed, because their limiters must remember what they have learned. */
static struct host_queue *open_host_queue(struct dispatcher *dispatcher, const struct exchange *exchange) {
    struct host_queue *host_queue = arena_take(dispatcher->arena, sizeof *host_queue);
    host_queue->name = arena_copy(dispatcher->arena, exchange->limiter);
    limiter_start(&host_queue->limiter, &exchange->limits);
    STAILQ_INIT(&host_queue->ready);
    STAILQ_INIT(&host_queue->delayed);
    SLIST_INSERT_HEAD(&dispatcher->host_queues, host_queue, next);
    hash_table_set(&dispatcher->by_name, host_queue->name, host_queue);
    return host_queue;
}

/* Returns the queue of the exchange's limiter, creating it for the first exchange. */
static struct host_queue *find_host_queue(struct dispatcher *dispatcher, const struct exchange *exchange) {
    struct host_queue *host_queue = hash_table_find(&dispatcher->by_name, exchange->limiter);
    if (!host_queue) return open_host_queue(dispatcher, exchange);
    /* A host's feed and its pages share the limiter but may have different limits. */
    limiter_tighten(&host_queue->limiter, &exchange->limits);
    return host_queue;
}

/* Checks a page or feed before it is queued, so that an address that must not be requested does not occupy its host's
 * queue. Requests to services are checked later, when they start. */
static bool may_leave(struct exchange *exchange) {
    if (exchange->kind != EXCHANGE_HTTP || exchange->trusted_host) return true;
    return http_guard_admits(exchange, arena_string(exchange->arena, exchange->url));
}

void dispatcher_send(struct dispatcher *dispatcher, struct exchange *exchange, dispatcher_done *done, void *context) {
    struct pending_request *pending_request = memory_take(sizeof *pending_request);
    *pending_request =
        (struct pending_request){.dispatcher = dispatcher, .exchange = exchange, .done = done, .context = context};
    exchange->attempt = 0;
    if (!may_leave(exchange)) {
        STAILQ_INSERT_TAIL(&dispatcher->ended, pending_request, next);
        return;
    }
    pending_request->host_queue = find_host_queue(dispatcher, exchange);
    STAILQ_INSERT_TAIL(&pending_request->host_queue->ready, pending_request, next);
    dispatcher->waiting++;
}

/* ---------------------------------------------------------------- starting */

static void attempt_ended(void *context, struct exchange *exchange);

/* Sends the next attempt. The limiter must have admitted it. */
static void start(struct dispatcher *dispatcher, struct pending_request *pending_request, int64_t now) {
    struct exchange *exchange = pending_request->exchange;
    /* A retry must not see anything of the previous reply. */
    if (exchange->attempt > 0) exchange_clear_reply(exchange);
    exchange->attempt++;
    pending_request->started = now;
    limiter_started(&pending_request->host_queue->limiter, now, exchange->attempt == 1);
    dispatcher->waiting--;
    dispatcher->in_flight++;
    LIST_INSERT_HEAD(&dispatcher->sent, pending_request, next_sent);
    if (exchange->kind == EXCHANGE_PIPE)
        pipes_send(dispatcher->pipes, exchange, now, attempt_ended, pending_request);
    else
        http_send(dispatcher->http, exchange, attempt_ended, pending_request);
}

/* Called from within a turn, so the exchange is handed back by the next turn, not from here. */
static void refuse(struct pending_request *pending_request, const struct failure *reason) {
    pending_request->exchange->failure = *reason;
    pending_request->dispatcher->waiting--;
    STAILQ_INSERT_TAIL(&pending_request->dispatcher->ended, pending_request, next);
}

/* Refuses all requests of a list with the same reason. */
static void refuse_all(struct requests *requests, const struct failure *reason) {
    for (struct pending_request *pending_request; (pending_request = take_first(requests));)
        refuse(pending_request, reason);
}

/* Moves the delayed requests that are due to the ready queue. */
static void wake_delayed(struct host_queue *host_queue, int64_t now) {
    /* Rebuilds the list, since the due requests may be anywhere in it. */
    struct requests delayed = STAILQ_HEAD_INITIALIZER(delayed);
    STAILQ_CONCAT(&delayed, &host_queue->delayed);
    for (struct pending_request *pending_request; (pending_request = take_first(&delayed));)
        if (pending_request->not_before <= now)
            STAILQ_INSERT_TAIL(&host_queue->ready, pending_request, next);
        else
            STAILQ_INSERT_TAIL(&host_queue->delayed, pending_request, next);
}

static enum exchange_start ask_start(struct exchange *exchange, struct failure *ret_failure) {
    return exchange->starts ? exchange->starts(exchange->asker, ret_failure) : EXCHANGE_START;
}

/* The budget can still refuse a request here, or hold it until its reservation is on disk. */
static void start_ready(struct dispatcher *dispatcher, struct host_queue *host_queue, int64_t now) {
    int64_t when;
    struct pending_request *first;
    host_queue->held = false;
    while ((first = STAILQ_FIRST(&host_queue->ready)) && limiter_admits(&host_queue->limiter, now, &when)) {
        struct failure why = {0};
        enum exchange_start answer = ask_start(first->exchange, &why);
        host_queue->held = answer == EXCHANGE_START_LATER;
        if (host_queue->held) return;
        STAILQ_REMOVE_HEAD(&host_queue->ready, next);
        if (answer == EXCHANGE_START_NEVER)
            refuse(first, &why);
        else
            start(dispatcher, first, now);
    }
}

/* Asks for the requests that come next, a quarter of what the limiter allows at once, so that they can start as soon as
 * a slot is free. Not more, because what has been reserved counts as spent if the run is killed. A refusal is repeated
 * when the request's turn comes. */
static void prepare_next(struct host_queue *host_queue) {
    size_t left = ((size_t)host_queue->limiter.allowed + 3) / 4;
    struct pending_request *pending_request;
    STAILQ_FOREACH(pending_request, &host_queue->ready, next) {
        struct failure ignored = {0};
        if (left-- == 0 || ask_start(pending_request->exchange, &ignored) == EXCHANGE_START_NEVER) return;
    }
}

/* Starts as many requests of this queue as its limiter admits now. */
static void serve_queue(struct dispatcher *dispatcher, struct host_queue *host_queue, int64_t now) {
    /* Waiting would not help: hand back all requests, so that their articles can use another service or wait for the
     * next run. */
    if (limiter_refuses(&host_queue->limiter, now)) {
        refuse_all(&host_queue->ready, &host_queue->limiter.reason);
        refuse_all(&host_queue->delayed, &host_queue->limiter.reason);
        return;
    }
    wake_delayed(host_queue, now);
    start_ready(dispatcher, host_queue, now);
    prepare_next(host_queue);
}

/* ---------------------------------------------------------------- ending */

/* A service may have its own judge, because some report errors with status 200. */
static enum exchange_verdict judge(struct exchange *exchange) {
    return exchange->judge ? exchange->judge(exchange) : exchange_judge_common(exchange);
}

/* Called by http.c or subprocess.c. Queues the exchange to be handed back or to be tried again. */
static void attempt_ended(void *context, struct exchange *exchange) {
    struct pending_request *pending_request = context;
    struct dispatcher *dispatcher = pending_request->dispatcher;
    int64_t now = clock_ms();
    dispatcher->in_flight--;
    LIST_REMOVE(pending_request, next_sent);
    /* Our own guard stopped the request before it left, which says nothing about the host. */
    if (exchange->refused && !exchange->sent && !exchange->trusted_host) {
        limiter_take_back(&pending_request->host_queue->limiter, pending_request->started);
        STAILQ_INSERT_TAIL(&dispatcher->ended, pending_request, next);
        return;
    }
    enum exchange_verdict verdict = judge(exchange);
    /* Throttling and server errors are temporary; the digest reports them as outages. */
    exchange->failure.passing = verdict == EXCHANGE_THROTTLED || verdict == EXCHANGE_TRANSIENT;
    enum limiter_advice advice = limiter_ended(&pending_request->host_queue->limiter, verdict, exchange, now,
                                               next_random(dispatcher), &pending_request->not_before);
    if (advice == LIMITER_RETRY && (!exchange->may_try_again || exchange->may_try_again(exchange->asker, exchange))) {
        exchange->sent = false; /* the failed attempt has been accounted for, and the next one may never start */
        STAILQ_INSERT_TAIL(&pending_request->host_queue->delayed, pending_request, next);
        dispatcher->waiting++;
    } else {
        STAILQ_INSERT_TAIL(&dispatcher->ended, pending_request, next);
    }
}

/* Calls back for one exchange that has ended. Its slot is free since then. */
static void hand_back(struct pending_request *pending_request) {
    dispatcher_done *done = pending_request->done;
    void *context = pending_request->context;
    struct exchange *exchange = pending_request->exchange;
    /* Freed first, because `done` may send the exchange again. */
    free(pending_request);
    done(context, exchange);
}

/* Skips idle queues, because a run may have thousands of hosts, of which few have requests. */
static void serve_queues(struct dispatcher *dispatcher) {
    int64_t now = clock_ms();
    if (!dispatcher->waiting) return;
    struct host_queue *host_queue;
    SLIST_FOREACH(host_queue, &dispatcher->host_queues, next)
        if (!STAILQ_EMPTY(&host_queue->ready) || !STAILQ_EMPTY(&host_queue->delayed))
            serve_queue(dispatcher, host_queue, now);
}

/* Sends what can be sent now. */
static void send_waiting(struct dispatcher *dispatcher) {
    size_t before = dispatcher->in_flight;
    serve_queues(dispatcher);
    if (dispatcher->in_flight > before) http_perform(dispatcher->http);
}

/* Reading a reply takes milliseconds, so waiting requests are sent after each, not after all that have arrived at the
 * same moment; and not before the first, which may show that the service is useless. What arrives meanwhile is left to
 * the next turn, as a quick service would otherwise keep this one from ending. */
void dispatcher_turn(struct dispatcher *dispatcher) {
    struct requests ended = STAILQ_HEAD_INITIALIZER(ended);
    http_perform(dispatcher->http);
    STAILQ_CONCAT(&ended, &dispatcher->ended);
    if (STAILQ_EMPTY(&ended)) send_waiting(dispatcher);
    for (struct pending_request *pending_request; (pending_request = take_first(&ended));) {
        hand_back(pending_request);
        send_waiting(dispatcher);
    }
}

/* ---------------------------------------------------------------- waiting */

static int64_t earlier(int64_t a, int64_t b) {
    return a < b ? a : b;
}

/* Returns the time at which the next waiting request may start, or INT64_MAX if all of them wait for another request to
 * end. */
static int64_t next_start(const struct dispatcher *dispatcher, int64_t now) {
    const struct pending_request *pending_request;
    int64_t next = INT64_MAX, when;
    if (!dispatcher->waiting) return next;
    const struct host_queue *host_queue;
    SLIST_FOREACH(host_queue, &dispatcher->host_queues, next) {
        bool refuses = limiter_refuses(&host_queue->limiter, now);
        if (!STAILQ_EMPTY(&host_queue->ready) && (refuses || !host_queue->held)) {
            limiter_admits(&host_queue->limiter, now, &when);
            next = earlier(next, refuses ? now : when);
        }
        STAILQ_FOREACH(pending_request, &host_queue->delayed, next) next = earlier(next, pending_request->not_before);
    }
    return next;
}

void dispatcher_wait(struct dispatcher *dispatcher, struct pollfd *fds, size_t count, int64_t timeout_ms) {
    struct pollfd all[MAX_FDS];
    /* The caller gets at most half of the array; the rest is for the pipes. */
    if (count > MAX_FDS / 2) count = MAX_FDS / 2;
    for (size_t i = 0; i < count; i++) all[i] = fds[i];
    size_t total = count + pipes_poll_fds(dispatcher->pipes, all + count, MAX_FDS - count);
    int64_t now = clock_ms();
    int64_t until =
        earlier(now + timeout_ms, earlier(next_start(dispatcher, now), pipes_next_deadline(dispatcher->pipes)));
    /* Do not sleep while ended requests wait to be handed back. */
    if (!STAILQ_EMPTY(&dispatcher->ended) || until < now) until = now;
    http_wait(dispatcher->http, all, total, (int)(until - now));
    for (size_t i = 0; i < count; i++) fds[i].revents = all[i].revents;
    pipes_handle(dispatcher->pipes, all + count, total - count, clock_ms());
}

void dispatcher_was_read(struct dispatcher *dispatcher, const struct exchange *exchange) {
    /* A reply with a failure has already been counted by limiter_ended(). */
    bool counted = exchange->failure.reach != REACH_NONE, useless = exchange->useless.reach != REACH_NONE;
    struct limiter *limiter = &find_host_queue(dispatcher, exchange)->limiter;
    if (exchange->complaint.reach != REACH_NONE)
        limiter_complained(limiter, exchange);
    else if (useless || !counted)
        limiter_read(limiter, &exchange->useless, counted);
}

void dispatcher_give_up_waiting(struct dispatcher *dispatcher, const struct failure *failure) {
    struct host_queue *host_queue;
    SLIST_FOREACH(host_queue, &dispatcher->host_queues, next) {
        refuse_all(&host_queue->ready, failure);
        refuse_all(&host_queue->delayed, failure);
    }
}

size_t dispatcher_in_flight(const struct dispatcher *dispatcher) {
    return dispatcher->in_flight;
}

void dispatcher_each_limiter(const struct dispatcher *dispatcher,
                             void (*limiter)(void *context, struct span name, const struct limiter *), void *context) {
    const struct host_queue *host_queue;
    SLIST_FOREACH(host_queue, &dispatcher->host_queues, next) limiter(context, host_queue->name, &host_queue->limiter);
}
