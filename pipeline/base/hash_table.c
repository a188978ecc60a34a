#include "pipeline/base/hash_table.h"

#include <stdlib.h>
#include <sys/random.h>
#define XXH_INLINE_ALL /* keys are short: a function call would cost as much as the hash */
#include <xxhash.h>

enum { FIRST_CAPACITY = 16 };

struct hash_entry {
    struct span key;
    uint64_t hash; /* hash of the key; kept, so that growing the table need not compute it again */
    void *value;   /* NULL = the slot is free */
};

/* The seed differs per table (see make_seed), which makes collisions unpredictable. */
static uint64_t hash_key(const struct hash_table *table, struct span key) {
    return XXH3_64bits_withSeed(key.at, key.length, table->seed);
}

/* Returns the entry of `key`, or the free slot where it belongs (open addressing with linear probing). The table is at
 * most half full, so the loop ends. */
static struct hash_entry *find_slot(const struct hash_table *table, struct span key, uint64_t hash) {
    size_t mask = table->capacity - 1, at = hash & mask;
    for (; table->entries[at].value; at = (at + 1) & mask)
        if (table->entries[at].hash == hash && span_equal(table->entries[at].key, key)) break;
    return &table->entries[at];
}

/* If the kernel has no random numbers, use the table's address, which is random where address space layout
 * randomisation is on. */
static uint64_t make_seed(const struct hash_table *table) {
    uint64_t seed;
    return getrandom(&seed, sizeof seed, 0) == sizeof seed ? seed : (uintptr_t)table;
}

/* Moves all entries to an array twice as large. The stored hashes save hashing the keys again. */
static void grow(struct hash_table *table) {
    /* The copy keeps the arena, the seed and the count. */
    struct hash_table larger = *table;
    larger.capacity = table->capacity ? table->capacity * 2 : FIRST_CAPACITY;
    size_t size = larger.capacity * sizeof *larger.entries;
    larger.entries = table->arena ? arena_take(table->arena, size) : memory_take(size);
    for (size_t i = 0; i < table->capacity; i++) {
        const struct hash_entry *entry = &table->entries[i];
        /* No key occurs twice, so each entry ends up in a free slot. */
        if (entry->value) *find_slot(&larger, entry->key, entry->hash) = *entry;
    }
    if (!table->arena) free(table->entries);
    *table = larger;
}

void hash_table_free(struct hash_table *table) {
    if (!table->arena) free(table->entries);
    *table = HASH_TABLE(table->arena);
}

void *hash_table_find(const struct hash_table *table, struct span key) {
    /* An empty table may have no array yet. */
    return table->count ? find_slot(table, key, hash_key(table, key))->value : NULL;
}

void hash_table_set(struct hash_table *table, struct span key, void *value) {
    /* The seed must not change later, because the stored hashes depend on it. */
    if (!table->capacity) table->seed = make_seed(table);
    if (table->count * 2 >= table->capacity) grow(table);
    uint64_t hash = hash_key(table, key);
    struct hash_entry *place = find_slot(table, key, hash);
    table->count += place->value == NULL;
    *place = (struct hash_entry){key, hash, value};
}

/* Closes the gap that removing an entry leaves in the array, so that removed entries need not be marked as deleted.
 * Each entry after the gap moves into it, which makes the entry's old slot the gap. An entry whose home slot lies
 * between the gap and the entry does not move, because a search for it begins at its home slot. */
static void close_gap(struct hash_table *table, size_t gap) {
    size_t mask = table->capacity - 1;
    for (size_t at = (gap + 1) & mask; table->entries[at].value; at = (at + 1) & mask) {
        /* Distance from the entry's home slot to its present slot. If the gap is farther back than the home slot, the
         * entry must not move. */
        size_t from_home = (at - table->entries[at].hash) & mask;
        if (from_home < ((at - gap) & mask)) continue;
        table->entries[gap] = table->entries[at];
        gap = at;
    }
    table->entries[gap] = (struct hash_entry){.value = NULL};
}

void *hash_table_remove(struct hash_table *table, struct span key) {
    struct hash_entry *entry = table->count ? find_slot(table, key, hash_key(table, key)) : NULL;
    void *value = entry ? entry->value : NULL;
    if (!value) return NULL;
    close_gap(table, (size_t)(entry - table->entries));
    table->count--;
    return value;
}

void *hash_table_next(const struct hash_table *table, size_t *position) {
    while (*position < table->capacity) {
        void *value = table->entries[(*position)++].value;
        if (value) return value;
    }
    return NULL;
}
