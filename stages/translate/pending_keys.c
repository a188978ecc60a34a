#include "stages/translate/pending_keys.h"

#include <stdlib.h>
#include <string.h>

enum { BUCKETS = 4096 };

struct claim {
    struct memory_key key;
    struct claim *next;
};

struct pending_keys {
    struct claim *buckets[BUCKETS];
};

struct pending_keys *pending_keys_new(void) {
    return memory_take(sizeof(struct pending_keys));
}

void pending_keys_free(struct pending_keys *pending_keys) {
    if (!pending_keys) return;
    for (size_t i = 0; i < BUCKETS; i++)
        for (struct claim *claim = pending_keys->buckets[i], *next; claim; claim = next) {
            next = claim->next;
            free(claim);
        }
    free(pending_keys);
}

/* The key is a piece of SHA-256, so any of its bits are a good hash. */
static struct claim **find(struct pending_keys *pending_keys, const struct memory_key *key) {
    struct claim **link = &pending_keys->buckets[(key->bytes[0] | key->bytes[1] << 8) % BUCKETS];
    while (*link && memcmp((*link)->key.bytes, key->bytes, sizeof key->bytes) != 0) link = &(*link)->next;
    return link;
}

bool pending_keys_take(struct pending_keys *pending_keys, const struct memory_key *key) {
    struct claim **link = find(pending_keys, key);
    if (*link) return false;
    *link = memory_take(sizeof **link);
    (*link)->key = *key;
    return true;
}

void pending_keys_drop(struct pending_keys *pending_keys, const struct memory_key *key) {
    struct claim **link = find(pending_keys, key), *claim = *link;
    if (!claim) return;
    *link = claim->next;
    free(claim);
}
