/* Numbers keys in the order in which they are first seen: 0, 1, 2. Zero-initialize. */
#ifndef TOOLS_LEXICON_ID_MAP_H
#define TOOLS_LEXICON_ID_MAP_H

#include <stddef.h>
#include <stdint.h>

struct id_map {
    uint64_t *keys; /* by slot */
    uint32_t *ids;  /* by slot; one more than the number, 0 if the slot is free */
    size_t capacity, count;
};

/* Returns the number of the key, which is the old count if the key is new. */
uint32_t id_map_add(struct id_map *map, uint64_t key);
void id_map_free(struct id_map *map);

/* Returns the array, moved to twice the memory if all of its `capacity` items are in use. */
void *grow_array(void *items, size_t count, size_t *capacity, size_t item_size);

#endif
