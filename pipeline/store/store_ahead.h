/* Translations that are looked up ahead. In a file a lookup costs microseconds, on a server a round trip, and an
 * article has one or two for every sentence; so all of them are asked for in one statement. */
#ifndef PIPELINE_STORE_STORE_AHEAD_H
#define PIPELINE_STORE_STORE_AHEAD_H

#include "pipeline/store/store.h"

/* Looks up the translations of these keys. Until the next call, or until the memory changes, store_recall() answers for
 * them without asking the database. Keys that it is not given are looked up one by one. */
void store_look_ahead(struct store *store, const struct memory_key *keys, size_t count);

/* Lets the lookups that follow share a transaction, until the caller commits: outside of one, the file is locked and
 * unlocked for each. Has no effect on a store on a server, or on one that is only read. */
void store_look_up_together(struct store *store);

#endif
