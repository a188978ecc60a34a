/* A store in memory and an arena, created anew for each test. */
#ifndef TESTS_UNIT_EMPTY_STORE_H
#define TESTS_UNIT_EMPTY_STORE_H

#include "pipeline/base/arena.h"
#include "unit/any_store.h"

static struct store *store;
static struct arena *arena;

static int open_store(void **state) {
    (void)state;
    arena = arena_new();
    return store_open(NULL, false, &store, NULL) ? 0 : -1;
}

static int close_store(void **state) {
    (void)state;
    store_close(store);
    arena_free(arena);
    return 0;
}

#endif
