/* For tests of what only the store on a server has. They need TEST_POSTGRESQL and skip without it; each test has a
 * schema of its own. */
#ifndef TESTS_UNIT_ANY_SERVER_H
#define TESTS_UNIT_ANY_SERVER_H

#include "pipeline/base/arena.h"
#include "pipeline/store/store_internal.h"
#include "unit/any_store.h"

/* Of the test that is running. */
static char any_server_address[300];
static struct arena *arena;

static inline int any_server_begin(void **state) {
    (void)state;
    arena = arena_new();
    if (any_store_server()) any_store_address(NULL, any_server_address);
    return 0;
}

static inline int any_server_end(void **state) {
    (void)state;
    arena_free(arena);
    return 0;
}

#define SERVER_TEST(function) cmocka_unit_test_setup_teardown(function, any_server_begin, any_server_end)

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

/* Returns the only column of the only row. */
static inline int64_t any_server_number(struct database *database, const char *question) {
    struct statement *statement = database_prepare(database, question);
    assert_non_null(statement);
    assert_int_equal(statement_step(statement), STATEMENT_ROW);
    int64_t number = statement_integer(statement, 0);
    statement_free(statement);
    return number;
}

/* ---------------------------------------------------------------- articles */

/* Puts an article that was found; its id is the number. */
static inline bool any_server_put(struct store *store, int number, struct span record) {
    struct article_row row = {.article_state = ARTICLE_STATE_FOUND, .record = record};
    snprintf(row.id, sizeof row.id, "%032x", (unsigned)number);
    return store_put(store, &row, NULL);
}

/* Puts the articles from 0 on, and closes the store that did so. */
static inline void any_server_find(int count) {
    struct store *store = any_server_join(STORE_UNLOCKED);
    for (int i = 0; i < count; i++) assert_true(any_server_put(store, i, SPAN("{}")));
    assert_true(store_commit(store, NULL));
    store_close(store);
}

static inline size_t any_server_count(struct store *store, enum article_state article_state) {
    size_t counts[7];
    store_counts(store, counts);
    return counts[article_state];
}

/* ---------------------------------------------------------------- connections */

/* Returns the process of the server's that serves the store. */
static inline int64_t any_server_pid(struct store *store) {
    return any_server_number(store->database, "SELECT CAST(pg_backend_pid() AS BIGINT)");
}

/* Ends the connection, as a server does that is stopped. */
static inline void any_server_end_connection(int64_t pid) {
    char script[100];
    snprintf(script, sizeof script, "SELECT pg_terminate_backend(%lld, 10000)", (long long)pid);
    any_server_run(script);
}

/* For a thread. Returns NULL if the store was flushed. */
static inline void *any_server_flush(void *store) {
    struct failure failure = {0};
    if (!store_make_durable(store, &failure)) printf("%s\n", failure.sentence);
    return failure.reach == REACH_NONE ? NULL : store;
}

#endif
