#include "tools/lexicon/id_map.h"

#include <stdlib.h>
#include <string.h>

#include "pipeline/base/arena.h"

enum { FIRST_CAPACITY = 1024 };

/* The keys are hashes already. */
static size_t find_slot(const struct id_map *map, uint64_t key) {
    size_t slot = (size_t)key & (map->capacity - 1);
    while (map->ids[slot] && map->keys[slot] != key) slot = (slot + 1) & (map->capacity - 1);
    return slot;
}

static void grow_map(struct id_map *map) {
    struct id_map old = *map;
    map->capacity = old.capacity ? 2 * old.capacity : FIRST_CAPACITY;
    map->keys = memory_take(map->capacity * sizeof *map->keys);
    map->ids = memory_take(map->capacity * sizeof *map->ids);
    for (size_t i = 0; i < old.capacity; i++) {
        if (!old.ids[i]) continue;
        size_t slot = find_slot(map, old.keys[i]);
        map->keys[slot] = old.keys[i];
        map->ids[slot] = old.ids[i];
    }
    free(old.keys);
    free(old.ids);
}

uint32_t id_map_add(struct id_map *map, uint64_t key) {
    if (2 * map->count >= map->capacity) grow_map(map);
    size_t slot = find_slot(map, key);
    if (!map->ids[slot]) {
        map->keys[slot] = key;
        map->ids[slot] = (uint32_t)++map->count;
    }
    return map->ids[slot] - 1;
}

void id_map_free(struct id_map *map) {
    free(map->keys);
    free(map->ids);
    *map = (struct id_map){.capacity = 0};
}

void *grow_array(void *items, size_t count, size_t *capacity, size_t item_size) {
    if (count < *capacity) return items;
    *capacity = *capacity ? 2 * *capacity : FIRST_CAPACITY;
    return memory_resize(items, *capacity * item_size);
}
