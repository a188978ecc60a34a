/* Finds out what an error of a service means, from the status and the words of the error. A table (services/errors.tsv)
 * says what they mean, in the same way for all adapters. */
#ifndef STAGES_SERVICES_COMMON_REFUSAL_H
#define STAGES_SERVICES_COMMON_REFUSAL_H

#include "pipeline/base/json.h"
#include "pipeline/base/table.h"
#include "pipeline/net/exchange.h"

enum { REFUSAL_WORDS = 48 };

/* All words of an error, from anywhere in its JSON. */
struct refusal_words {
    struct span at[REFUSAL_WORDS]; /* messages, codes, types and similar strings */
    size_t count;
    struct span sentence; /* the human-readable message */
    long status;          /* status named in the error itself; 0 if there is none */
};

/* Collects the words of an error. If `root` is NULL, the text of the reply is the message, unless it is a web page. The
 * spans are borrowed from the reply and the arena. */
struct refusal_words refusal_read(const cJSON *root, struct span reply, struct arena *arena);

/* The name of the adapter that received the error, and whether it is for language models. */
struct refusal_asker {
    const char *service;
    bool chat;
};

/* Returns the first matching row of the table, or NULL. For a success (2xx), only rows that name its status match. */
const struct row *refusal_find(const struct table *table, const struct refusal_asker *asker, long status,
                               const struct refusal_words *words);
enum exchange_refusal refusal_kind(const struct row *row);
/* Returns the verdict that the limiter receives for a refusal of this kind. */
enum exchange_verdict refusal_verdict(enum exchange_refusal kind);
/* Returns the milliseconds in a message such as "try again in 2s", "1m30s" or "350ms", or -1 if there is none. */
long refusal_wait(struct span sentence);

#endif
