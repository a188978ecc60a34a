/* Claims of several articles at once, which only a store on a server has. */
#define _GNU_SOURCE /* usleep */
#include "unit/failure_is.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "pipeline/store/store_days.h"
#include "pipeline/store/store_internal.h"
#include "pipeline/store/store_revisits.h"
#include "pipeline/store/store_workers.h"
#include "unit/any_server.h"
#include "unit/pipeline/store/leases.h"

static unsigned number_of(const struct article_row *row) {
    return (unsigned)strtoul(row->id, NULL, 16);
}

/* Two runs divide what there is, and what is not handed out is free when its run ends. */
static void several_are_claimed_at_once(void **state) {
    (void)state;
    struct article_row row;
    if (!any_store_server()) skip();
    struct store *one = any_server_join(STORE_SHARED), *other = any_server_join(STORE_SHARED);
    store_claim_several(one);
    for (unsigned i = 1; i <= STORE_CLAIMS_AT_ONCE + 2; i++) put(one, i, ARTICLE_STATE_FOUND, "v");
    assert_true(store_claim(one, arena, &row));
    assert_true(store_commit(one, NULL));
    assert_int_equal(number_of(&row), 1);
    assert_true(store_claim(other, arena, &row));
    assert_int_equal(number_of(&row), STORE_CLAIMS_AT_ONCE + 1);
    assert_true(store_claim(one, arena, &row));
    assert_int_equal(number_of(&row), 2);
    assert_span(row.version, "v");
    assert_span(row.record, "{}");
    store_close(one);
    assert_true(store_claim(other, arena, &row));
    assert_int_equal(number_of(&row), STORE_CLAIMS_AT_ONCE + 2);
    for (unsigned i = 1; i <= STORE_CLAIMS_AT_ONCE; i++) {
        assert_true(store_claim(other, arena, &row));
        assert_int_equal(number_of(&row), i);
    }
    assert_false(store_claim(other, arena, &row));
    store_close(other);
}

static void what_a_run_has_not_begun_can_be_handed_back(void **state) {
    (void)state;
    struct article_row row;
    if (!any_store_server()) skip();
    struct store *one = any_server_join(STORE_SHARED), *other = any_server_join(STORE_SHARED);
    store_claim_several(one);
    for (unsigned i = 1; i <= 3; i++) put(one, i, ARTICLE_STATE_FOUND, "v");
    assert_true(store_claim(one, arena, &row) && store_commit(one, NULL));
    assert_false(store_claim(other, arena, &row));
    assert_true(store_hand_back(one, NULL) && store_commit(one, NULL));
    assert_true(store_claim(other, arena, &row));
    assert_int_equal(number_of(&row), 2);
    assert_true(store_claim(other, arena, &row));
    assert_false(store_claim(other, arena, &row)); /* the first one has been begun */
    store_close(one);
    store_close(other);
}

static void what_was_claimed_and_lost_is_not_handed_out(void **state) {
    (void)state;
    struct article_row row;
    if (!any_store_server()) skip();
    struct store *one = any_server_join(STORE_SHARED), *other = any_server_join(STORE_SHARED);
    store_claim_several(one);
    for (unsigned i = 1; i <= 3; i++) put(one, i, ARTICLE_STATE_FOUND, "v");
    assert_true(store_claim(one, arena, &row));
    assert_true(store_commit(one, NULL));
    any_server_run(long_ago);
    for (int i = 0; i < 2; i++) assert_true(store_claim(other, arena, &row));
    assert_int_equal(number_of(&row), 2);
    assert_true(store_commit(other, NULL));
    one->renewed -= STORE_LEASE_MS;
    assert_true(store_claim(one, arena, &row));
    assert_int_equal(number_of(&row), 3);
    assert_false(store_claim(one, arena, &row));
    store_close(one);
    store_close(other);
}

/* An article that this run finds is claimed at once, although it has just asked in vain. */
static void what_is_found_ends_the_pause(void **state) {
    (void)state;
    struct article_row row;
    if (!any_store_server()) skip();
    struct store *one = any_server_join(STORE_SHARED);
    store_claim_several(one);
    assert_false(store_claim(one, arena, &row));
    put(one, 1, ARTICLE_STATE_FOUND, "v");
    assert_true(store_claim(one, arena, &row));
    store_close(one);
}

static void a_claim_says_what_is_known_of_the_article(void **state) {
    (void)state;
    struct article_row row;
    struct store *store = NULL;
    if (any_store_server())
        store = any_server_join(STORE_SHARED);
    else
        assert_true(store_open(NULL, true, &store, NULL));
    const struct kept_record record = {.id = "00000000000000000000000000000002", .hash = SPAN("0")};
    for (unsigned i = 1; i <= 3; i++) put(store, i, ARTICLE_STATE_DONE, "v");
    assert_true(store_keep_record(store, &record, SPAN("x"), NULL));
    assert_true(store_plan_revisit(store, "00000000000000000000000000000003", ARTICLE_STATE_DONE, 0, SPAN(""), NULL));
    for (unsigned i = 1; i <= 3; i++) put(store, i, ARTICLE_STATE_FOUND, "v2");
    for (unsigned i = 1; i <= 3; i++) {
        assert_true(store_claim(store, arena, &row));
        assert_int_equal(number_of(&row), i);
        assert_int_equal(row.finished, i == 2);
        assert_int_equal(row.revisited, i == 3);
    }
    store_close(store);
}

/* The server counts what a connection has read when it ends. */
static void close_and_wait(struct store *store, struct database *database) {
    char question[100];
    snprintf(question, sizeof question, "SELECT count(*) FROM pg_stat_activity WHERE pid = %lld",
             (long long)any_server_pid(store));
    store_close(store);
    for (int i = 0; i < 1000 && any_server_number(database, question) > 0; i++) usleep(10000);
}

/* However many records there are: each claim would read all of them. */
static void a_claim_does_not_read_all_records(void **state) {
    (void)state;
    struct article_row row;
    struct database *database = NULL;
    if (!any_store_server()) skip();
    any_server_find(3000);
    any_server_run(
        "INSERT INTO kept (id, day, path, version, hash, in_place, bytes) SELECT decode(md5(CAST(i AS TEXT)), "
        "'hex'), '2026-01-29', CAST(i AS TEXT), '', '', 1, '' FROM generate_series(1, 3000) AS i; ANALYZE article, "
        "kept");
    assert_true(database_postgresql_open(any_server_address, NULL, &database, NULL));
    struct store *store = any_server_join(STORE_SHARED);
    store_claim_several(store);
    for (int i = 0; i < 20; i++) assert_true(store_claim(store, arena, &row));
    close_and_wait(store, database);
    int64_t read =
        any_server_number(database, "SELECT seq_tup_read FROM pg_stat_user_tables WHERE relname = 'kept' AND "
                                    "schemaname = current_schema()");
    assert_true(read < 3000);
    database_close(database);
}

int main(void) {
    const struct CMUnitTest tests[] = {SERVER_TEST(several_are_claimed_at_once),
                                       SERVER_TEST(what_a_run_has_not_begun_can_be_handed_back),
                                       SERVER_TEST(what_was_claimed_and_lost_is_not_handed_out),
                                       SERVER_TEST(what_is_found_ends_the_pause),
                                       SERVER_TEST(a_claim_says_what_is_known_of_the_article),
                                       SERVER_TEST(a_claim_does_not_read_all_records)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
