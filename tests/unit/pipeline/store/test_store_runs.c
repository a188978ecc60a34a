/* What others see of the runs that share a store on a server. */
#define _DEFAULT_SOURCE /* gethostname */
#include "unit/cmocka_test.h"

#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "pipeline/base/clock.h"
#include "pipeline/store/store_internal.h"
#include "pipeline/store/store_runs.h"
#include "pipeline/store/store_workers.h"
#include "unit/any_server.h"

static struct store *open_to_read(void) {
    struct store *store = NULL;
    struct failure failure = {0};
    if (!store_connect_to_read(any_server_address, NULL, &store, &failure)) fail_msg("%s", failure.sentence);
    return store;
}

/* What `status` sees: it opens the store anew. */
static struct run_at_work *see(size_t *ret_count) {
    struct store *store = open_to_read();
    struct run_at_work *runs = store_runs(store, arena, ret_count);
    struct failure failure = {0};
    if (!store_is_readable(store, &failure)) fail_msg("%s", failure.sentence);
    store_close(store);
    return runs;
}

/* As if it were on another machine and had begun a minute before. */
static void begin_earlier(struct store *store) {
    struct worker_name name;
    char script[400];
    assert_true(store_read_worker(span_of(store->worker), &name));
    snprintf(script, sizeof script,
             "UPDATE lease SET worker = '9999999-%08llx00000000@far', name = 'worker 9999999-%08llx00000000@far' WHERE "
             "worker = '%s'",
             (unsigned long long)name.begun - 60, (unsigned long long)name.begun - 60, store->worker);
    any_server_run(script);
}

static void claim(struct store *store, unsigned count) {
    for (unsigned i = 0; i < count; i++) {
        struct article_row row = {.article_state = ARTICLE_STATE_FOUND, .record = SPAN("{}")};
        snprintf(row.id, sizeof row.id, "%032x", i);
        assert_true(store_put(store, &row, NULL));
    }
    for (unsigned i = 0; i < count; i++) {
        struct article_row row;
        assert_true(store_claim(store, arena, &row));
    }
    assert_true(store_commit(store, NULL));
}

static void each_run_is_seen_with_what_it_has_claimed(void **state) {
    (void)state;
    size_t count;
    char host[65] = "";
    int64_t since = 0, seen = 0;
    if (!any_store_server()) skip();
    gethostname(host, sizeof host - 1);
    struct store *one = any_server_join(STORE_SHARED), *other = any_server_join(STORE_SHARED);
    begin_earlier(other);
    claim(one, 3);
    const struct run_at_work *runs = see(&count);
    assert_int_equal(count, 2);
    assert_span(runs[0].host, "far");
    assert_int_equal(runs[0].articles, 0);
    assert_span(runs[1].host, host);
    assert_int_equal(runs[1].process, getpid());
    assert_int_equal(runs[1].articles, 3);
    assert_false(runs[1].silent);
    assert_true(clock_parse(runs[1].since, &since) && clock_parse(runs[1].seen, &seen));
    assert_in_range(time(NULL) - since, 0, 300);
    assert_in_range(time(NULL) - seen, 0, 300);
    assert_true(clock_parse(runs[0].since, &seen));
    assert_int_equal(since - seen, 60);
    store_close(one);
    store_close(other);
}

static void a_run_that_says_nothing_is_seen_until_its_lease_is_over(void **state) {
    (void)state;
    size_t count;
    if (!any_store_server()) skip();
    struct store *store = any_server_join(STORE_SHARED);
    any_server_run("UPDATE lease SET lease_until = lease_until - interval '90 seconds'");
    const struct run_at_work *runs = see(&count);
    assert_true(count == 1 && runs[0].silent);
    any_server_run("UPDATE lease SET lease_until = lease_until - interval '90 seconds'");
    see(&count);
    assert_int_equal(count, 0);
    store_close(store);
}

static void a_run_that_has_ended_is_not_seen_and_neither_is_what_it_leased(void **state) {
    (void)state;
    size_t count;
    if (!any_store_server()) skip();
    struct store *store = any_server_join(STORE_SHARED);
    assert_true(store_take_lease(store, SPAN("source news")));
    see(&count);
    assert_int_equal(count, 1);
    store_close(store);
    see(&count);
    assert_int_equal(count, 0);
}

static void of_a_file_no_runs_are_known(void **state) {
    (void)state;
    size_t count = 7;
    struct store *store = NULL;
    if (any_store_server()) skip();
    assert_true(store_open(NULL, true, &store, NULL));
    store_runs(store, arena, &count);
    assert_int_equal(count, 0);
    store_close(store);
}

int main(void) {
    const struct CMUnitTest tests[] = {SERVER_TEST(each_run_is_seen_with_what_it_has_claimed),
                                       SERVER_TEST(a_run_that_says_nothing_is_seen_until_its_lease_is_over),
                                       SERVER_TEST(a_run_that_has_ended_is_not_seen_and_neither_is_what_it_leased),
                                       SERVER_TEST(of_a_file_no_runs_are_known)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
