/* Determines the meaning of a service's error from its status and its words, according to a table that all adapters
 * share (services/errors.tsv). */
#ifndef STAGES_SERVICES_COMMON_REFUSAL_H
#define STAGES_SERVICES_COMMON_REFUSAL_H

#include "pipeline/base/json.h"
#include "pipeline/base/table.h"
#include "pipeline/net/exchange.h"

enum { REFUSAL_WORDS = 48 };

/* All words of an error, from anywhere in its JSON. */
struct refusal_words {
    struct span at[REFUSAL_WORDS]; /* the messages, codes, types and similar strings in the error */
    size_t count;
    struct span sentence; /* the human-readable message */
    long status;          /* status given in the error itself; 0 if there is none */
};

/* Collects the words of an error. If the reply is not JSON (`root` is NULL), its text is the message, unless it is a
 * web page. The spans are borrowed from the reply and the arena. */
struct refusal_words refusal_read(const cJSON *root, struct span reply, struct arena *arena);

/* The adapter that received the error: its name, and whether it is an adapter for language models. */
struct refusal_asker {
    const char *service;
    bool chat;
};

/* Returns the first row of the table that matches, or NULL. A successful status (2xx) matches only rows that list that
 * status. */
const struct row *refusal_find(const struct table *table, const struct refusal_asker *asker, long status,
                               const struct refusal_words *words);
enum exchange_refusal refusal_kind(const struct row *row);
/* Returns the verdict to pass to the limiter for a refusal of this kind. */
enum exchange_verdict refusal_verdict(enum exchange_refusal kind);
/* Returns the milliseconds in a message such as "try again in 2s", "1m30s" or "350ms", or -1 if there is none. */
long refusal_wait(struct span sentence);

#endif
