/* Articles that are looked up ahead, in either kind of store. */
#include <string.h>

#include "pipeline/store/store_ahead.h"
#include "pipeline/store/store_internal.h"
#include "unit/empty_store.h"

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
    const struct CMUnitTest tests[] = {TEST(articles_that_were_looked_up_are_not_asked_for_again),
                                       TEST(articles_of_a_file_are_always_asked_for)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
