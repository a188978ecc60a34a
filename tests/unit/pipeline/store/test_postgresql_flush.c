/* Flushing on a server, through a connection of its own. Needs TEST_POSTGRESQL. */
#define _GNU_SOURCE
#include "unit/failure_is.h"

#include <pthread.h>
#include <stdio.h>

#include "pipeline/store/store_internal.h"
#include "unit/any_server.h"

enum { MANY = 200 };

static void a_flush_makes_its_connection_anew(void **state) {
    (void)state;
    if (!any_store_server()) skip();
    struct store *store = any_server_join(STORE_UNLOCKED);
    assert_true(store_tell(store, SPAN("k"), SPAN("v"), SPAN("now"), NULL) && store_queue_commit(store, NULL));
    any_server_run(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE '%pg_logical_emit_message%' AND pid "
        "<> pg_backend_pid()");
    assert_true(store_make_durable(store, NULL));
    store_close(store);
}

static void *flush_often(void *context) {
    for (int i = 0; i < MANY; i++)
        if (!store_make_durable(context, NULL)) return context;
    return NULL;
}

static void a_thread_flushes_while_another_one_asks(void **state) {
    (void)state;
    pthread_t thread;
    void *failed = NULL;
    struct span value, at;
    char text[24];
    if (!any_store_server()) skip();
    struct store *store = any_server_join(STORE_UNLOCKED);
    assert_int_equal(pthread_create(&thread, NULL, flush_often, store), 0);
    for (int i = 0; i < MANY; i++) {
        snprintf(text, sizeof text, "%d", i);
        assert_true(store_tell(store, SPAN("k"), span_of(text), SPAN("now"), NULL));
        assert_true(store_told(store, SPAN("k"), arena, &value, &at));
        assert_true(span_is(value, text));
        assert_true(store_queue_commit(store, NULL));
    }
    pthread_join(thread, &failed);
    assert_null(failed);
    assert_true(store_commit(store, NULL));
    store_close(store);
}

/* The connection that flushes shows it, although the other one has had an answer. */
static void a_flush_finds_what_a_crash_has_lost(void **state) {
    (void)state;
    if (!any_store_server()) skip();
    struct store *store = any_server_join(STORE_UNLOCKED);
    assert_true(any_server_put(store, 1, SPAN("{}")) && store_commit(store, NULL));
    any_server_run("DELETE FROM article; UPDATE session SET position = 0");
    assert_true(store_make_durable(store, NULL));
    assert_int_equal(any_server_count(store, ARTICLE_STATE_FOUND), 1);
    store_close(store);
}

static void a_flush_without_the_row_of_the_session_says_what_is_lost(void **state) {
    (void)state;
    struct failure failure = {0};
    if (!any_store_server()) skip();
    struct store *store = any_server_join(STORE_UNLOCKED);
    assert_true(any_server_put(store, 1, SPAN("{}")) && store_commit(store, NULL));
    any_server_run("DELETE FROM session");
    assert_false(store_make_durable(store, &failure));
    assert_failure(&failure, REACH_RUN, REMEDY_NONE, CAUSE_MACHINE, EXIT_IO, "no longer has what this run has written");
    store_close(store);
}

int main(void) {
    const struct CMUnitTest tests[] = {SERVER_TEST(a_flush_makes_its_connection_anew),
                                       SERVER_TEST(a_thread_flushes_while_another_one_asks),
                                       SERVER_TEST(a_flush_finds_what_a_crash_has_lost),
                                       SERVER_TEST(a_flush_without_the_row_of_the_session_says_what_is_lost)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
