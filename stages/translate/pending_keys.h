/* The translation memory keys of all texts that have been requested from services but not answered yet. If two articles
 * contain the same sentence, only one of them requests (and pays for) its translation. */
#ifndef STAGES_TRANSLATE_PENDING_KEYS_H
#define STAGES_TRANSLATE_PENDING_KEYS_H

#include "pipeline/store/store.h"

struct pending_keys;

struct pending_keys *pending_keys_new(void);
void pending_keys_free(struct pending_keys *pending_keys); /* accepts NULL */
/* Adds the key, unless it is already there. */
void pending_keys_add(struct pending_keys *pending_keys, const struct memory_key *key);
bool pending_keys_has(const struct pending_keys *pending_keys, const struct memory_key *key);
/* Removes the key. */
void pending_keys_drop(struct pending_keys *pending_keys, const struct memory_key *key);

#endif
