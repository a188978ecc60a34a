/* When pages that held no article are fetched again, and the state of their articles until then. */
#include "unit/cmocka_test.h"

#include <string.h>

#include "pipeline/store/store_revisits.h"
#include "unit/empty_store.h"

static struct article_row put(char digit, enum article_state article_state) {
    struct article_row row = {.article_state = article_state,
                              .path = SPAN("2026-01-29/articles/x.json"),
                              .note = SPAN("as it was"),
                              .day = SPAN("2026-01-29"),
                              .unfinished = 0};
    memset(row.id, digit, 32);
    assert_true(store_put(store, &row, NULL));
    return row;
}

static struct article_row find(const struct article_row *row) {
    struct article_row found;
    assert_true(store_find(store, span_of(row->id), arena, &found));
    return found;
}

static void due_articles_are_reopened_and_restored_afterwards(void **state) {
    (void)state;
    static const enum article_state states[] = {ARTICLE_STATE_DONE, ARTICLE_STATE_DEAD};
    for (size_t i = 0; i < 2; i++) {
        struct article_row row = put((char)('a' + (int)i), states[i]);
        assert_true(store_plan_revisit(store, row.id, states[i], 1, SPAN("2026-01-29T10:00:00Z"), NULL));
        assert_true(store_begin_revisits(store, SPAN("2026-01-29T09:59:59Z"), NULL));
        assert_int_equal(find(&row).article_state, states[i]);
        assert_true(store_begin_revisits(store, SPAN("2026-01-29T10:00:00Z"), NULL));
        assert_int_equal(find(&row).article_state, ARTICLE_STATE_FOUND);
        assert_true(store_end_revisit(store, row.id, NULL));
        assert_int_equal(find(&row).article_state, states[i]);
        assert_span(find(&row).note, "as it was");
        assert_span(find(&row).path, "2026-01-29/articles/x.json");
    }
}

static void articles_that_wait_or_were_skipped_meanwhile_are_left_alone(void **state) {
    (void)state;
    static const enum article_state states[] = {ARTICLE_STATE_WAITING, ARTICLE_STATE_SKIPPED, ARTICLE_STATE_DUPLICATE};
    for (size_t i = 0; i < 3; i++) {
        struct article_row row = put((char)('1' + (int)i), states[i]);
        assert_true(store_plan_revisit(store, row.id, ARTICLE_STATE_DONE, 0, SPAN("2026-01-01T00:00:00Z"), NULL));
        assert_true(store_begin_revisits(store, SPAN("2026-01-29T10:00:00Z"), NULL));
        assert_int_equal(find(&row).article_state, states[i]);
    }
}

static void forgotten_or_retried_articles_are_no_longer_scheduled(void **state) {
    (void)state;
    unsigned times = 9;
    struct retry_counts counts;
    struct article_row one = put('d', ARTICLE_STATE_DONE), dead = put('e', ARTICLE_STATE_DEAD);
    assert_false(store_find_revisit(store, one.id, &times));
    store_plan_revisit(store, one.id, ARTICLE_STATE_DONE, 0, SPAN("2026-01-29T10:00:00Z"), NULL);
    store_plan_revisit(store, one.id, ARTICLE_STATE_DONE, 1, SPAN("2026-01-29T10:00:00Z"), NULL);
    assert_true(store_find_revisit(store, one.id, &times));
    assert_int_equal(times, 1);
    assert_true(store_forget_revisit(store, one.id, NULL));
    assert_false(store_find_revisit(store, one.id, &times));
    store_plan_revisit(store, dead.id, ARTICLE_STATE_DEAD, 0, SPAN("2026-01-29T10:00:00Z"), NULL);
    assert_true(store_retry(store, span_of(dead.id), &counts, NULL));
    assert_false(store_find_revisit(store, dead.id, &times));
    assert_true(store_end_revisit(store, dead.id, NULL)); /* nothing to restore */
    assert_int_equal(find(&dead).article_state, ARTICLE_STATE_FOUND);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(due_articles_are_reopened_and_restored_afterwards),
        cmocka_unit_test(articles_that_wait_or_were_skipped_meanwhile_are_left_alone),
        cmocka_unit_test(forgotten_or_retried_articles_are_no_longer_scheduled),
    };
    return cmocka_run_group_tests(tests, open_store, close_store);
}
