#include "stages/translate/pending_keys.h"

#include <stdlib.h>
#include <string.h>

enum { BUCKETS = 4096 };

struct claim {
    struct memory_key key;
    struct claim *next;
};

struct claims {
    struct claim *buckets[BUCKETS];
};

struct claims *claims_new(void) {
    return memory_take(sizeof(struct claims));
}

void claims_free(struct claims *claims) {
    if (!claims) return;
    for (size_t i = 0; i < BUCKETS; i++)
        for (struct claim *claim = claims->buckets[i], *next; claim; claim = next) {
            next = claim->next;
            free(claim);
        }
    free(claims);
}

/* The key is a piece of SHA-256, so any of its bits are a good hash. */
static struct claim **find(struct claims *claims, const struct memory_key *key) {
    struct claim **link = &claims->buckets[(key->bytes[0] | key->bytes[1] << 8) % BUCKETS];
    while (*link && memcmp((*link)->key.bytes, key->bytes, sizeof key->bytes) != 0) link = &(*link)->next;
    return link;
}

bool claims_take(struct claims *claims, const struct memory_key *key) {
    struct claim **link = find(claims, key);
    if (*link) return false;
    *link = memory_take(sizeof **link);
    (*link)->key = *key;
    return true;
}

void claims_drop(struct claims *claims, const struct memory_key *key) {
    struct claim **link = find(claims, key), *claim = *link;
    if (!claim) return;
    *link = claim->next;
    free(claim);
}
