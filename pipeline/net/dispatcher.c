#include "pipeline/net/dispatcher.h"

#include <stdlib.h>

#include "pipeline/base/arena.h"
#include "pipeline/base/clock.h"
#include "pipeline/net/http.h"
#include "pipeline/net/subprocess.h"

enum { BUCKETS = 1024, MOST_FDS = 96 };

struct errand {
    struct errand *next;
    struct courier *courier;
    struct post *post;
    struct exchange *exchange;
    courier_done *done;
    void *context;
    int64_t not_before;
};

struct list {
    struct errand *first, **last;
};

/* One gate and the errands that wait in front of it. */
struct post {
    struct gate gate;
    struct span name;
    struct post *next_in_bucket, *next;
    struct list ready, delayed;
};

struct courier {
    struct http *http;
    struct pipes *pipes;
    struct arena *arena; /* posts and their names */
    struct post *buckets[BUCKETS];
    struct post *posts;
    struct list ended; /* to be handed back in the next turn */
    size_t waiting, in_flight;
    uint64_t random;
};

static void list_clear(struct list *list) {
    list->first = NULL;
    list->last = &list->first;
}

static void list_append(struct list *list, struct errand *errand) {
    errand->next = NULL;
    *list->last = errand;
    list->last = &errand->next;
}

static struct errand *list_take(struct list *list) {
    struct errand *errand = list->first;
    if (!errand) return NULL;
    list->first = errand->next;
    if (!list->first) list_clear(list);
    return errand;
}

/* xorshift64*: spreads retries; nothing depends on its quality. */
static double next_random(struct courier *courier) {
    courier->random ^= courier->random >> 12;
    courier->random ^= courier->random << 25;
    courier->random ^= courier->random >> 27;
    return (double)(courier->random * 0x2545F4914F6CDD1Du >> 11) / 9007199254740992.0;
}

struct courier *courier_new(struct http *http, struct pipes *pipes) {
    struct courier *courier = memory_take(sizeof *courier);
    *courier = (struct courier){.http = http, .pipes = pipes, .arena = arena_new()};
    courier->random = (uint64_t)clock_ms() * 0x9E3779B97F4A7C15u | 1;
    list_clear(&courier->ended);
    return courier;
}

static void free_list(struct list *list) {
    for (struct errand *errand; (errand = list_take(list));) free(errand);
}

void courier_free(struct courier *courier) {
    if (!courier) return;
    for (struct post *post = courier->posts; post; post = post->next) {
        free_list(&post->ready);
        free_list(&post->delayed);
    }
    free_list(&courier->ended);
    arena_free(courier->arena);
    free(courier);
}

static struct post *find_post(struct courier *courier, const struct exchange *exchange) {
    struct post **bucket = &courier->buckets[span_hash(exchange->gate) % BUCKETS];
    for (struct post *post = *bucket; post; post = post->next_in_bucket)
        if (span_equal(post->name, exchange->gate)) {
            gate_tighten(&post->gate, &exchange->limits);
            return post;
        }
    struct post *post = arena_take(courier->arena, sizeof *post);
    post->name = arena_copy(courier->arena, exchange->gate);
    gate_start(&post->gate, &exchange->limits);
    list_clear(&post->ready);
    list_clear(&post->delayed);
    post->next_in_bucket = *bucket;
    *bucket = post;
    post->next = courier->posts;
    courier->posts = post;
    return post;
}

void courier_send(struct courier *courier, struct exchange *exchange, courier_done *done, void *context) {
    struct errand *errand = memory_take(sizeof *errand);
    *errand = (struct errand){.courier = courier, .exchange = exchange, .done = done, .context = context};
    errand->post = find_post(courier, exchange);
    exchange->attempt = 0;
    list_append(&errand->post->ready, errand);
    courier->waiting++;
}

/* ---------------------------------------------------------------- starting */

static void attempt_ended(void *context, struct exchange *exchange);

static void start(struct courier *courier, struct errand *errand, int64_t now) {
    struct exchange *exchange = errand->exchange;
    if (exchange->attempt > 0) exchange_clear_reply(exchange);
    exchange->attempt++;
    gate_started(&errand->post->gate, now, exchange->attempt == 1);
    courier->waiting--;
    courier->in_flight++;
    if (exchange->kind == EXCHANGE_PIPE)
        pipes_send(courier->pipes, exchange, now, attempt_ended, errand);
    else
        http_send(courier->http, exchange, attempt_ended, errand);
}

static void refuse(struct errand *errand, const struct failure *reason) {
    errand->exchange->failure = *reason;
    errand->courier->waiting--;
    list_append(&errand->courier->ended, errand);
}

static void refuse_all(struct list *list, const struct failure *reason) {
    for (struct errand *errand; (errand = list_take(list));) refuse(errand, reason);
}

/* Moves the delayed errands whose time has come to the queue. */
static void wake_delayed(struct post *post, int64_t now) {
    struct list delayed = post->delayed;
    if (!delayed.first) return;
    list_clear(&post->delayed);
    for (struct errand *errand = delayed.first, *next; errand; errand = next) {
        next = errand->next;
        list_append(errand->not_before <= now ? &post->ready : &post->delayed, errand);
    }
}

static void serve_post(struct courier *courier, struct post *post, int64_t now) {
    if (gate_refuses(&post->gate, now)) {
        refuse_all(&post->ready, &post->gate.reason);
        refuse_all(&post->delayed, &post->gate.reason);
        return;
    }
    wake_delayed(post, now);
    int64_t when;
    for (struct errand *errand;
         post->ready.first && gate_admits(&post->gate, now, &when) && (errand = list_take(&post->ready));) {
        struct failure why = {0};
        if (errand->exchange->starts && !errand->exchange->starts(errand->exchange->asker, &why))
            refuse(errand, &why);
        else
            start(courier, errand, now);
    }
}

/* ---------------------------------------------------------------- ending */

static enum exchange_verdict judge(struct exchange *exchange) {
    return exchange->judge ? exchange->judge(exchange) : exchange_judge_common(exchange);
}

static void attempt_ended(void *context, struct exchange *exchange) {
    struct errand *errand = context;
    struct courier *courier = errand->courier;
    int64_t now = clock_ms();
    courier->in_flight--;
    enum exchange_verdict verdict = judge(exchange);
    enum gate_advice advice =
        gate_ended(&errand->post->gate, verdict, exchange, now, next_random(courier), &errand->not_before);
    if (advice == GATE_RETRY && (!exchange->may_try_again || exchange->may_try_again(exchange->asker, exchange))) {
        list_append(&errand->post->delayed, errand);
        courier->waiting++;
    } else {
        list_append(&courier->ended, errand);
    }
}

static void hand_back(struct courier *courier) {
    for (struct errand *errand; (errand = list_take(&courier->ended));) {
        courier_done *done = errand->done;
        void *context = errand->context;
        struct exchange *exchange = errand->exchange;
        free(errand);
        done(context, exchange);
    }
}

static void serve_posts(struct courier *courier) {
    int64_t now = clock_ms();
    if (!courier->waiting) return;
    for (struct post *post = courier->posts; post; post = post->next)
        if (post->ready.first || post->delayed.first) serve_post(courier, post, now);
}

/* What has ended makes room first, and what takes its place is on its way before anything else is done: a slot of a
 * service is idle for microseconds only. */
void courier_turn(struct courier *courier) {
    http_perform(courier->http);
    hand_back(courier);
    serve_posts(courier);
    http_perform(courier->http);
}

/* ---------------------------------------------------------------- waiting */

static int64_t earlier(int64_t a, int64_t b) {
    return a < b ? a : b;
}

/* When the next gate opens for somebody who waits; INT64_MAX when only an end of something else can help. */
static int64_t next_start(const struct courier *courier, int64_t now) {
    int64_t next = INT64_MAX, when;
    if (!courier->waiting) return next;
    for (const struct post *post = courier->posts; post; post = post->next) {
        if (post->ready.first) {
            gate_admits(&post->gate, now, &when);
            next = earlier(next, gate_refuses(&post->gate, now) ? now : when);
        }
        for (const struct errand *errand = post->delayed.first; errand; errand = errand->next)
            next = earlier(next, errand->not_before);
    }
    return next;
}

void courier_wait(struct courier *courier, struct pollfd *fds, size_t count, int64_t timeout_ms) {
    struct pollfd all[MOST_FDS];
    if (count > MOST_FDS / 2) count = MOST_FDS / 2;
    for (size_t i = 0; i < count; i++) all[i] = fds[i];
    size_t total = count + pipes_poll_fds(courier->pipes, all + count, MOST_FDS - count);
    int64_t now = clock_ms();
    int64_t until = earlier(now + timeout_ms, earlier(next_start(courier, now), pipes_next_deadline(courier->pipes)));
    if (courier->ended.first || until < now) until = now;
    http_wait(courier->http, all, total, (int)(until - now));
    for (size_t i = 0; i < count; i++) fds[i].revents = all[i].revents;
    pipes_handle(courier->pipes, all + count, total - count, clock_ms());
}

void courier_give_up_waiting(struct courier *courier, const struct failure *failure) {
    for (struct post *post = courier->posts; post; post = post->next) {
        refuse_all(&post->ready, failure);
        refuse_all(&post->delayed, failure);
    }
}

size_t courier_in_flight(const struct courier *courier) {
    return courier->in_flight;
}

void courier_each_gate(const struct courier *courier,
                       void (*gate)(void *context, struct span name, const struct gate *), void *context) {
    for (const struct post *post = courier->posts; post; post = post->next) gate(context, post->name, &post->gate);
}
