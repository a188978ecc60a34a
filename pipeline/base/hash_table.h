/* A hash table that maps byte strings to pointers. Each key occurs once; a lookup takes constant time on average.
 *
 * The table owns only its array of entries. Keys are borrowed: their bytes must not move or change while the entry is
 * in the table, so a key usually lies in an arena, or in the value itself, which must live until the table is freed.
 * Values belong to the caller and are never NULL.
 *
 * The array doubles whenever it would become more than half full, and never shrinks. A slot takes 32 bytes; the first
 * entry allocates the first array. A table in an arena leaves outgrown arrays to the arena, which at most doubles its
 * memory; a table on the heap frees them.
 *
 * Keys are hashed with XXH3 and a random seed per table, so that someone who chooses the keys (host names, for example)
 * cannot make them collide. The order of the entries therefore differs from run to run, and no output may depend on it.
 * Any number of threads may look up keys at the same time as long as no thread changes the table. */
#ifndef PIPELINE_BASE_HASH_TABLE_H
#define PIPELINE_BASE_HASH_TABLE_H

#include "pipeline/base/arena.h"

struct hash_entry;

/* A zeroed struct is an empty table on the heap. */
struct hash_table {
    struct arena *arena; /* owns the array of entries; NULL = the heap */
    struct hash_entry *entries;
    size_t count, capacity; /* capacity is 0 or a power of two */
    uint64_t seed;
};

#define HASH_TABLE(owner) ((struct hash_table){.arena = (owner)})

/* Frees the entries of a table on the heap. The table is empty afterwards and may be used again. */
void hash_table_free(struct hash_table *table);
/* Returns the value of `key`, or NULL. */
void *hash_table_find(const struct hash_table *table, struct span key);
/* Adds `key`, or replaces its value. In both cases the table borrows the bytes of `key` passed now and no longer needs
 * those of an earlier call. */
void hash_table_set(struct hash_table *table, struct span key, void *value);
/* Removes `key` and returns its value, or NULL if it was not in the table. */
void *hash_table_remove(struct hash_table *table, struct span key);
/* Returns the value at or after *position and moves *position past it, or returns NULL at the end. Start with *position
 * = 0. The table must not change while it is being walked. */
void *hash_table_next(const struct hash_table *table, size_t *position);

#endif
