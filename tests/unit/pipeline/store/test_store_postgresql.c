/* What only the store on a server has: claims of several workers, texts, schemas and formats. Needs TEST_POSTGRESQL. */
#define _GNU_SOURCE
#include "unit/failure_is.h"

#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "pipeline/store/store_days.h"
#include "pipeline/store/store_internal.h"
#include "pipeline/store/store_workers.h"
#include "unit/any_server.h"

enum { ARTICLES = 300, WORKERS = 4 };

/* ---------------------------------------------------------------- claims */

/* Claims until nothing is left, in many transactions. Returns how many articles it got, or -1. */
static int work(void) {
    struct store *store = any_server_join(STORE_UNLOCKED);
    struct arena *own = arena_new();
    struct article_row row;
    int count = 0;
    for (; store_claim(store, own, &row); count++) {
        if (count % 3 == 0 && !store_commit(store, NULL)) return -1;
        row.article_state = ARTICLE_STATE_DONE;
        if (!store_put(store, &row, NULL)) return -1;
    }
    if (!store_commit(store, NULL)) return -1;
    store_close(store);
    arena_free(own);
    return count;
}

static void workers_never_claim_the_same_article(void **state) {
    (void)state;
    if (!any_store_server()) skip();
    int all = 0, busy = 0;
    int *counts = mmap(NULL, WORKERS * sizeof *counts, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    assert_true(counts != MAP_FAILED);
    any_server_find(ARTICLES);
    for (int i = 0; i < WORKERS; i++) {
        pid_t child = fork();
        if (child == 0) _exit((counts[i] = work()) < 0);
        assert_true(child > 0);
    }
    for (int i = 0, code; i < WORKERS; i++) assert_true(wait(&code) > 0 && WIFEXITED(code) && WEXITSTATUS(code) == 0);
    for (int i = 0; i < WORKERS; i++) {
        all += counts[i];
        busy += counts[i] > 0;
    }
    assert_int_equal(all, ARTICLES);
    assert_true(busy > 1); /* or nothing is shown */
    struct store *store = any_server_join(STORE_UNLOCKED);
    assert_int_equal(any_server_count(store, ARTICLE_STATE_DONE), ARTICLES);
    store_close(store);
    munmap(counts, WORKERS * sizeof *counts);
}

static void what_a_dead_worker_held_is_claimed_when_its_lease_is_over(void **state) {
    (void)state;
    struct article_row row;
    if (!any_store_server()) skip();
    any_server_find(2);
    pid_t child = fork();
    if (child == 0) {
        struct store *dying = any_server_join(STORE_UNLOCKED);
        _exit(store_claim(dying, arena, &row) && store_commit(dying, NULL) ? 0 : 1);
    }
    int code;
    assert_true(wait(&code) == child && WIFEXITED(code) && WEXITSTATUS(code) == 0);
    struct store *store = any_server_join(STORE_UNLOCKED);
    assert_true(store_claim(store, arena, &row));
    assert_string_equal(row.id, "00000000000000000000000000000001");
    assert_false(store_claim(store, arena, &row));
    assert_true(store_commit(store, NULL));
    any_server_run("UPDATE article SET lease_until = now() - interval '1 second'");
    assert_true(store_claim(store, arena, &row));
    assert_string_equal(row.id, "00000000000000000000000000000000");
    assert_false(store_claim(store, arena, &row)); /* its own lease is over too, but it is at work */
    store_close(store);
}

static void a_renewed_lease_holds(void **state) {
    (void)state;
    struct article_row row;
    if (!any_store_server()) skip();
    any_server_find(1);
    struct store *store = any_server_join(STORE_UNLOCKED), *other = any_server_join(STORE_UNLOCKED);
    assert_true(store_claim(store, arena, &row) && store_commit(store, NULL));
    any_server_run("UPDATE article SET lease_until = now() - interval '1 second'");
    assert_true(store_commit(store, NULL)); /* it is not time yet */
    store->renewed -= 30000;
    assert_true(store_commit(store, NULL));
    assert_false(store_claim(other, arena, &row));
    store_close(other);
    store_close(store);
}

static void closing_gives_up_what_is_not_finished(void **state) {
    (void)state;
    struct article_row row;
    if (!any_store_server()) skip();
    any_server_find(1);
    struct store *store = any_server_join(STORE_UNLOCKED), *other = any_server_join(STORE_UNLOCKED);
    assert_true(store_claim(store, arena, &row));
    assert_false(store_claim(other, arena, &row));
    store_close(store);
    assert_true(store_claim(other, arena, &row));
    store_close(other);
}

static void the_only_run_takes_over_all_claims(void **state) {
    (void)state;
    struct article_row row;
    struct store *run_store = NULL;
    if (!any_store_server()) skip();
    any_server_find(1);
    struct store *store = any_server_join(STORE_UNLOCKED);
    assert_true(store_claim(store, arena, &row) && store_commit(store, NULL));
    /* As if its process had died; that counts at once, also if the server has just been started. */
    any_server_run(
        "UPDATE article SET claimed_by = '999999999-0@' || split_part(claimed_by, '@', 2) WHERE claimed_by <> '';"
        "UPDATE lease SET worker = '999999999-0@' || split_part(worker, '@', 2)");
    assert_true(store_connect(any_server_address, NULL, STORE_LOCKED, &run_store, NULL));
    assert_true(store_claim(run_store, arena, &row));
    store_close(run_store);
    store_close(store);
}

/* ---------------------------------------------------------------- texts */

static void a_text_that_is_not_utf8_is_stored_without_what_is_wrong(void **state) {
    (void)state;
    struct span value, at;
    if (!any_store_server()) skip();
    struct store *store = any_server_join(STORE_UNLOCKED);
    assert_true(store_tell(store, SPAN("k\xff"), (struct span){"a\0b\xe9", 4}, SPAN("now"), NULL));
    assert_true(store_told(store, SPAN("k\xff"), arena, &value, &at));
    assert_span(value, "a\xEF\xBF\xBD"
                       "b\xEF\xBF\xBD");
    store_close(store);
}

/* Text that hardly compresses. */
static char *long_text(void) {
    char *text = memory_take(8001);
    unsigned chance = 1;
    for (size_t i = 0; i < 8000; i++) text[i] = (char)('a' + ((chance = chance * 1103515245 + 12345) >> 16) % 26);
    text[8000] = '\0';
    return text;
}

static void an_address_may_be_long(void **state) {
    (void)state;
    if (!any_store_server()) skip();
    char *text = long_text();
    struct store *store = any_server_join(STORE_UNLOCKED);
    struct validator found, first = {.etag = SPAN("1")}, second = {.etag = SPAN("2")};
    assert_true(store_put_validator(store, span_of(text), &first, NULL));
    assert_true(store_put_validator(store, span_of(text), &second, NULL));
    assert_true(store_validator(store, span_of(text), arena, &found));
    assert_span(found.etag, "2");
    store_close(store);
    free(text);
}

/* Keys contain the GUIDs and addresses of feeds. */
static void what_has_been_told_may_have_a_long_key(void **state) {
    (void)state;
    struct span value, at;
    if (!any_store_server()) skip();
    char *text = long_text();
    struct store *store = any_server_join(STORE_UNLOCKED);
    assert_true(store_tell(store, span_of(text), SPAN("1"), SPAN("now"), NULL));
    assert_true(store_tell(store, span_of(text), SPAN("2"), SPAN("now"), NULL));
    assert_true(store_commit(store, NULL));
    assert_true(store_told(store, span_of(text), arena, &value, &at));
    assert_span(value, "2");
    assert_true(store_untell(store, span_of(text), NULL));
    assert_false(store_told(store, span_of(text), arena, &value, &at));
    store_close(store);
    free(text);
}

/* ---------------------------------------------------------------- schemas */

static void without_a_schema_it_says_what_to_create(void **state) {
    (void)state;
    char nowhere[300];
    struct store *store = NULL;
    struct failure failure = {0};
    if (!any_store_server()) skip();
    snprintf(nowhere, sizeof nowhere, "%s&options=-csearch_path%%3Dnowhere", any_store_server());
    assert_false(store_connect(nowhere, NULL, STORE_LOCKED, &store, &failure));
    assert_failure(&failure, REACH_RUN, REMEDY_NONE, CAUSE_MACHINE, EXIT_CONFIG, "CREATE SCHEMA");
}

/* The lock is that of the first schema, so the tables must be too. */
static void tables_of_another_schema_of_the_path_are_not_used(void **state) {
    (void)state;
    char own[300], both[600];
    struct store *store = NULL;
    bool there = true;
    if (!any_store_server()) skip();
    any_server_find(2);
    any_store_address(NULL, own);
    snprintf(both, sizeof both, "%s,%s", own, strrchr(any_server_address, 'D') + 1);
    assert_true(store_server_has_tables(both, NULL, &there, NULL));
    assert_false(there);
    assert_true(store_connect(both, NULL, STORE_LOCKED, &store, NULL));
    assert_true(store_is_empty(store));
    store_close(store);
    assert_true(store_server_has_tables(any_server_address, NULL, &there, NULL) && there);
}

/* ---------------------------------------------------------------- formats */

static void a_format_table_without_a_row_is_refused(void **state) {
    (void)state;
    struct store *store = NULL;
    struct failure failure = {0};
    if (!any_store_server()) skip();
    store_close(any_server_join(STORE_UNLOCKED));
    any_server_run("DELETE FROM dragoman_format");
    assert_false(store_connect(any_server_address, NULL, STORE_UNLOCKED, &store, &failure));
    assert_failure(&failure, REACH_RUN, REMEDY_NONE, CAUSE_MACHINE, EXIT_CONFIG, "are not of dragoman");
}

static void a_newer_format_is_refused(void **state) {
    (void)state;
    struct failure failure = {0};
    if (!any_store_server()) skip();
    struct store *store = any_server_join(STORE_UNLOCKED);
    store_close(store);
    any_server_run("UPDATE dragoman_format SET version = 1000");
    assert_false(store_connect(any_server_address, NULL, STORE_UNLOCKED, &store, &failure));
    assert_failure(&failure, REACH_RUN, REMEDY_NONE, CAUSE_MACHINE, EXIT_CONFIG,
                   "newer version of dragoman (format 1000");
    failure = (struct failure){0};
    assert_false(store_connect_to_read(any_server_address, NULL, &store, &failure));
    assert_failure(&failure, REACH_RUN, REMEDY_NONE, CAUSE_MACHINE, EXIT_CONFIG, "format 1000");
}

/* Undoes what the present format added to the first one. */
static const char first_format[] =
    "DROP TABLE lease; DROP FUNCTION reserve_within; DROP INDEX bill_by_service, bill_by_source; ALTER TABLE reserved "
    "DROP worker, DROP number, DROP times, ADD PRIMARY KEY (day, service, source); DROP SEQUENCE reserved_number;"
    "CREATE OR REPLACE FUNCTION failed() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN UPDATE edition SET ended = 0 "
    "WHERE ended = 1 AND day = old.day; RETURN NULL; END $$; UPDATE dragoman_format SET version = 13";

static void put_on(struct store *store, enum article_state article_state, const char *day) {
    struct article_row row = {.article_state = article_state, .id = "dddddddddddddddddddddddddddddddd"};
    row.day = span_of(day);
    assert_true(store_put(store, &row, NULL));
}

static void tables_of_the_first_format_are_upgraded(void **state) {
    (void)state;
    size_t count;
    struct failure failure = {0};
    struct store *store = NULL;
    if (!any_store_server()) skip();
    store = any_server_join(STORE_UNLOCKED);
    put_on(store, ARTICLE_STATE_DEAD, "2026-01-29");
    assert_true(store_begin_day(store, "2026-01-29", NULL));
    store_close(store);
    any_server_run(first_format);
    assert_false(store_connect(any_server_address, NULL, STORE_UNLOCKED, &store, &failure));
    assert_failure(&failure, REACH_RUN, REMEDY_NONE, CAUSE_MACHINE, EXIT_CONFIG, "`dragoman run` upgrades them");
    assert_true(store_connect(any_server_address, NULL, STORE_SHARED, &store, NULL));
    assert_true(store_take_lease(store, SPAN("source news")));
    assert_int_equal(any_server_count(store, ARTICLE_STATE_DEAD), 1);
    assert_true(store_begin_pages(store, NULL) && store_commit(store, NULL));
    put_on(store, ARTICLE_STATE_SKIPPED, "2026-01-29");
    assert_true(store_end_day(store, "2026-01-29", NULL));
    store_days(store, "2026-12-01", arena, &count);
    assert_int_equal(count, 1);
    store_close(store);
    store_close(any_server_join(STORE_UNLOCKED));
}

/* ---------------------------------------------------------------- reading */

static void who_reads_sees_one_moment_and_changes_nothing(void **state) {
    (void)state;
    struct store *reader = NULL;
    struct article_row row;
    if (!any_store_server()) skip();
    any_server_find(1);
    assert_true(store_connect_to_read(any_server_address, NULL, &reader, NULL));
    any_server_find(2);
    assert_int_equal(any_server_count(reader, ARTICLE_STATE_FOUND), 1);
    row = (struct article_row){.article_state = ARTICLE_STATE_DONE, .id = "cccccccccccccccccccccccccccccccc"};
    assert_true(store_put(reader, &row, NULL) && store_commit(reader, NULL));
    assert_int_equal(any_server_count(reader, ARTICLE_STATE_DONE), 1);
    store_close(reader);
    struct store *store = any_server_join(STORE_UNLOCKED);
    assert_int_equal(any_server_count(store, ARTICLE_STATE_FOUND), 2);
    assert_int_equal(any_server_count(store, ARTICLE_STATE_DONE), 0);
    store_close(store);
}

int main(void) {
    const struct CMUnitTest tests[] = {SERVER_TEST(workers_never_claim_the_same_article),
                                       SERVER_TEST(what_a_dead_worker_held_is_claimed_when_its_lease_is_over),
                                       SERVER_TEST(a_renewed_lease_holds),
                                       SERVER_TEST(closing_gives_up_what_is_not_finished),
                                       SERVER_TEST(the_only_run_takes_over_all_claims),
                                       SERVER_TEST(a_text_that_is_not_utf8_is_stored_without_what_is_wrong),
                                       SERVER_TEST(an_address_may_be_long),
                                       SERVER_TEST(what_has_been_told_may_have_a_long_key),
                                       SERVER_TEST(without_a_schema_it_says_what_to_create),
                                       SERVER_TEST(tables_of_another_schema_of_the_path_are_not_used),
                                       SERVER_TEST(a_format_table_without_a_row_is_refused),
                                       SERVER_TEST(a_newer_format_is_refused),
                                       SERVER_TEST(tables_of_the_first_format_are_upgraded),
                                       SERVER_TEST(who_reads_sees_one_moment_and_changes_nothing)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
