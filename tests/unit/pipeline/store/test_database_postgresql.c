/* Statements and transactions on a server, and their errors. Needs TEST_POSTGRESQL. */
#define _GNU_SOURCE
#include "unit/failure_is.h"

#include <stdio.h>
#include <string.h>

#include "pipeline/store/store_internal.h"
#include "unit/any_server.h"

/* The server answers the COMMIT of an aborted transaction without an error. */
static void a_transaction_with_an_error_is_not_taken_for_committed(void **state) {
    (void)state;
    struct failure failure = {0};
    if (!any_store_server()) skip();
    struct store *store = any_server_join(STORE_UNLOCKED);
    assert_true(store_tell(store, SPAN("k"), SPAN("v"), SPAN("now"), NULL));
    assert_false(database_run(store->database, "SELECT 1 / 0"));
    assert_false(store_commit(store, &failure));
    assert_failure(&failure, REACH_RUN, REMEDY_NONE, CAUSE_MACHINE, EXIT_IO, "division by zero");
    store_close(store);
}

/* What follows the first error only says that the transaction was aborted. */
static void the_first_error_of_a_transaction_is_told(void **state) {
    (void)state;
    struct failure failure = {0};
    struct span value, at;
    if (!any_store_server()) skip();
    struct store *store = any_server_join(STORE_UNLOCKED);
    assert_true(store_change(store, NULL));
    assert_false(database_run(store->database, "SELECT 1 / 0"));
    assert_false(database_run(store->database, "SELECT 1"));
    assert_false(store_told(store, SPAN("k"), arena, &value, &at)); /* prepared only now */
    assert_false(store_commit(store, &failure));
    assert_failure(&failure, REACH_RUN, REMEDY_NONE, CAUSE_MACHINE, EXIT_IO, "division by zero");
    store_close(store);
}

static void a_commit_that_cannot_renew_the_lease_is_rolled_back(void **state) {
    (void)state;
    struct failure failure = {0};
    struct span value, at;
    if (!any_store_server()) skip();
    struct store *store = any_server_join(STORE_UNLOCKED);
    int64_t overdue = store->renewed -= 30000;
    assert_true(store_tell(store, SPAN("first"), SPAN("v"), SPAN("now"), NULL));
    any_server_run("ALTER TABLE article RENAME lease_until TO other");
    assert_false(store_commit(store, &failure));
    assert_failure(&failure, REACH_RUN, REMEDY_NONE, CAUSE_MACHINE, EXIT_IO, "lease_until");
    assert_true(store->renewed == overdue);
    any_server_run("ALTER TABLE article RENAME other TO lease_until");
    assert_true(store_tell(store, SPAN("second"), SPAN("v"), SPAN("now"), NULL));
    assert_true(store_commit(store, &failure));
    assert_false(store_told(store, SPAN("first"), arena, &value, &at));
    assert_true(store_told(store, SPAN("second"), arena, &value, &at));
    store_close(store);
}

static void a_statement_has_at_most_32_parameters(void **state) {
    (void)state;
    struct failure failure = {0};
    if (!any_store_server()) skip();
    struct store *store = any_server_join(STORE_UNLOCKED);
    assert_null(database_prepare(store->database, "SELECT CAST(?33 AS TEXT)"));
    store_fail(store, &failure);
    assert_failure(&failure, REACH_RUN, REMEDY_NONE, CAUSE_MACHINE, EXIT_IO, "33 parameters");
    struct statement *statement = database_prepare(store->database, "SELECT CAST(?1 AS BIGINT)");
    statement_bind_integer(statement, 1, 5);
    statement_bind_integer(statement, 40, 6);
    assert_int_equal(statement_step(statement), STATEMENT_ROW);
    assert_int_equal(statement_integer(statement, 0), 5);
    statement_free(statement);
    store_close(store);
}

static void a_question_changes_nothing(void **state) {
    (void)state;
    struct span value, at;
    if (!any_store_server()) skip();
    struct store *store = any_server_join(STORE_UNLOCKED);
    assert_true(store_tell(store, SPAN("a"), SPAN("v"), SPAN("now"), NULL));
    assert_true(store_tell(store, SPAN("b"), SPAN("v"), SPAN("now"), NULL));
    assert_true(store_untell_old(store, SPAN(""), SPAN("z"), NULL));
    assert_int_equal(database_changes(store->database), 2);
    assert_false(store_told(store, SPAN("a"), arena, &value, &at));
    assert_int_equal(database_changes(store->database), 2);
    store_close(store);
}

int main(void) {
    const struct CMUnitTest tests[] = {SERVER_TEST(a_transaction_with_an_error_is_not_taken_for_committed),
                                       SERVER_TEST(the_first_error_of_a_transaction_is_told),
                                       SERVER_TEST(a_commit_that_cannot_renew_the_lease_is_rolled_back),
                                       SERVER_TEST(a_statement_has_at_most_32_parameters),
                                       SERVER_TEST(a_question_changes_nothing)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
