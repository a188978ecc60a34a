/* A hash table from byte strings to pointers: one entry a key, found in constant time on average.
 *
 * The table owns its array of entries and nothing else. Keys are borrowed: their bytes must stay where they are and as
 * they are for as long as the entry is in the table, so a key usually lies in the arena, or in the value, that lives
 * as long as the table. Values are the caller's and never NULL.
 *
 * The array doubles whenever it would be more than half full and never shrinks; 32 bytes a place, nothing before the
 * first entry. A table in an arena leaves outgrown arrays to the arena, which costs at most as much again; a table on
 * the heap frees them.
 *
 * Hashed with XXH3 and a random seed for each table, so whoever chooses the keys (host names, for one) cannot know
 * which of them fall on the same place. The order of the entries therefore differs from run to run: nothing that is
 * written may depend on it. Any number of threads may look up at the same time while nobody changes the table. */
#ifndef PIPELINE_BASE_HASH_TABLE_H
#define PIPELINE_BASE_HASH_TABLE_H

#include "pipeline/base/arena.h"

struct hash_entry;

/* Empty and on the heap when zeroed. */
struct hash_table {
    struct arena *arena; /* owns the entries; NULL: the heap does */
    struct hash_entry *entries;
    size_t count, capacity; /* capacity is 0 or a power of two */
    uint64_t seed;
};

#define HASH_TABLE(owner) ((struct hash_table){.arena = (owner)})

/* For tables on the heap; leaves an empty one. */
void hash_table_free(struct hash_table *table);
/* The key's value, or NULL. */
void *hash_table_find(const struct hash_table *table, struct span key);
/* Adds the key, or gives it another value; the table borrows the bytes given now, not those given before. */
void hash_table_set(struct hash_table *table, struct span key, void *value);
/* Takes the key out and returns its value, or NULL when it was not in the table. */
void *hash_table_remove(struct hash_table *table, struct span key);
/* The next value from *position on (0 at first), which moves behind it; NULL at the end. The table must not change
 * meanwhile. */
void *hash_table_next(const struct hash_table *table, size_t *position);

#endif
