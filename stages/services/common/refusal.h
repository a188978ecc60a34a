/* What a service's error means, by its status and its own words. The words are data (tables/services/errors.tsv), so
 * that the same means the same for every adapter. */
#ifndef STAGES_SERVICES_COMMON_REFUSAL_H
#define STAGES_SERVICES_COMMON_REFUSAL_H

#include "pipeline/base/json.h"
#include "pipeline/base/table.h"
#include "pipeline/net/exchange.h"

enum { REFUSAL_WORDS = 48 };

/* All that an error says, wherever in its JSON it says it. */
struct refusal_words {
    struct span at[REFUSAL_WORDS]; /* messages, codes, types ... */
    size_t count;
    struct span sentence; /* the one for people */
    long status;          /* named in the error itself; 0: none */
};

/* `root` may be NULL: then the reply's text is the sentence, unless it is a web page. Borrowed from both and the arena.
 */
struct refusal_words refusal_read(const cJSON *root, struct span reply, struct arena *arena);

/* Who asks: the adapter, and whether it is one for language models. */
struct refusal_asker {
    const char *service;
    bool chat;
};

/* The table's first line that fits, or NULL. Of a success (2xx) only lines that name its status fit. */
const struct row *refusal_find(const struct table *table, const struct refusal_asker *asker, long status,
                               const struct refusal_words *words);
enum exchange_refusal refusal_kind(const struct row *row);
/* What the limiter is told. */
enum exchange_verdict refusal_verdict(enum exchange_refusal kind);
/* "try again in 2s", "1m30s", "350ms": milliseconds, or -1. */
long refusal_wait(struct span sentence);

#endif
