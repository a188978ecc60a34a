#include "stages/translate/pending_keys.h"

#include <stdlib.h>

#include "pipeline/base/hash_table.h"

/* Maps the bytes of each memory key to an allocated copy of the memory key, which owns these bytes. */
struct pending_keys {
    struct hash_table keys;
};

struct pending_keys *pending_keys_new(void) {
    return memory_take(sizeof(struct pending_keys));
}

void pending_keys_free(struct pending_keys *pending_keys) {
    if (!pending_keys) return;
    size_t position = 0;
    for (void *key; (key = hash_table_next(&pending_keys->keys, &position));) free(key);
    hash_table_free(&pending_keys->keys);
    free(pending_keys);
}

/* Returns the bytes of a memory key, by which the map finds it. */
static struct span bytes_of(const struct memory_key *key) {
    return (struct span){(const char *)key->bytes, sizeof key->bytes};
}

bool pending_keys_has(const struct pending_keys *pending_keys, const struct memory_key *key) {
    return hash_table_find(&pending_keys->keys, bytes_of(key));
}

void pending_keys_add(struct pending_keys *pending_keys, const struct memory_key *key) {
    if (pending_keys_has(pending_keys, key)) return;
    struct memory_key *copy = memory_take(sizeof *copy);
    *copy = *key;
    hash_table_set(&pending_keys->keys, bytes_of(copy), copy);
}

void pending_keys_drop(struct pending_keys *pending_keys, const struct memory_key *key) {
    free(hash_table_remove(&pending_keys->keys, bytes_of(key)));
}
