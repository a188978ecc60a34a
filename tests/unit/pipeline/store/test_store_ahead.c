/* Translations that are looked up ahead, in either kind of store. */
#include <string.h>

#include "pipeline/store/store_ahead.h"
#include "pipeline/store/store_internal.h"
#include "unit/empty_store.h"

static const struct memory_key known = {{1}}, bound = {{2, 0xff}}, unknown = {{3}};

static void remember(const struct memory_key *key, const char *target, const char *only_for) {
    struct memory_entry entry = {.source = SPAN("hola"),
                                 .target = span_of(target),
                                 .source_language = SPAN("es"),
                                 .service = SPAN("deepl"),
                                 .unknown_words = 2,
                                 .only_for = span_of(only_for)};
    assert_true(store_remember(store, key, &entry, NULL));
}

/* Fills the memory, looks ahead, and empties the table behind the store's back. */
static void look_ahead(void) {
    const struct memory_key keys[] = {known, unknown, bound, known};
    remember(&known, "hello", "");
    remember(&bound, "hi", "a");
    store_look_ahead(store, keys, 4);
    assert_true(database_run(store->database, "DELETE FROM memory"));
}

static bool recall(const struct memory_key *key, const char *whom, struct memory_entry *ret_entry) {
    return store_recall(store, key, span_of(whom), arena, ret_entry);
}

static void what_was_looked_up_is_not_asked_for_again(void **state) {
    (void)state;
    struct memory_entry found;
    look_ahead();
    assert_true(recall(&known, "a", &found));
    assert_span(found.source, "hola");
    assert_span(found.target, "hello");
    assert_span(found.source_language, "es");
    assert_span(found.service, "deepl");
    assert_int_equal(found.unknown_words, 2);
    assert_true(recall(&known, "b", &found));
}

static void what_belongs_to_one_article_is_for_no_other(void **state) {
    (void)state;
    struct memory_entry found;
    look_ahead();
    assert_false(recall(&bound, "b", &found));
    assert_true(recall(&bound, "a", &found));
    assert_span(found.only_for, "a");
}

static void what_was_not_found_is_known_not_to_be_there(void **state) {
    (void)state;
    struct memory_entry found;
    const struct memory_key keys[] = {unknown};
    remember(&known, "hello", "");
    store_look_ahead(store, keys, 1);
    assert_false(recall(&unknown, "a", &found));
    assert_true(recall(&known, "a", &found)); /* one by one */
}

static void a_change_of_the_memory_ends_it(void **state) {
    (void)state;
    struct memory_entry found;
    look_ahead();
    remember(&unknown, "bye", "");
    assert_true(recall(&unknown, "a", &found));
    assert_span(found.target, "bye");
    assert_false(recall(&known, "a", &found)); /* it has been taken out meanwhile */
}

static void the_texts_outlive_the_next_look(void **state) {
    (void)state;
    struct memory_entry found;
    look_ahead();
    assert_true(recall(&known, "a", &found));
    store_look_ahead(store, &unknown, 1);
    store_look_ahead(store, NULL, 0);
    assert_span(found.target, "hello");
    assert_false(recall(&known, "a", &found));
}

/* ---------------------------------------------------------------- articles */

static const char *const ids[] = {"00000000000000000000000000000001", "00000000000000000000000000000002",
                                  "00000000000000000000000000000003", "00000000000000000000000000000004"};

static void put(const char *id, enum article_state state, const char *version) {
    struct article_row row = {.article_state = state, .version = span_of(version)};
    memcpy(row.id, id, sizeof row.id);
    assert_true(store_put(store, &row, NULL));
}

static void articles_that_were_looked_up_are_not_asked_for_again(void **state) {
    (void)state;
    if (!any_store_server()) skip();
    put(ids[0], ARTICLE_STATE_DONE, "v");
    put(ids[1], ARTICLE_STATE_WAITING, "v");
    store_look_ahead_articles(store, ids, 3);
    assert_true(database_run(store->database, "DELETE FROM article"));
    assert_true(store_knows(store, ids[0], SPAN("v")));
    assert_false(store_knows(store, ids[0], SPAN("v2")));
    assert_true(store_knows(store, ids[1], SPAN("v2"))); /* it is still to be processed */
    assert_false(store_knows(store, ids[2], SPAN("v")));
    /* What changes and what was not looked up is asked for. */
    put(ids[2], ARTICLE_STATE_FOUND, "v");
    assert_true(store_knows(store, ids[2], SPAN("v")));
    assert_false(store_knows(store, ids[3], SPAN("v")));
    store_look_ahead_articles(store, NULL, 0);
    assert_false(store_knows(store, ids[0], SPAN("v")));
}

static void articles_of_a_file_are_always_asked_for(void **state) {
    (void)state;
    if (any_store_server()) skip();
    put(ids[0], ARTICLE_STATE_DONE, "v");
    store_look_ahead_articles(store, ids, 1);
    assert_true(database_run(store->database, "DELETE FROM article"));
    assert_false(store_knows(store, ids[0], SPAN("v")));
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, open_store, close_store)

int main(void) {
    const struct CMUnitTest tests[] = {TEST(what_was_looked_up_is_not_asked_for_again),
                                       TEST(what_belongs_to_one_article_is_for_no_other),
                                       TEST(what_was_not_found_is_known_not_to_be_there),
                                       TEST(a_change_of_the_memory_ends_it),
                                       TEST(the_texts_outlive_the_next_look),
                                       TEST(articles_that_were_looked_up_are_not_asked_for_again),
                                       TEST(articles_of_a_file_are_always_asked_for)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
