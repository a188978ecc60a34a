/* Writes to a server that nobody waits for. Needs TEST_POSTGRESQL. */
#define _GNU_SOURCE
#include "unit/failure_is.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pipeline/store/store_internal.h"
#include "pipeline/store/store_questions.h"
#include "unit/any_server.h"

enum { MANY = 200, LARGE = 20 << 20 };

/* While the table is locked, the server answers nothing, and whoever waited would fail with its limit. */
static void a_write_does_not_wait(void **state) {
    (void)state;
    struct bill_line line = {.day = SPAN("2026-01-29"), .service = SPAN("s"), .source = SPAN("a"), .requests = 1};
    if (!any_store_server()) skip();
    struct store *store = any_server_join(STORE_UNLOCKED), *other = any_server_join(STORE_UNLOCKED);
    assert_true(any_server_put(store, 0, SPAN("{}")) && store_commit(store, NULL));
    assert_true(database_begin(other->database) && database_run(other->database, "LOCK TABLE bill"));
    for (int i = 0; i < MANY; i++) {
        assert_true(store_bill(store, &line, NULL));
        assert_true(store_tell(store, SPAN("k"), SPAN("v"), SPAN("now"), NULL));
        assert_true(store_queue_commit(store, NULL));
    }
    assert_true(database_commit(other->database));
    assert_true(store_make_durable(store, NULL));
    assert_true(store_spent(other, SPAN(""), SPAN(""), SPAN("")).requests == MANY);
    store_close(store);
    store_close(other);
}

static void the_error_of_a_queued_statement_ends_its_transaction_only(void **state) {
    (void)state;
    struct failure failure = {0};
    if (!any_store_server()) skip();
    struct store *store = any_server_join(STORE_UNLOCKED);
    any_server_run("ALTER TABLE told RENAME TO elsewhere");
    assert_true(any_server_put(store, 1, SPAN("{}")));
    assert_true(store_tell(store, SPAN("k"), SPAN("v"), SPAN("now"), NULL));
    assert_false(store_commit(store, &failure));
    assert_failure(&failure, REACH_RUN, REMEDY_NONE, CAUSE_MACHINE, EXIT_IO, "\"told\" does not exist");
    any_server_run("ALTER TABLE elsewhere RENAME TO told");
    assert_true(any_server_put(store, 2, SPAN("{}")));
    assert_true(store_tell(store, SPAN("k"), SPAN("v"), SPAN("now"), NULL));
    assert_true(store_commit(store, NULL));
    assert_int_equal(any_server_count(store, ARTICLE_STATE_FOUND), 1);
    store_close(store);
}

/* The lock keeps the server from answering before the transaction is taken for committed. */
static void put_what_will_be_lost(struct store *store, struct store *other) {
    any_server_run("ALTER TABLE told RENAME TO elsewhere");
    assert_true(database_begin(other->database) && database_run(other->database, "LOCK TABLE article"));
    assert_true(any_server_put(store, 1, SPAN("{}")) && store_tell(store, SPAN("k"), SPAN("v"), SPAN("now"), NULL));
}

static void nothing_follows_a_transaction_that_was_lost(void **state) {
    (void)state;
    struct failure failure = {0};
    if (!any_store_server()) skip();
    struct store *store = any_server_join(STORE_UNLOCKED), *other = any_server_join(STORE_UNLOCKED);
    put_what_will_be_lost(store, other);
    assert_true(store_queue_commit(store, NULL));
    store_close(other);
    any_server_put(store, 2, SPAN("{}"));
    assert_false(store_commit(store, &failure));
    assert_failure(&failure, REACH_RUN, REMEDY_NONE, CAUSE_MACHINE, EXIT_IO, "\"told\" does not exist");
    any_server_run("ALTER TABLE elsewhere RENAME TO told");
    any_server_put(store, 3, SPAN("{}"));
    failure = (struct failure){0};
    assert_false(store_commit(store, &failure));
    assert_failure(&failure, REACH_RUN, REMEDY_NONE, CAUSE_MACHINE, EXIT_IO, "\"told\" does not exist");
    failure = (struct failure){0};
    assert_false(store_make_durable(store, &failure));
    assert_failure(&failure, REACH_RUN, REMEDY_NONE, CAUSE_MACHINE, EXIT_IO, "\"told\" does not exist");
    store_close(store);
    store = any_server_join(STORE_UNLOCKED);
    assert_int_equal(any_server_count(store, ARTICLE_STATE_FOUND), 0);
    store_close(store);
}

/* Nor does a question, which is answered at once, end what the server ignores after an error. */
static void nothing_follows_a_question_in_a_transaction_that_was_lost(void **state) {
    (void)state;
    const struct memory_key key = {{1}};
    struct failure failure = {0};
    if (!any_store_server()) skip();
    struct store *store = any_server_join(STORE_UNLOCKED), *other = any_server_join(STORE_UNLOCKED);
    put_what_will_be_lost(store, other);
    store_ask(store, &key, 1);
    assert_true(store_queue_commit(store, NULL));
    any_server_put(store, 2, SPAN("{}"));
    store_queue_commit(store, NULL);
    store_close(other);
    any_server_put(store, 3, SPAN("{}"));
    assert_false(store_commit(store, &failure));
    assert_failure(&failure, REACH_RUN, REMEDY_NONE, CAUSE_MACHINE, EXIT_IO, "\"told\" does not exist");
    any_server_run("ALTER TABLE elsewhere RENAME TO told");
    store_close(store);
    store = any_server_join(STORE_UNLOCKED);
    assert_int_equal(any_server_count(store, ARTICLE_STATE_FOUND), 0);
    store_close(store);
}

/* More than the network holds in either direction. */
static void large_records_pass_both_ways(void **state) {
    (void)state;
    struct article_row row;
    if (!any_store_server()) skip();
    struct store *store = any_server_join(STORE_UNLOCKED);
    char *text = malloc(LARGE);
    assert_non_null(text);
    memset(text, 'x', LARGE);
    for (int i = 0; i < 3; i++) assert_true(any_server_put(store, i, (struct span){text, LARGE}));
    assert_true(store_claim(store, arena, &row));
    assert_true(row.record.length == LARGE && memcmp(row.record.at, text, LARGE) == 0);
    assert_true(any_server_put(store, 3, (struct span){text, LARGE}) && store_queue_commit(store, NULL));
    assert_true(store_make_durable(store, NULL));
    assert_int_equal(any_server_count(store, ARTICLE_STATE_FOUND), 4);
    store_close(store);
    free(text);
}

static void *hold_table(void *context) {
    return database_run(context, "LOCK TABLE told; SELECT pg_sleep(1); COMMIT") ? NULL : context;
}

static void queue_alone(struct statement *statement, struct span text) {
    statement_bind_text(statement, 1, text);
    assert_true(statement_queue(statement));
}

/* As much is kept as makes the statement wait for a flush, while the thread that flushes waits for its turn. */
static void a_statement_alone_that_waits_for_a_flush_lets_others_work(void **state) {
    (void)state;
    pthread_t flusher, holder;
    void *failed = NULL, *not_held = NULL;
    if (!any_store_server()) skip();
    struct store *store = any_server_join(STORE_UNLOCKED), *other = any_server_join(STORE_UNLOCKED);
    struct statement *statement = database_prepare(
        store->database, "INSERT INTO told VALUES (substr(CAST(?1 AS TEXT), 1, 5), '', '') ON CONFLICT DO NOTHING");
    char *text = memory_take(2 * LARGE);
    memset(text, 'x', 2 * LARGE);
    queue_alone(statement, SPAN("first")); /* to have it prepared */
    assert_true(store_make_durable(store, NULL) && database_run(other->database, "BEGIN; LOCK TABLE told"));
    queue_alone(statement, (struct span){text, LARGE + LARGE / 2});
    assert_int_equal(pthread_create(&flusher, NULL, any_server_flush, store), 0);
    assert_int_equal(pthread_create(&holder, NULL, hold_table, other->database), 0);
    queue_alone(statement, (struct span){text, 2 * LARGE});
    pthread_join(holder, &not_held);
    pthread_join(flusher, &failed);
    assert_null(not_held);
    assert_null(failed);
    statement_free(statement);
    store_close(other);
    store_close(store);
    free(text);
}

int main(void) {
    const struct CMUnitTest tests[] = {SERVER_TEST(a_write_does_not_wait),
                                       SERVER_TEST(the_error_of_a_queued_statement_ends_its_transaction_only),
                                       SERVER_TEST(nothing_follows_a_transaction_that_was_lost),
                                       SERVER_TEST(nothing_follows_a_question_in_a_transaction_that_was_lost),
                                       SERVER_TEST(large_records_pass_both_ways),
                                       SERVER_TEST(a_statement_alone_that_waits_for_a_flush_lets_others_work)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
