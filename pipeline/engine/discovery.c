#include "pipeline/engine/discovery.h"

#include <stdlib.h>
#include <sys/queue.h>

#include "pipeline/net/dispatcher.h"

enum { STEPS_A_TURN = 256 };

enum stand { STAND_READY, STAND_ASKING, STAND_ENDED };

struct feed_search {
    struct discovery *discovery;
    const struct source *source;
    void *state;
    struct discovered report;
    struct exchange exchange;
    struct arena *arena; /* of the exchange under way, or of the one that is read now */
    bool has_reply, opened;
    enum stand stand;
    STAILQ_ENTRY(feed_search) next;
};

struct discovery {
    struct dispatcher *dispatcher;
    discovery_found *found;
    discovery_failed *failed;
    void *context;
    STAILQ_HEAD(, feed_search) feed_searches;
    bool paused;
};

struct discovery *discovery_new(struct dispatcher *dispatcher, discovery_found *found, discovery_failed *failed,
                                void *context) {
    struct discovery *discovery = memory_take(sizeof *discovery);
    *discovery = (struct discovery){.dispatcher = dispatcher, .found = found, .failed = failed, .context = context};
    STAILQ_INIT(&discovery->feed_searches);
    return discovery;
}

static void drop_exchange(struct feed_search *feed_search) {
    exchange_clear(&feed_search->exchange);
    arena_free(feed_search->arena);
    feed_search->arena = NULL;
    feed_search->has_reply = false;
}

void discovery_free(struct discovery *discovery) {
    if (!discovery) return;
    for (struct feed_search *feed_search; (feed_search = STAILQ_FIRST(&discovery->feed_searches));) {
        STAILQ_REMOVE_HEAD(&discovery->feed_searches, next);
        drop_exchange(feed_search);
        if (feed_search->opened && feed_search->source->close) feed_search->source->close(feed_search->state);
        free(feed_search);
    }
    free(discovery);
}

static void note_failure(struct feed_search *feed_search, const struct failure *failure) {
    struct discovered *report = &feed_search->report;
    report->failure = *failure;
    if (failure->reach == REACH_ARTICLE)
        report->unusable += failure->remedy != REMEDY_NEXT_RUN;
    else
        report->failed = true;
    feed_search->discovery->failed(feed_search->discovery->context, report, failure);
}

bool discovery_add(struct discovery *discovery, const struct source *source, const struct source_context *context) {
    struct feed_search *feed_search = memory_take(sizeof *feed_search);
    *feed_search = (struct feed_search){.discovery = discovery, .source = source, .report.name = context->name};
    STAILQ_INSERT_TAIL(&discovery->feed_searches, feed_search, next);
    struct failure failure = {0};
    feed_search->opened = source->open(context, &feed_search->state, &failure);
    if (feed_search->opened) return true;
    feed_search->stand = STAND_ENDED;
    failure.reach = REACH_SERVICE;
    note_failure(feed_search, &failure);
    return false;
}

static void take_reply(void *context, struct exchange *exchange) {
    struct feed_search *feed_search = context;
    (void)exchange;
    feed_search->has_reply = true;
    feed_search->stand = STAND_READY;
}

static void ask(struct feed_search *feed_search, struct exchange *next, struct arena *arena) {
    drop_exchange(feed_search);
    feed_search->exchange = *next;
    feed_search->arena = arena;
    feed_search->stand = STAND_ASKING;
    dispatcher_send(feed_search->discovery->dispatcher, &feed_search->exchange, take_reply, feed_search);
}

/* One step; returns whether another may follow at once. */
static bool step(struct feed_search *feed_search) {
    struct discovery *discovery = feed_search->discovery;
    struct article *article = NULL;
    struct failure failure = {0};
    struct exchange next;
    struct arena *arena = arena_new();
    exchange_start(&next, EXCHANGE_HTTP, arena);
    enum source_step taken = feed_search->source->step(
        feed_search->state, feed_search->has_reply ? &feed_search->exchange : NULL, &next, &article, &failure);
    if (taken == SOURCE_ASK) {
        ask(feed_search, &next, arena);
        return false;
    }
    arena_free(arena);
    drop_exchange(feed_search);
    switch (taken) {
    case SOURCE_ITEM:
        feed_search->report.items++;
        if (!discovery->found(discovery->context, &feed_search->report, article)) feed_search->report.known++;
        return true;
    case SOURCE_KNOWN:
        feed_search->report.items++;
        feed_search->report.known++;
        discovery->found(discovery->context, &feed_search->report, NULL);
        return true;
    case SOURCE_FAIL:
        note_failure(feed_search, &failure);
        if (failure.reach == REACH_ARTICLE) return true;
        feed_search->stand = STAND_ENDED;
        return false;
    case SOURCE_END:
        feed_search->stand = STAND_ENDED;
        return false;
    case SOURCE_ASK:
        break;
    }
    return false;
}

bool discovery_turn(struct discovery *discovery) {
    bool moved = false;
    struct feed_search *feed_search;
    STAILQ_FOREACH(feed_search, &discovery->feed_searches, next)
        for (int i = 0; i < STEPS_A_TURN && feed_search->stand == STAND_READY && !discovery->paused; i++) {
            moved = true;
            if (!step(feed_search)) break;
        }
    return moved;
}

void discovery_pause(struct discovery *discovery, bool paused) {
    discovery->paused = paused;
}

void discovery_stop(struct discovery *discovery) {
    struct feed_search *feed_search;
    STAILQ_FOREACH(feed_search, &discovery->feed_searches, next)
        if (feed_search->stand == STAND_READY) feed_search->stand = STAND_ENDED;
}

bool discovery_finished(const struct discovery *discovery) {
    const struct feed_search *feed_search;
    STAILQ_FOREACH(feed_search, &discovery->feed_searches, next)
        if (feed_search->stand != STAND_ENDED) return false;
    return true;
}

void discovery_settle(struct discovery *discovery) {
    struct feed_search *feed_search;
    STAILQ_FOREACH(feed_search, &discovery->feed_searches, next)
        if (feed_search->opened && feed_search->stand == STAND_ENDED && !feed_search->report.failed &&
            feed_search->source->settled)
            feed_search->source->settled(feed_search->state);
}
