/* For tests of what only the store on a server has. They need TEST_POSTGRESQL and skip without it; each test has a
 * schema of its own. */
#ifndef TESTS_UNIT_ANY_SERVER_H
#define TESTS_UNIT_ANY_SERVER_H

#include "unit/any_store.h"

static char any_server_address[300];

static inline int any_server_begin(void **state) {
    (void)state;
    if (any_store_server()) any_store_address(NULL, any_server_address);
    return 0;
}

/* Opens the store as one more of those who use it. */
static inline struct store *any_server_join(enum store_lock lock) {
    struct store *store = NULL;
    struct failure failure = {0};
    if (!store_connect(any_server_address, NULL, lock, &store, &failure)) fail_msg("%s", failure.sentence);
    return store;
}

/* Runs a statement in the schema, as somebody else. */
static inline void any_server_run(const char *script) {
    struct database *database = NULL;
    struct failure failure = {0};
    assert_true(database_postgresql_open(any_server_address, NULL, &database, &failure));
    if (!database_run(database, script)) {
        database_fail(database, NULL, false, &failure);
        fail_msg("%s", failure.sentence);
    }
    database_close(database);
}

#endif
