/* Articles that are looked up ahead. In a file a look-up costs microseconds, on a server a round trip, and there is one
 * for every item of a source; so they are looked up together in one statement. */
#ifndef PIPELINE_STORE_STORE_AHEAD_H
#define PIPELINE_STORE_STORE_AHEAD_H

#include "pipeline/store/store.h"

/* Looks up the articles with these ids. Until the next call, or until store_put() changes the article, store_knows()
 * answers for them without asking the database. Does nothing for a file. */
void store_look_ahead_articles(struct store *store, const char *const *ids, size_t count);

/* Lets the lookups that follow share a transaction, until the caller commits: outside of one, the file is locked and
 * unlocked for each. Has no effect on a store on a server, or on one that is only read. */
void store_look_up_together(struct store *store);

#endif
