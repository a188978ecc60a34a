#include "unit/failure_is.h"
#include "unit/scratch_folder.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "unit/any_store.h"

static struct article_row row_of(char digit, enum article_state article_state, const char *version) {
    struct article_row row = {.article_state = article_state, .version = span_of(version), .record = SPAN("{}")};
    memset(row.id, digit, 32);
    return row;
}

static struct store *open_store(bool exclusive) {
    struct store *store = NULL;
    struct failure failure = {0};
    assert_true(store_open(path, exclusive, &store, &failure));
    return store;
}

static void committed_data_survives_reopening(void **state) {
    (void)state;
    struct store *store = open_store(true);
    struct article_row row = row_of('a', ARTICLE_STATE_DONE, "v1");
    assert_true(store_put(store, &row, NULL));
    assert_true(store_commit(store, NULL));
    assert_true(store_make_durable(store, NULL));
    store_close(store);
    store = open_store(false);
    assert_true(store_knows(store, row.id, SPAN("v1")));
    assert_false(store_knows(store, row.id, SPAN("v2")));
    store_close(store);
}

static void a_second_run_is_refused_with_the_process_id_of_the_first(void **state) {
    (void)state;
    struct store *first = open_store(true), *second = NULL;
    struct failure failure = {0};
    char number[32];
    snprintf(number, sizeof number, "process %ld", (long)getpid());
    assert_false(store_open(path, true, &second, &failure));
    assert_failure(&failure, REACH_RUN, REMEDY_NONE, CAUSE_MACHINE, EXIT_BUSY, number);
    store_close(first);
}

static void articles_are_claimed_once_and_in_order(void **state) {
    (void)state;
    struct store *store = NULL;
    struct arena *arena = arena_new();
    struct article_row row;
    assert_true(store_open(NULL, false, &store, NULL));
    for (char digit = '1'; digit <= '3'; digit++) {
        row = row_of(digit, ARTICLE_STATE_FOUND, "");
        store_put(store, &row, NULL);
    }
    for (char digit = '1'; digit <= '3'; digit++) {
        assert_true(store_claim(store, arena, &row));
        assert_int_equal(row.id[0], digit);
        assert_int_equal(row.kills, 0);
    }
    assert_false(store_claim(store, arena, &row));
    store_close(store);
    arena_free(arena);
}

static void waiting_articles_are_for_the_next_run(void **state) {
    (void)state;
    struct store *store = open_store(true);
    struct arena *arena = arena_new();
    struct article_row row = row_of('c', ARTICLE_STATE_WAITING, "");
    store_put(store, &row, NULL);
    assert_false(store_claim(store, arena, &row));
    store_close(store);
    store = open_store(true);
    assert_true(store_claim(store, arena, &row));
    assert_int_equal(row.id[0], 'c');
    store_close(store);
    arena_free(arena);
}

static void ignore_entry(void *context, const struct memory_key *key, const struct memory_entry *entry) {
    (void)context, (void)key, (void)entry;
}

static void the_memory_returns_what_was_stored(void **state) {
    (void)state;
    struct store *store = NULL;
    struct arena *arena = arena_new();
    struct memory_key key = {{1, 2, 3}}, other = {{4}};
    struct memory_entry entry = {.source = SPAN("hola"), .target = SPAN("hello"), .unknown_words = 2}, found;
    assert_true(store_open(NULL, false, &store, NULL));
    assert_true(store_remember(store, &key, &entry, NULL));
    assert_true(store_recall(store, &key, SPAN("2026-01-29 a"), arena, &found));
    assert_true(store_forget_answers(store, SPAN(""), SPAN(""), SPAN("hello"), false, NULL));
    assert_true(store_forget_answers(store, SPAN(""), SPAN(""), SPAN("hello"), false, NULL));
    assert_false(store_recall(store, &key, SPAN("2026-01-29 a"), arena, &found));
    assert_true(store_remember(store, &key, &entry, NULL));
    assert_true(store_recall(store, &key, SPAN("2026-01-29 a"), arena, &found));
    assert_span(found.target, "hello");
    assert_int_equal(found.unknown_words, 2);
    assert_false(store_recall(store, &other, SPAN("2026-01-29 a"), arena, &found));
    store_close(store);
    arena_free(arena);
}

static void a_worthless_answer_is_remembered_for_its_article(void **state) {
    (void)state;
    struct store *store = NULL;
    struct arena *arena = arena_new();
    struct memory_key key = {{9}};
    struct memory_entry entry = {.source = SPAN("hola"), .target = SPAN("hola"), .only_for = SPAN("a")}, found;
    assert_true(store_open(NULL, false, &store, NULL));
    assert_true(store_remember(store, &key, &entry, NULL));
    assert_true(store_recall(store, &key, SPAN("a"), arena, &found));
    assert_false(store_recall(store, &key, SPAN("b"), arena, &found));
    assert_int_equal(store_each_memory(store, ignore_entry, NULL), 0);
    store_close(store);
    arena_free(arena);
}

/* ---------------------------------------------------------------- waiting */

static void put_waiting(struct store *store, char digit, enum failure_cause cause, const char *on, const char *since) {
    struct article_row row = row_of(digit, ARTICLE_STATE_WAITING, "");
    row.waits_for = cause;
    row.waits_on = span_of(on);
    row.since = span_of(since);
    row.day = span_cut(row.since, 0, 10);
    row.note = SPAN("it is down");
    assert_true(store_put(store, &row, NULL));
}

static struct article_row found_row(struct store *store, char digit, struct arena *arena) {
    struct article_row row;
    char id[2] = {digit, '\0'};
    assert_true(store_find(store, span_of(id), arena, &row));
    return row;
}

static void since_is_kept_while_the_cause_is_the_same(void **state) {
    (void)state;
    struct store *store = NULL;
    struct arena *arena = arena_new();
    assert_true(store_open(NULL, false, &store, NULL));
    put_waiting(store, '1', CAUSE_SERVICE, "lt", "2026-01-28T06:00:00Z");
    put_waiting(store, '1', CAUSE_SERVICE, "lt", "2026-01-29T06:00:00Z");
    assert_span(found_row(store, '1', arena).since, "2026-01-28T06:00:00Z");
    assert_span(found_row(store, '1', arena).day, "2026-01-28");
    put_waiting(store, '1', CAUSE_MONEY, "lt", "2026-01-30T06:00:00Z");
    assert_span(found_row(store, '1', arena).since, "2026-01-30T06:00:00Z");
    put_waiting(store, '1', CAUSE_MONEY, "other", "2026-01-31T06:00:00Z");
    assert_span(found_row(store, '1', arena).since, "2026-01-31T06:00:00Z");
    assert_span(found_row(store, '1', arena).day, "2026-01-31");
    store_close(store);
    arena_free(arena);
}

struct groups {
    size_t articles, services;
    char first[21];
};

static void take_group(void *context, const struct waiting *waiting) {
    struct groups *groups = context;
    groups->articles += waiting->count;
    if (waiting->waits_for != CAUSE_SERVICE) return;
    groups->services++;
    memcpy(groups->first, waiting->since.at, waiting->since.length);
    assert_span(waiting->reason, "it is down");
}

static void articles_that_wait_for_the_same_form_a_group(void **state) {
    (void)state;
    struct store *store = NULL;
    struct groups groups = {0};
    assert_true(store_open(NULL, false, &store, NULL));
    put_waiting(store, '1', CAUSE_SERVICE, "lt", "2026-01-29T06:00:00Z");
    put_waiting(store, '2', CAUSE_SERVICE, "lt", "2026-01-28T06:00:00Z");
    put_waiting(store, '3', CAUSE_MONEY, "cost_per_day", "2026-01-28T06:00:00Z");
    assert_int_equal(store_each_waiting(store, take_group, &groups), 2);
    assert_int_equal(groups.articles, 3);
    assert_int_equal(groups.services, 1);
    assert_string_equal(groups.first, "2026-01-28T06:00:00Z");
    store_close(store);
}

/* ---------------------------------------------------------------- retry */

static void put_for_retry(struct store *store, char digit, enum article_state article_state, int unfinished) {
    struct article_row row = row_of(digit, article_state, "");
    row.unfinished = unfinished;
    row.path = SPAN("2026-01-29/articles/x.json");
    assert_true(store_put(store, &row, NULL));
    struct memory_key key = {{(unsigned char)digit}};
    struct memory_entry entry = {.source = SPAN("hola"), .target = SPAN("hola"), .only_for = span_of(row.id)};
    entry.only_for.length = 32;
    assert_true(store_remember(store, &key, &entry, NULL));
}

static struct store *store_for_retry(void) {
    struct store *store = NULL;
    assert_true(store_open(NULL, false, &store, NULL));
    put_for_retry(store, 'a', ARTICLE_STATE_DEAD, -1);
    put_for_retry(store, 'b', ARTICLE_STATE_DEAD, -1);
    put_for_retry(store, 'c', ARTICLE_STATE_DONE, 3);
    put_for_retry(store, 'd', ARTICLE_STATE_DONE, 0);
    put_for_retry(store, 'e', ARTICLE_STATE_WAITING, -1);
    put_for_retry(store, 'f', ARTICLE_STATE_SKIPPED, -1);
    return store;
}

static bool remembers(struct store *store, char digit) {
    struct arena *arena = arena_new();
    struct memory_key key = {{(unsigned char)digit}};
    struct memory_entry found;
    char id[33];
    memset(id, digit, 32);
    id[32] = '\0';
    bool known = store_recall(store, &key, span_of(id), arena, &found);
    arena_free(arena);
    return known;
}

/* Asserts which of the articles a to f are FOUND now, and which worthless answers are still remembered. */
static void assert_retried(struct store *store, const char *retried) {
    struct arena *arena = arena_new();
    for (char digit = 'a'; digit <= 'f'; digit++) {
        bool wanted = strchr(retried, digit) != NULL;
        assert_int_equal(found_row(store, digit, arena).article_state == ARTICLE_STATE_FOUND, wanted);
        assert_int_equal(remembers(store, digit), !wanted);
    }
    arena_free(arena);
    store_close(store);
}

static void retry_takes_failed_and_unfinished_articles(void **state) {
    (void)state;
    struct store *store = store_for_retry();
    struct retry_counts counts;
    assert_true(store_retry(store, SPAN(""), &counts, NULL));
    assert_int_equal(counts.failed, 2);
    assert_int_equal(counts.partial, 1);
    assert_int_equal(counts.missing, 3);
    assert_int_equal(counts.waiting, 0);
    assert_retried(store, "abc");
}

static void count_rows(void *context, const struct article_row *row) {
    size_t *cut = context;
    *cut += row->cut;
}

static void cut_articles_are_retried_and_listed_as_partial(void **state) {
    (void)state;
    struct store *store = store_for_retry();
    struct arena *arena = arena_new();
    struct retry_counts counts;
    size_t cut = 0;
    assert_int_equal(store_count_partial(store), 1);
    struct article_row row = found_row(store, 'd', arena);
    assert_true(store_put_unfinished(store, row.id, 0, true, NULL));
    assert_true(found_row(store, 'd', arena).cut);
    assert_int_equal(store_count_partial(store), 2);
    assert_int_equal(store_list_partial(store, 10, count_rows, &cut), 2);
    assert_int_equal(cut, 1);
    assert_int_equal(store_list_partial(store, 1, count_rows, &cut), 1);
    assert_true(store_retry(store, SPAN("d"), &counts, NULL));
    assert_int_equal(counts.partial, 1);
    assert_int_equal(counts.cut, 1);
    assert_int_equal(counts.missing, 0);
    row = found_row(store, 'd', arena);
    row.article_state = ARTICLE_STATE_DONE;
    row.cut = false;
    assert_true(store_put(store, &row, NULL));
    assert_int_equal(store_count_partial(store), 1);
    arena_free(arena);
    store_close(store);
}

static void retry_of_one_article_leaves_the_others_alone(void **state) {
    (void)state;
    static const char *const ids[] = {"b", "c", "e", "d", "f", "0", "xyz"}, *const retried[] = {"b", "c", "e", "",
                                                                                                "",  "",  ""};
    for (size_t i = 0; i < sizeof ids / sizeof *ids; i++) {
        struct store *store = store_for_retry();
        struct retry_counts counts;
        assert_true(store_retry(store, span_of(ids[i]), &counts, NULL));
        assert_int_equal(counts.failed + counts.partial + counts.waiting, strlen(retried[i]));
        assert_retried(store, retried[i]);
    }
}

static const struct bill_line first_line = {.day = {"2026-01-29", 10},
                                            .service = {"one", 3},
                                            .source = {"news", 4},
                                            .requests = 1,
                                            .characters = 20,
                                            .input_tokens = 300,
                                            .output_tokens = 4000,
                                            .segments = 50000,
                                            .cost = 600000};

static void assert_amounts(const struct bill_line *line, unsigned long times) {
    assert_int_equal(line->requests, times);
    assert_int_equal(line->characters, 20 * times);
    assert_int_equal(line->input_tokens, 300 * times);
    assert_int_equal(line->output_tokens, 4000 * times);
    assert_int_equal(line->segments, 50000 * times);
    assert_int_equal(line->cost, 600000 * times);
}

static void count_line(void *context, const struct bill_line *line) {
    size_t *lines = context;
    assert_span(line->day, "2026-01-29");
    ++*lines;
    assert_span(line->service, *lines == 1 ? "one" : "two");
    assert_amounts(line, *lines == 1 ? 2 : 1);
}

/* All amounts are different, so that mixing them up would be noticed. */
static void bills_are_summed_by_day_service_and_source(void **state) {
    (void)state;
    struct store *store = NULL;
    struct bill_line second = first_line, later = first_line;
    second.service = SPAN("two");
    second.source = SPAN("papers");
    later.day = SPAN("2026-02-01");
    assert_true(store_open(NULL, false, &store, NULL));
    for (size_t i = 0; i < 2; i++) assert_true(store_bill(store, &first_line, NULL));
    assert_true(store_bill(store, &second, NULL));
    assert_true(store_bill(store, &later, NULL));
    struct bill_line spent = store_spent(store, SPAN("2026-01-29"), SPAN(""), SPAN(""));
    assert_amounts(&spent, 3);
    spent = store_spent(store, SPAN("2026-01"), SPAN("one"), SPAN(""));
    assert_amounts(&spent, 2);
    spent = store_spent(store, SPAN("2026"), SPAN(""), SPAN("papers"));
    assert_amounts(&spent, 1);
    spent = store_spent(store, SPAN("2025"), SPAN(""), SPAN(""));
    assert_amounts(&spent, 0);
    size_t lines = 0;
    assert_int_equal(store_each_bill(store, SPAN("2026-01"), count_line, &lines), 2);
    assert_int_equal(lines, 2);
    store_close(store);
}

static void reservations_of_a_dead_run_are_billed_once(void **state) {
    (void)state;
    struct store *store = NULL;
    struct bill_line sum;
    /* On a server, runs reserve in another way (test_store_workers.c). */
    if (any_store_server()) skip();
    assert_true(store_open(NULL, false, &store, NULL));
    assert_true(store_reserve(store, &first_line, 3, NULL));
    assert_true(store_reserve(store, &first_line, -1, NULL));
    assert_true(store_recover_reserved(store, &sum, NULL));
    assert_amounts(&sum, 2);
    struct bill_line spent = store_spent(store, SPAN(""), SPAN("one"), SPAN("news"));
    assert_amounts(&spent, 2);
    assert_true(store_recover_reserved(store, &sum, NULL));
    assert_amounts(&sum, 0);
    spent = store_spent(store, SPAN(""), SPAN(""), SPAN(""));
    assert_amounts(&spent, 2);
    store_close(store);
}

static void the_last_notice_is_kept(void **state) {
    (void)state;
    struct store *store = NULL;
    struct arena *arena = arena_new();
    struct span value, at;
    assert_true(store_open(NULL, false, &store, NULL));
    assert_false(store_told(store, SPAN("line"), arena, &value, &at));
    assert_true(store_tell(store, SPAN("line"), SPAN("a"), SPAN("2026-01-28T06:00:00Z"), NULL));
    assert_true(store_tell(store, SPAN("line"), SPAN("b"), SPAN("2026-01-29T06:00:00Z"), NULL));
    assert_true(store_told(store, SPAN("line"), arena, &value, &at));
    assert_span(value, "b");
    assert_span(at, "2026-01-29T06:00:00Z");
    store_close(store);
    arena_free(arena);
}

static void a_state_of_the_first_version_is_upgraded(void **state) {
    if (any_store_server()) skip(); /* is about a file */
    (void)state;
    char old[80];
    sqlite3 *database = NULL;
    struct store *store = NULL;
    struct arena *arena = arena_new();
    struct memory_key key = {{7}};
    struct memory_entry found;
    snprintf(old, sizeof old, "%s/old.db", folder);
    assert_int_equal(sqlite3_open(old, &database), SQLITE_OK);
    assert_int_equal(
        sqlite3_exec(
            database,
            "CREATE TABLE article (id BLOB PRIMARY KEY, sequence INTEGER NOT NULL, standing INTEGER NOT NULL, "
            "attempts INTEGER NOT NULL, version TEXT, source TEXT, address TEXT, note TEXT, day TEXT, record BLOB);"
            "CREATE TABLE validator (address TEXT PRIMARY KEY, etag TEXT, last_modified TEXT, moved_to TEXT) "
            "WITHOUT ROWID;"
            "CREATE TABLE bill (day TEXT, service TEXT, source TEXT, requests INTEGER, characters INTEGER, "
            "input_tokens INTEGER, output_tokens INTEGER, segments INTEGER, cost INTEGER, "
            "PRIMARY KEY (day, service, source)) WITHOUT ROWID;"
            "CREATE TABLE memory (key BLOB PRIMARY KEY, source TEXT, target TEXT, language TEXT, service TEXT, "
            "model TEXT, unknown INTEGER) WITHOUT ROWID;"
            "INSERT INTO article VALUES (x'a0000000000000000000000000000000', 1, 6, 5, '', '', '', 'service lt is "
            "down', '2026-01-29', '{}'), (x'b0000000000000000000000000000000', 2, 6, 1, '', '', '', 'the file is "
            "empty', '2026-01-29', '{}'), (x'c0000000000000000000000000000000', 3, 3, 1, '', '', '', "
            "'2026-01-29/articles/c.json', '2026-01-29', ''), (x'd0000000000000000000000000000000', 4, 2, 3, '', '', "
            "'', 'it hangs', NULL, '{}'), (x'e0000000000000000000000000000000', 5, 6, 1, '', '', '', '', "
            "'2026-01-29', '{}');"
            "INSERT INTO memory VALUES (x'07000000000000000000000000000000', 'hola', 'hello', 'es', 'a', '', 0);"
            "PRAGMA user_version = 1;",
            NULL, NULL, NULL),
        SQLITE_OK);
    sqlite3_close(database);
    assert_true(store_open(old, true, &store, NULL));
    assert_true(store_recall(store, &key, SPAN(""), arena, &found));
    assert_span(found.target, "hello");
    static const enum article_state wanted[] = {ARTICLE_STATE_WAITING, ARTICLE_STATE_DEAD, ARTICLE_STATE_DONE,
                                                ARTICLE_STATE_WAITING, ARTICLE_STATE_WAITING};
    for (size_t i = 0; i < 5; i++) {
        struct article_row row = found_row(store, (char)('a' + i), arena);
        assert_int_equal(row.article_state, wanted[i]);
        assert_int_equal(row.kills, 0);
        assert_int_equal(row.unfinished, -1);
    }
    assert_span(found_row(store, 'a', arena).since, "2026-01-29T00:00:00Z");
    assert_int_equal(found_row(store, 'a', arena).waits_for, CAUSE_SERVICE);
    assert_span(found_row(store, 'c', arena).path, "2026-01-29/articles/c.json");
    store_close(store);
    arena_free(arena);
}

static void a_file_that_is_not_a_database_is_reported(void **state) {
    if (any_store_server()) skip(); /* is about a file */
    (void)state;
    char wrong[80];
    struct store *store = NULL;
    struct failure failure = {0};
    snprintf(wrong, sizeof wrong, "%s/wrong.db", folder);
    FILE *file = fopen(wrong, "w");
    for (int i = 0; i < 200; i++) fputs("this is a text and no database\n", file);
    fclose(file);
    assert_false(store_open(wrong, true, &store, &failure));
    assert_failure(&failure, REACH_RUN, REMEDY_NONE, CAUSE_MACHINE, EXIT_IO, "wrong.db");
}

static void best_match_comes_first(void **state) {
    (void)state;
    struct store *store = NULL;
    struct fingerprint_match matches[2];
    const uint64_t lead[] = {1, 2, 3, 4}, other[] = {4, 9}, asked[] = {1, 2, 4};
    assert_true(store_open(NULL, false, &store, NULL));
    store_add_fingerprints(store, row_of('1', ARTICLE_STATE_DONE, "").id, "2026-01-29", lead, 4, NULL);
    store_add_fingerprints(store, row_of('2', ARTICLE_STATE_DONE, "").id, "2026-01-29", other, 2, NULL);
    assert_int_equal(store_match_fingerprints(store, "2026-01-27", asked, 3, matches, 2), 2);
    assert_int_equal(matches[0].id[0], '1');
    assert_int_equal(matches[0].shared, 3);
    store_close(store);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(committed_data_survives_reopening),
                                       cmocka_unit_test(a_second_run_is_refused_with_the_process_id_of_the_first),
                                       cmocka_unit_test(articles_are_claimed_once_and_in_order),
                                       cmocka_unit_test(waiting_articles_are_for_the_next_run),
                                       cmocka_unit_test(the_memory_returns_what_was_stored),
                                       cmocka_unit_test(a_worthless_answer_is_remembered_for_its_article),
                                       cmocka_unit_test(since_is_kept_while_the_cause_is_the_same),
                                       cmocka_unit_test(articles_that_wait_for_the_same_form_a_group),
                                       cmocka_unit_test(retry_takes_failed_and_unfinished_articles),
                                       cmocka_unit_test(cut_articles_are_retried_and_listed_as_partial),
                                       cmocka_unit_test(retry_of_one_article_leaves_the_others_alone),
                                       cmocka_unit_test(bills_are_summed_by_day_service_and_source),
                                       cmocka_unit_test(reservations_of_a_dead_run_are_billed_once),
                                       cmocka_unit_test(the_last_notice_is_kept),
                                       cmocka_unit_test(a_state_of_the_first_version_is_upgraded),
                                       cmocka_unit_test(a_file_that_is_not_a_database_is_reported),
                                       cmocka_unit_test(best_match_comes_first)};
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
