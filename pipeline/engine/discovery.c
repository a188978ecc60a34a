#include "pipeline/engine/discovery.h"

#include <stdlib.h>
#include <sys/queue.h>

#include "pipeline/base/workers.h"
#include "pipeline/net/dispatcher.h"

/* Limits how long one source keeps the main thread busy in a turn. */
enum { STEPS_PER_TURN = 256 };

/* Maximum size in bytes of the articles that are passed on together. */
enum { SIZE_AT_ONCE = 4 << 20 };

/* READY may take a step; ASKING waits for a reply, WORKING for the worker thread; ENDED takes no more steps. */
enum source_phase { PHASE_READY, PHASE_ASKING, PHASE_WORKING, PHASE_ENDED };

/* A source that has been added, with its exchange and its part of the report. */
struct active_source {
    struct job job; /* must be first: a job is cast back to its source */
    struct discovery *discovery;
    const struct source *source;
    void *state;
    struct discovered report;
    struct exchange exchange;
    struct arena *arena; /* arena of the exchange, from writing the request until the reply is read */
    bool has_reply,
        opened; /* has_reply: `exchange` holds a reply for the next step; opened: source.open() has succeeded */
    enum source_phase phase;
    STAILQ_ENTRY(active_source) next;
};

struct discovery {
    struct dispatcher *dispatcher;
    struct workers *workers;
    discovery_found *found;
    discovery_failed *failed;
    discovery_announced *announced; /* NULL = nobody asks */
    void *context;
    struct article *items[DISCOVERY_ITEMS_AT_ONCE]; /* of one source, during its turn: still to be passed on */
    size_t item_count, size;
    STAILQ_HEAD(, active_source) active_sources;
    bool paused, stopped;
};

struct discovery *discovery_new(struct dispatcher *dispatcher, discovery_found *found, discovery_failed *failed,
                                void *context) {
    struct discovery *discovery = memory_take(sizeof *discovery);
    *discovery = (struct discovery){.dispatcher = dispatcher, .found = found, .failed = failed, .context = context};
    /* One thread: sources mostly wait for the network, and only decoding takes time. */
    discovery->workers = workers_new(1, NULL, NULL);
    STAILQ_INIT(&discovery->active_sources);
    return discovery;
}

void discovery_announce(struct discovery *discovery, discovery_announced *announced) {
    discovery->announced = announced;
}

/* Frees the exchange once its reply has been read, or if the reply will never be read. Sources that read files have
 * none for any of their items. */
static void drop_exchange(struct active_source *active_source) {
    if (!active_source->arena) return;
    exchange_clear(&active_source->exchange);
    arena_free(active_source->arena);
    active_source->arena = NULL;
    active_source->has_reply = false;
}

void discovery_free(struct discovery *discovery) {
    if (!discovery) return;
    /* Must come first: it waits for jobs that still use the state of a source. */
    workers_free(discovery->workers);
    for (struct active_source *active_source; (active_source = STAILQ_FIRST(&discovery->active_sources));) {
        STAILQ_REMOVE_HEAD(&discovery->active_sources, next);
        drop_exchange(active_source);
        if (active_source->opened && active_source->source->close) active_source->source->close(active_source->state);
        free(active_source);
    }
    free(discovery);
}

bool discovery_is_outage(const struct failure *failure) {
    /* An unusable item is not an outage. An item that waits for the next run is an outage, unless the item itself is
     * the cause. */
    bool waits = failure->remedy == REMEDY_NEXT_RUN && failure->cause != CAUSE_ARTICLE;
    return failure->reach == REACH_ARTICLE ? waits : failure->reach != REACH_NONE;
}

/* An unusable item must not replace the reason why the source failed. */
static void note_failure(struct active_source *active_source, const struct failure *failure) {
    struct discovered *report = &active_source->report;
    bool outage = discovery_is_outage(failure);
    if (outage || !report->failed) report->failure = *failure;
    report->failed = report->failed || outage;
    /* Items that wait for the next run do not count as unusable. */
    report->unusable += failure->reach == REACH_ARTICLE && failure->remedy != REMEDY_NEXT_RUN;
    active_source->discovery->failed(active_source->discovery->context, report, failure);
}

bool discovery_add(struct discovery *discovery, const struct source *source, const struct source_context *context) {
    struct active_source *active_source = memory_take(sizeof *active_source);
    *active_source = (struct active_source){.discovery = discovery, .source = source, .report.name = context->name};
    /* Even a source that cannot be opened is added, since the report must list it. */
    STAILQ_INSERT_TAIL(&discovery->active_sources, active_source, next);
    struct failure failure = {0};
    active_source->opened = source->open(context, &active_source->state, &failure);
    if (active_source->opened) return true;
    active_source->phase = PHASE_ENDED;
    /* A source that cannot be opened has failed as a whole, even if open() reported a smaller reach. */
    failure.reach = REACH_SERVICE;
    note_failure(active_source, &failure);
    return false;
}

/* Only notes that the reply is there; the source reads it in its next step, from discovery_turn(). */
static void take_reply(void *context, struct exchange *exchange) {
    struct active_source *active_source = context;
    active_source->report.status = exchange->status;
    active_source->has_reply = true;
    active_source->phase = PHASE_READY;
}

/* Sends the source's exchange, whose arena is taken over. */
static void ask(struct active_source *active_source, struct exchange *next, struct arena *arena) {
    drop_exchange(active_source);
    active_source->exchange = *next;
    active_source->arena = arena;
    active_source->phase = PHASE_ASKING;
    dispatcher_send(active_source->discovery->dispatcher, &active_source->exchange, take_reply, active_source);
}

static void work(struct job *job) {
    struct active_source *active_source = (struct active_source *)job;
    active_source->source->work(active_source->state);
}

/* Runs the source's `work` on the worker thread. */
static void give_work(struct active_source *active_source) {
    active_source->phase = PHASE_WORKING;
    active_source->job.run = work;
    workers_give(active_source->discovery->workers, &active_source->job);
}

/* Lets sources whose work is done take their next step. */
static void take_work(struct discovery *discovery) {
    for (struct job *job = workers_take(discovery->workers), *next; job; job = next) {
        next = STAILQ_NEXT(job, next);
        /* Work that was in progress when the run stopped is not continued. */
        ((struct active_source *)job)->phase = discovery->stopped ? PHASE_ENDED : PHASE_READY;
    }
}

/* Passes on what the source has found. */
static void pass_on(struct active_source *active_source) {
    struct discovery *discovery = active_source->discovery;
    size_t count = discovery->item_count;
    if (count && discovery->announced) discovery->announced(discovery->context, discovery->items, count);
    for (size_t i = 0; i < count; i++)
        if (!discovery->found(discovery->context, &active_source->report, discovery->items[i]))
            active_source->report.known++;
    if (count && discovery->announced) discovery->announced(discovery->context, NULL, 0);
    discovery->item_count = discovery->size = 0;
}

static void take_item(struct active_source *active_source, struct article *article) {
    struct discovery *discovery = active_source->discovery;
    active_source->report.items++;
    discovery->items[discovery->item_count++] = article;
    discovery->size += arena_size(article->arena);
    if (discovery->item_count == DISCOVERY_ITEMS_AT_ONCE || discovery->size > SIZE_AT_ONCE) pass_on(active_source);
}

/* The source itself has found the item in the store. */
static void count_known(struct active_source *active_source) {
    active_source->report.items++;
    active_source->report.known++;
    active_source->discovery->found(active_source->discovery->context, &active_source->report, NULL);
}

/* `whole` is true if the source has reached its end, and false if it has failed. */
static void end_source(struct active_source *active_source, bool whole) {
    active_source->report.whole = whole;
    active_source->phase = PHASE_ENDED;
}

/* Handles the result of a step other than SOURCE_ASK. */
static void handle_step(struct active_source *active_source, enum source_step taken, struct article *article,
                        struct failure *failure) {
    struct discovery *discovery = active_source->discovery;
    switch (taken) {
    case SOURCE_ITEM:
        take_item(active_source, article);
        return;
    case SOURCE_KNOWN:
        count_known(active_source);
        return;
    case SOURCE_FAIL:
        note_failure(active_source, failure);
        /* One bad item must not end the source. */
        if (failure->reach != REACH_ARTICLE) end_source(active_source, false);
        return;
    case SOURCE_WORK:
        give_work(active_source);
        return;
    case SOURCE_NOTE:
        /* A notice is never a failure, whatever the source has set. */
        failure->reach = REACH_NONE;
        discovery->failed(discovery->context, &active_source->report, failure);
        return;
    case SOURCE_END:
        end_source(active_source, true);
        return;
    case SOURCE_ASK:
        return;
    }
}

static void step(struct active_source *active_source) {
    struct article *article = NULL;
    struct failure failure = {0};
    struct exchange next;
    struct arena *arena = arena_new();
    /* The source may or may not write a request. If it does not, the arena is freed right away. */
    exchange_start(&next, EXCHANGE_HTTP, arena);
    enum source_step taken = active_source->source->step(
        active_source->state, active_source->has_reply ? &active_source->exchange : NULL, &next, &article, &failure);
    if (taken == SOURCE_ASK) {
        ask(active_source, &next, arena);
        return;
    }
    arena_free(arena);
    drop_exchange(active_source);
    handle_step(active_source, taken, article, &failure);
}

bool discovery_turn(struct discovery *discovery) {
    bool moved = false;
    struct active_source *active_source;
    take_work(discovery);
    STAILQ_FOREACH(active_source, &discovery->active_sources, next) {
        for (int i = 0; i < STEPS_PER_TURN && active_source->phase == PHASE_READY && !discovery->paused; i++) {
            moved = true;
            step(active_source);
        }
        pass_on(active_source);
    }
    return moved;
}

int discovery_fd(const struct discovery *discovery) {
    return workers_fd(discovery->workers);
}

void discovery_pause(struct discovery *discovery, bool paused) {
    discovery->paused = paused;
}

void discovery_stop(struct discovery *discovery) {
    struct active_source *active_source;
    discovery->stopped = true;
    STAILQ_FOREACH(active_source, &discovery->active_sources, next)
        if (active_source->phase == PHASE_READY) active_source->phase = PHASE_ENDED;
}

void discovery_wait(struct discovery *discovery) {
    workers_wait(discovery->workers);
}

bool discovery_finished(const struct discovery *discovery) {
    const struct active_source *active_source;
    STAILQ_FOREACH(active_source, &discovery->active_sources, next)
        if (active_source->phase != PHASE_ENDED) return false;
    return true;
}

void discovery_each_source(const struct discovery *discovery,
                           void (*source)(void *context, const struct discovered *source), void *context) {
    const struct active_source *active_source;
    STAILQ_FOREACH(active_source, &discovery->active_sources, next) source(context, &active_source->report);
}

void discovery_settle(struct discovery *discovery) {
    struct active_source *active_source;
    /* After a failure the validators must not be saved, so that the next run fetches everything again. */
    STAILQ_FOREACH(active_source, &discovery->active_sources, next)
        if (active_source->opened && active_source->phase == PHASE_ENDED && !active_source->report.failed &&
            active_source->source->settled)
            active_source->source->settled(active_source->state);
}
