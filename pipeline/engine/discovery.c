#include "pipeline/engine/discovery.h"

#include <stdlib.h>

#include "pipeline/net/dispatcher.h"

enum { STEPS_A_TURN = 256 };

enum stand { STAND_READY, STAND_ASKING, STAND_ENDED };

struct explorer {
    struct discovery *discovery;
    const struct source *source;
    void *state;
    struct discovered report;
    struct exchange exchange;
    struct arena *arena; /* of the exchange under way, or of the one that is read now */
    bool has_reply, opened;
    enum stand stand;
    struct explorer *next;
};

struct discovery {
    struct courier *courier;
    discovery_found *found;
    discovery_failed *failed;
    void *context;
    struct explorer *explorers, **last;
    bool paused;
};

struct discovery *discovery_new(struct courier *courier, discovery_found *found, discovery_failed *failed,
                                void *context) {
    struct discovery *discovery = memory_take(sizeof *discovery);
    *discovery = (struct discovery){.courier = courier, .found = found, .failed = failed, .context = context};
    discovery->last = &discovery->explorers;
    return discovery;
}

static void drop_exchange(struct explorer *explorer) {
    exchange_clear(&explorer->exchange);
    arena_free(explorer->arena);
    explorer->arena = NULL;
    explorer->has_reply = false;
}

void discovery_free(struct discovery *discovery) {
    if (!discovery) return;
    for (struct explorer *explorer = discovery->explorers, *next; explorer; explorer = next) {
        next = explorer->next;
        drop_exchange(explorer);
        if (explorer->opened && explorer->source->close) explorer->source->close(explorer->state);
        free(explorer);
    }
    free(discovery);
}

static void note_failure(struct explorer *explorer, const struct failure *failure) {
    struct discovered *report = &explorer->report;
    report->failure = *failure;
    if (failure->reach == REACH_ARTICLE)
        report->unusable += failure->remedy != REMEDY_NEXT_RUN;
    else
        report->failed = true;
    explorer->discovery->failed(explorer->discovery->context, report, failure);
}

bool discovery_add(struct discovery *discovery, const struct source *source, const struct source_context *context) {
    struct explorer *explorer = memory_take(sizeof *explorer);
    *explorer = (struct explorer){.discovery = discovery, .source = source, .report.name = context->name};
    *discovery->last = explorer;
    discovery->last = &explorer->next;
    struct failure failure = {0};
    explorer->opened = source->open(context, &explorer->state, &failure);
    if (explorer->opened) return true;
    explorer->stand = STAND_ENDED;
    failure.reach = REACH_SERVICE;
    note_failure(explorer, &failure);
    return false;
}

static void take_reply(void *context, struct exchange *exchange) {
    struct explorer *explorer = context;
    (void)exchange;
    explorer->has_reply = true;
    explorer->stand = STAND_READY;
}

static void ask(struct explorer *explorer, struct exchange *next, struct arena *arena) {
    drop_exchange(explorer);
    explorer->exchange = *next;
    explorer->arena = arena;
    explorer->stand = STAND_ASKING;
    courier_send(explorer->discovery->courier, &explorer->exchange, take_reply, explorer);
}

/* One step; returns whether another may follow at once. */
static bool step(struct explorer *explorer) {
    struct discovery *discovery = explorer->discovery;
    struct article *article = NULL;
    struct failure failure = {0};
    struct exchange next;
    struct arena *arena = arena_new();
    exchange_start(&next, EXCHANGE_HTTP, arena);
    enum source_step taken = explorer->source->step(explorer->state, explorer->has_reply ? &explorer->exchange : NULL,
                                                    &next, &article, &failure);
    if (taken == SOURCE_ASK) {
        ask(explorer, &next, arena);
        return false;
    }
    arena_free(arena);
    drop_exchange(explorer);
    switch (taken) {
    case SOURCE_ITEM:
        explorer->report.items++;
        if (!discovery->found(discovery->context, &explorer->report, article)) explorer->report.known++;
        return true;
    case SOURCE_KNOWN:
        explorer->report.items++;
        explorer->report.known++;
        discovery->found(discovery->context, &explorer->report, NULL);
        return true;
    case SOURCE_FAIL:
        note_failure(explorer, &failure);
        if (failure.reach == REACH_ARTICLE) return true;
        explorer->stand = STAND_ENDED;
        return false;
    case SOURCE_END:
        explorer->stand = STAND_ENDED;
        return false;
    case SOURCE_ASK:
        break;
    }
    return false;
}

bool discovery_turn(struct discovery *discovery) {
    bool moved = false;
    for (struct explorer *explorer = discovery->explorers; explorer; explorer = explorer->next)
        for (int i = 0; i < STEPS_A_TURN && explorer->stand == STAND_READY && !discovery->paused; i++) {
            moved = true;
            if (!step(explorer)) break;
        }
    return moved;
}

void discovery_pause(struct discovery *discovery, bool paused) {
    discovery->paused = paused;
}

void discovery_stop(struct discovery *discovery) {
    for (struct explorer *explorer = discovery->explorers; explorer; explorer = explorer->next)
        if (explorer->stand == STAND_READY) explorer->stand = STAND_ENDED;
}

bool discovery_finished(const struct discovery *discovery) {
    for (const struct explorer *explorer = discovery->explorers; explorer; explorer = explorer->next)
        if (explorer->stand != STAND_ENDED) return false;
    return true;
}

void discovery_settle(struct discovery *discovery) {
    for (struct explorer *explorer = discovery->explorers; explorer; explorer = explorer->next)
        if (explorer->opened && explorer->stand == STAND_ENDED && !explorer->report.failed && explorer->source->settled)
            explorer->source->settled(explorer->state);
}
