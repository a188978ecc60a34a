/* Lets a test program use either kind of store: store_open() opens a file or memory, or, if TEST_POSTGRESQL is the
 * address of a database, a schema of that database for each path, and a new one for NULL. */
#ifndef TESTS_UNIT_ANY_STORE_H
#define TESTS_UNIT_ANY_STORE_H

#include "unit/cmocka_test.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "pipeline/store/database_postgresql.h"
#include "pipeline/store/store.h"
#include "pipeline/store/store_postgresql.h"

/* NULL = the store is a file. */
static inline const char *any_store_server(void) {
    return getenv("TEST_POSTGRESQL");
}

static inline void any_store_run(const char *script) {
    struct database *database = NULL;
    struct failure failure = {0};
    if (!database_postgresql_open(any_store_server(), NULL, &database, &failure)) fail_msg("%s", failure.sentence);
    if (!database_run(database, script)) {
        database_fail(database, NULL, false, &failure);
        fail_msg("%s: %s", script, failure.sentence);
    }
    database_close(database);
}

/* Writes the address of the path's schema, which is created. */
static inline void any_store_address(const char *place, char ret_address[300]) {
    static unsigned count;
    char schema[40], script[100];
    if (place)
        snprintf(schema, sizeof schema, "path_%016llx", (unsigned long long)span_hash(span_of(place)));
    else
        snprintf(schema, sizeof schema, "memory_%ld_%u", (long)getpid(), count++);
    snprintf(script, sizeof script, "CREATE SCHEMA IF NOT EXISTS %s", schema);
    any_store_run(script);
    snprintf(ret_address, 300, "%s&options=-csearch_path%%3D%s", any_store_server(), schema);
}

static inline bool any_store_open(const char *place, bool exclusive, struct store **ret_store,
                                  struct failure *ret_failure) {
    char address[300];
    if (!any_store_server()) return store_open(place, exclusive, ret_store, ret_failure);
    any_store_address(place, address);
    return store_connect(address, NULL, exclusive ? STORE_LOCKED : STORE_UNLOCKED, ret_store, ret_failure);
}

#define store_open any_store_open

#endif
