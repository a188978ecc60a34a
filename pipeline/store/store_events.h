/* Events of each article, for `explain`: when it was found, which services were asked and at what cost, what it waited
 * for, how it ended. The last EVENTS_KEPT events of an article are kept until its record is pruned. */
#ifndef PIPELINE_STORE_STORE_EVENTS_H
#define PIPELINE_STORE_STORE_EVENTS_H

#include "pipeline/store/store.h"

enum { EVENTS_KEPT = 20 };

/* The first six are the states into which an article came; the numbers stand in the database. */
enum event_kind {
    EVENT_FOUND = ARTICLE_STATE_FOUND,
    EVENT_WAITS = ARTICLE_STATE_WAITING,
    EVENT_DONE = ARTICLE_STATE_DONE,
    EVENT_SKIPPED = ARTICLE_STATE_SKIPPED,
    EVENT_DUPLICATE = ARTICLE_STATE_DUPLICATE,
    EVENT_FAILED = ARTICLE_STATE_DEAD,
    EVENT_ASKED,   /* a service answered, and was paid */
    EVENT_RETRIED, /* the user has asked for another try */
    EVENT_KINDS
};

/* Several in a row that say the same are one: the first was at `at`, the last at `until`. */
struct event {
    enum event_kind kind;
    struct span at, until; /* ISO 8601, UTC */
    unsigned times;
    struct span service;   /* ASKED: its name */
    struct span note;      /* why it waits, failed or was skipped, what it is a duplicate of, or what is missing */
    struct bill_line cost; /* ASKED: the amounts */
};

/* Returns the name that users see: "found", "asked". */
const char *event_kind_name(enum event_kind kind);
/* Notes that an article came into a state. store_put() calls it. */
bool store_note_state(struct store *store, const struct article_row *row, struct failure *ret_failure);
/* Notes what was paid for an article. */
bool store_note_cost(struct store *store, const char *id, const struct bill_line *cost, struct failure *ret_failure);
/* Calls `event` for the last EVENTS_KEPT events of the article, oldest first. Spans are valid during the call. */
void store_each_event(struct store *store, const char *id, void (*event)(void *context, const struct event *event),
                      void *context);

#endif
