/* A connection that is lost is made anew, and what the server does not have is repeated; so is a transaction that the
 * server has ended because of a conflict, a lock or idleness. Needs TEST_POSTGRESQL. */
#define _GNU_SOURCE
#include "unit/failure_is.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "pipeline/store/store_internal.h"
#include "pipeline/store/store_workers.h"
#include "unit/any_server.h"

enum { LARGE = 20 << 20 };

/* ---------------------------------------------------------------- a connection that is lost */

static void what_the_server_does_not_have_is_repeated(void **state) {
    (void)state;
    if (!any_store_server()) skip();
    struct store *store = any_server_join(STORE_UNLOCKED);
    int64_t pid = any_server_pid(store);
    assert_true(any_server_put(store, 1, SPAN("{}")) && store_queue_commit(store, NULL));
    assert_true(any_server_put(store, 2, SPAN("{}")));
    assert_int_equal(any_server_count(store, ARTICLE_STATE_FOUND), 2);
    any_server_end_connection(pid);
    assert_true(any_server_put(store, 3, SPAN("{}")) && store_queue_commit(store, NULL));
    assert_true(any_server_put(store, 4, SPAN("{}")));
    assert_int_equal(any_server_count(store, ARTICLE_STATE_FOUND), 4);
    assert_true(store_commit(store, NULL));
    assert_true(any_server_pid(store) != pid);
    store_close(store);
    store = any_server_join(STORE_UNLOCKED);
    assert_int_equal(any_server_count(store, ARTICLE_STATE_FOUND), 4);
    store_close(store);
}

/* Between any two calls, a few times also while the server works. */
static void nothing_is_lost_or_doubled(void **state) {
    (void)state;
    struct bill_line line = {.day = SPAN("2026-01-29"), .service = SPAN("s"), .source = SPAN("a"), .requests = 1};
    if (!any_store_server()) skip();
    struct store *store = any_server_join(STORE_UNLOCKED);
    int64_t pid = any_server_pid(store);
    for (int i = 0; i < 60; i++) {
        assert_true(store_bill(store, &line, NULL));
        if (i % 9 == 1) any_server_end_connection(pid);
        if (i % 4 == 2) assert_true(store_spent(store, SPAN(""), SPAN(""), SPAN("")).requests == (unsigned)i + 1);
        if (i % 9 == 5) any_server_end_connection(pid);
        assert_true(i % 5 == 3 ? store_commit(store, NULL) : store_queue_commit(store, NULL));
        if (i % 9 == 7) any_server_end_connection(pid);
        if (i % 7 == 0) assert_true(store_make_durable(store, NULL));
        if (i % 4 == 0) pid = any_server_pid(store);
    }
    assert_true(store_make_durable(store, NULL));
    store_close(store);
    store = any_server_join(STORE_UNLOCKED);
    assert_true(store_spent(store, SPAN(""), SPAN(""), SPAN("")).requests == 60);
    assert_int_equal(any_server_number(store->database, "SELECT count(*) FROM session"), 1); /* its own */
    store_close(store);
}

/* Otherwise a run would claim an article again that it is working on. */
static void what_was_claimed_stays_claimed(void **state) {
    (void)state;
    struct article_row row;
    char script[100];
    if (!any_store_server()) skip();
    any_server_find(1);
    struct store *store = any_server_join(STORE_UNLOCKED);
    int64_t pid = any_server_pid(store), position = any_server_number(store->database, "SELECT position FROM session");
    assert_true(store_claim(store, arena, &row) && store_commit(store, NULL));
    /* As after a crash of the server. */
    snprintf(script, sizeof script, "UPDATE article SET claimed_by = ''; UPDATE session SET position = %lld",
             (long long)position);
    any_server_run(script);
    any_server_end_connection(pid);
    assert_false(store_claim(store, arena, &row));
    assert_int_equal(any_server_number(store->database, "SELECT count(*) FROM article WHERE claimed_by <> ''"), 1);
    store_close(store);
}

static void a_rolled_back_transaction_is_not_repeated(void **state) {
    (void)state;
    if (!any_store_server()) skip();
    struct store *store = any_server_join(STORE_UNLOCKED);
    int64_t pid = any_server_pid(store);
    assert_true(any_server_put(store, 1, SPAN("{}")));
    database_roll_back(store->database);
    assert_true(database_begin(store->database) && any_server_put(store, 2, SPAN("{}")));
    any_server_end_connection(pid);
    assert_true(store_commit(store, NULL));
    assert_int_equal(any_server_count(store, ARTICLE_STATE_FOUND), 1);
    store_close(store);
}

/* Too much is not kept in memory. */
static void a_transaction_that_is_too_long_to_be_repeated_says_so(void **state) {
    (void)state;
    struct failure failure = {0};
    if (!any_store_server()) skip();
    struct store *store = any_server_join(STORE_UNLOCKED);
    int64_t pid = any_server_pid(store);
    char *text = memory_take(LARGE);
    memset(text, 'x', LARGE);
    for (int i = 0; i < 4; i++) assert_true(any_server_put(store, i, (struct span){text, LARGE}));
    any_server_end_connection(pid);
    assert_false(store_commit(store, &failure));
    assert_failure(&failure, REACH_RUN, REMEDY_NONE, CAUSE_MACHINE, EXIT_IO, "too long to be repeated");
    store_close(store);
    free(text);
}

/* What is still on its way on a former connection must not be added to what was repeated. */
static void a_former_connection_commits_nothing(void **state) {
    (void)state;
    struct failure failure = {0};
    if (!any_store_server()) skip();
    struct store *store = any_server_join(STORE_UNLOCKED);
    any_server_run("UPDATE session SET generation = generation + 1");
    assert_true(any_server_put(store, 1, SPAN("{}")));
    assert_false(store_commit(store, &failure));
    assert_failure(&failure, REACH_RUN, REMEDY_NONE, CAUSE_MACHINE, EXIT_IO, "division by zero");
    assert_int_equal(any_server_count(store, ARTICLE_STATE_FOUND), 0);
    store_close(store);
}

static void a_server_that_has_lost_what_was_on_disk_ends_the_run(void **state) {
    (void)state;
    struct failure failure = {0};
    if (!any_store_server()) skip();
    struct store *store = any_server_join(STORE_UNLOCKED);
    assert_true(any_server_put(store, 1, SPAN("{}")) && store_queue_commit(store, NULL) &&
                store_make_durable(store, NULL));
    int64_t pid = any_server_pid(store);
    any_server_run("UPDATE session SET position = 0");
    any_server_end_connection(pid);
    assert_true(any_server_put(store, 2, SPAN("{}")));
    assert_false(store_commit(store, &failure));
    assert_failure(&failure, REACH_RUN, REMEDY_NONE, CAUSE_MACHINE, EXIT_IO, "has lost what it had written");
    assert_false(store_make_durable(store, NULL));
    store_close(store);
}

static bool count_call(void *context, bool reconnected) {
    assert_true(reconnected);
    return ++*(int *)context > 2;
}

static void locks_are_taken_again_before_anything_is_repeated(void **state) {
    (void)state;
    int calls = 0;
    if (!any_store_server()) skip();
    struct store *store = any_server_join(STORE_UNLOCKED);
    database_on_return(store->database, count_call, &calls);
    any_server_end_connection(any_server_pid(store));
    assert_true(any_server_put(store, 1, SPAN("{}")) && store_commit(store, NULL));
    assert_int_equal(calls, 3); /* refused twice */
    store_close(store);
}

static bool give_up(void *context, const char *why) {
    ++*(int *)context;
    return !why;
}

static bool refuse(void *context, bool reconnected) {
    (void)context, (void)reconnected;
    return false;
}

static void whoever_is_told_to_stop_does_not_wait(void **state) {
    (void)state;
    int calls = 0;
    struct failure failure = {0};
    if (!any_store_server()) skip();
    struct store *store = any_server_join(STORE_UNLOCKED);
    database_on_return(store->database, refuse, NULL);
    database_on_outage(store->database, give_up, &calls);
    any_server_end_connection(any_server_pid(store));
    any_server_put(store, 1, SPAN("{}"));
    assert_false(store_commit(store, &failure));
    assert_int_equal(calls, 1);
    assert_failure(&failure, REACH_RUN, REMEDY_NONE, CAUSE_MACHINE, EXIT_BUSY, "another run is using it");
    store_close(store);
}

/* ---------------------------------------------------------------- conflicts, locks and idleness */

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
    const struct CMUnitTest tests[] = {SERVER_TEST(what_the_server_does_not_have_is_repeated),
                                       SERVER_TEST(nothing_is_lost_or_doubled),
                                       SERVER_TEST(what_was_claimed_stays_claimed),
                                       SERVER_TEST(a_rolled_back_transaction_is_not_repeated),
                                       SERVER_TEST(a_transaction_that_is_too_long_to_be_repeated_says_so),
                                       SERVER_TEST(a_former_connection_commits_nothing),
                                       SERVER_TEST(a_server_that_has_lost_what_was_on_disk_ends_the_run),
                                       SERVER_TEST(locks_are_taken_again_before_anything_is_repeated),
                                       SERVER_TEST(whoever_is_told_to_stop_does_not_wait),
                                       SERVER_TEST(a_transaction_that_ends_a_conflict_is_repeated),
                                       SERVER_TEST(what_was_queued_after_a_conflict_is_repeated_too),
                                       SERVER_TEST(a_conflict_that_the_flush_finds_is_repeated),
                                       SERVER_TEST(a_claim_that_was_lost_in_a_conflict_is_not_taken_for_held),
                                       SERVER_TEST(a_lock_that_took_too_long_is_waited_for_again),
                                       SERVER_TEST(a_transaction_that_was_idle_too_long_is_repeated),
                                       SERVER_TEST(who_only_reads_may_be_idle)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
