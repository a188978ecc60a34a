/* Transactions that the server ends, because of a conflict, a lock or idleness, are repeated. Needs TEST_POSTGRESQL. */
#define _GNU_SOURCE
#include "unit/cmocka_test.h"

#include <pthread.h>
#include <stdio.h>
#include <unistd.h>

#include "pipeline/store/store_internal.h"
#include "pipeline/store/store_workers.h"
#include "unit/any_server.h"

/* The second attempt to tell something succeeds, as the sequence goes on. */
static void refuse_once(const char *state) {
    char script[400];
    snprintf(script, sizeof script,
             "CREATE SEQUENCE attempt; CREATE FUNCTION conflict() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF "
             "nextval('attempt') = 1 THEN RAISE EXCEPTION 'conflict' USING ERRCODE = '%s'; END IF; RETURN NEW; END $$; "
             "CREATE TRIGGER conflict BEFORE INSERT ON told FOR EACH ROW EXECUTE FUNCTION conflict()",
             state);
    any_server_run(script);
}

static bool tell(struct store *store) {
    return store_tell(store, SPAN("k"), SPAN("v"), SPAN("now"), NULL);
}

/* Waits until as many connections with this number are in this state. Within a transaction, the server would always
 * answer the same. */
static void wait_for_state(int64_t pid, const char *state, int count) {
    char question[200];
    struct database *database = NULL;
    assert_true(database_postgresql_open(any_server_address, NULL, &database, NULL));
    snprintf(question, sizeof question, "SELECT count(*) FROM pg_stat_activity WHERE pid = %lld AND state LIKE '%s'",
             (long long)pid, state);
    while (any_server_number(database, question) != count) usleep(1000);
    database_close(database);
}

static const char aborted[] = "idle in transaction (aborted)";

static void a_transaction_that_ends_a_conflict_is_repeated(void **state) {
    (void)state;
    if (!any_store_server()) skip();
    struct store *store = any_server_join(STORE_UNLOCKED);
    int64_t pid = any_server_pid(store);
    refuse_once("40001");
    assert_true(any_server_put(store, 1, SPAN("{}")));
    assert_true(tell(store) && store_queue_commit(store, NULL));
    assert_true(any_server_put(store, 2, SPAN("{}")) && store_commit(store, NULL));
    assert_int_equal(any_server_count(store, ARTICLE_STATE_FOUND), 2);
    assert_int_equal(any_server_number(store->database, "SELECT last_value FROM attempt"), 2);
    assert_true(any_server_pid(store) == pid);
    store_close(store);
}

/* The answers to the second transaction are still to come when the error of the first one is noticed. */
static void what_was_queued_after_a_conflict_is_repeated_too(void **state) {
    (void)state;
    struct failure failure = {0};
    if (!any_store_server()) skip();
    struct store *store = any_server_join(STORE_UNLOCKED), *other = any_server_join(STORE_UNLOCKED);
    int64_t pid = any_server_pid(store);
    refuse_once("40001");
    assert_true(any_server_put(store, 1, SPAN("{}")) && tell(store) && store_queue_commit(store, NULL));
    wait_for_state(pid, aborted, 1);
    assert_true(any_server_put(store, 2, SPAN("{}")) && store_queue_commit(store, NULL));
    any_server_put(store, 3, SPAN("{}"));
    if (!store_commit(store, &failure)) fail_msg("%s", failure.sentence);
    assert_int_equal(any_server_count(other, ARTICLE_STATE_FOUND), 3);
    assert_true(any_server_pid(store) == pid);
    store_close(other);
    store_close(store);
}

/* The sequence of commands of the open transaction has no end yet. */
static void a_conflict_that_the_flush_finds_is_repeated(void **state) {
    (void)state;
    pthread_t thread;
    void *failed = NULL;
    if (!any_store_server()) skip();
    struct store *store = any_server_join(STORE_UNLOCKED), *other = any_server_join(STORE_UNLOCKED);
    refuse_once("40001");
    assert_true(database_begin(other->database) && database_run(other->database, "LOCK TABLE article"));
    assert_true(any_server_put(store, 1, SPAN("{}")) && tell(store) && store_queue_commit(store, NULL));
    assert_true(any_server_put(store, 2, SPAN("{}")));
    assert_int_equal(pthread_create(&thread, NULL, any_server_flush, store), 0);
    assert_true(database_commit(other->database));
    pthread_join(thread, &failed);
    assert_null(failed);
    assert_int_equal(any_server_count(other, ARTICLE_STATE_FOUND), 1);
    assert_true(store_commit(store, NULL));
    assert_int_equal(any_server_count(other, ARTICLE_STATE_FOUND), 2);
    store_close(other);
    store_close(store);
}

/* Its row is free from the conflict until the claim is repeated. */
static void a_claim_that_was_lost_in_a_conflict_is_not_taken_for_held(void **state) {
    (void)state;
    struct article_row row, same;
    if (!any_store_server()) skip();
    any_server_find(1);
    struct store *store = any_server_join(STORE_UNLOCKED), *other = any_server_join(STORE_UNLOCKED);
    refuse_once("40001");
    int64_t pid = any_server_pid(store);
    assert_true(store_claim(store, arena, &row) && tell(store) && store_queue_commit(store, NULL));
    wait_for_state(pid, aborted, 1);
    assert_true(store_claim(other, arena, &same) && store_commit(other, NULL));
    assert_true(store_commit(store, NULL));
    assert_false(store_holds(store, row.id));
    assert_true(store_holds(other, row.id));
    store_close(other);
    store_close(store);
}

static void a_lock_that_took_too_long_is_waited_for_again(void **state) {
    (void)state;
    struct failure failure = {0};
    if (!any_store_server()) skip();
    struct store *store = any_server_join(STORE_UNLOCKED), *other = any_server_join(STORE_UNLOCKED);
    int64_t pid = any_server_pid(store);
    assert_true(database_run(store->database, "SET lock_timeout = '1ms'"));
    assert_true(database_begin(other->database) && database_run(other->database, "LOCK TABLE told"));
    assert_true(any_server_put(store, 1, SPAN("{}")) && tell(store) && store_queue_commit(store, NULL));
    wait_for_state(pid, aborted, 1);
    assert_true(database_commit(other->database));
    any_server_put(store, 2, SPAN("{}"));
    if (!store_commit(store, &failure)) fail_msg("%s", failure.sentence);
    assert_int_equal(any_server_count(other, ARTICLE_STATE_FOUND), 2);
    assert_int_equal(any_server_number(other->database, "SELECT count(*) FROM told"), 1);
    store_close(other);
    store_close(store);
}

static int64_t idle_limit_of(struct store *store) {
    return any_server_number(store->database, "SELECT CAST(extract(epoch FROM CAST(current_setting("
                                              "'idle_in_transaction_session_timeout') AS INTERVAL)) AS INTEGER)");
}

/* As after a run was stopped for so long. */
static void a_transaction_that_was_idle_too_long_is_repeated(void **state) {
    (void)state;
    struct failure failure = {0};
    if (!any_store_server()) skip();
    struct store *store = any_server_join(STORE_UNLOCKED), *other = any_server_join(STORE_UNLOCKED);
    int64_t pid = any_server_pid(store);
    assert_int_equal(idle_limit_of(store), 60);
    assert_true(database_run(store->database, "SET idle_in_transaction_session_timeout = '1ms'"));
    assert_true(any_server_put(store, 1, SPAN("{}")));
    assert_int_equal(any_server_count(store, ARTICLE_STATE_FOUND), 1);
    wait_for_state(pid, "%", 0);
    any_server_put(store, 2, SPAN("{}"));
    if (!store_commit(store, &failure)) fail_msg("%s", failure.sentence);
    assert_int_equal(any_server_count(other, ARTICLE_STATE_FOUND), 2);
    assert_true(any_server_pid(store) != pid);
    assert_int_equal(idle_limit_of(store), 60);
    store_close(other);
    store_close(store);
}

/* A snapshot cannot be repeated. */
static void who_only_reads_may_be_idle(void **state) {
    (void)state;
    struct store *reader = NULL;
    if (!any_store_server()) skip();
    any_server_find(1);
    assert_true(store_connect_to_read(any_server_address, NULL, &reader, NULL));
    assert_int_equal(idle_limit_of(reader), 0);
    store_close(reader);
}

int main(void) {
    const struct CMUnitTest tests[] = {SERVER_TEST(a_transaction_that_ends_a_conflict_is_repeated),
                                       SERVER_TEST(what_was_queued_after_a_conflict_is_repeated_too),
                                       SERVER_TEST(a_conflict_that_the_flush_finds_is_repeated),
                                       SERVER_TEST(a_claim_that_was_lost_in_a_conflict_is_not_taken_for_held),
                                       SERVER_TEST(a_lock_that_took_too_long_is_waited_for_again),
                                       SERVER_TEST(a_transaction_that_was_idle_too_long_is_repeated),
                                       SERVER_TEST(who_only_reads_may_be_idle)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
