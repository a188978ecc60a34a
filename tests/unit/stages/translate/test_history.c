/* The quality of a service's answers, remembered between runs. */
#include "unit/cmocka_test.h"

#include "stages/translate/history.h"

static struct failure failure;

static void assert_history(struct store *store, const char *service, const char *language, bool proven,
                           unsigned worthless) {
    struct history found = history_find(store, span_of(service), span_of(language));
    assert_int_equal(found.proven, proven);
    assert_int_equal(found.worthless, worthless);
}

static void history_is_kept_by_service_and_language(void **state) {
    (void)state;
    struct store *store;
    assert_true(store_open(NULL, false, &store, &failure));
    assert_history(store, "one", "bg", false, 0);
    assert_true(history_put(store, SPAN("one"), SPAN("bg"), &(struct history){false, 5}, &failure));
    assert_true(history_put(store, SPAN("one"), SPAN("es"), &(struct history){true, HISTORY_TEXTS}, &failure));
    assert_history(store, "one", "bg", false, 5);
    assert_history(store, "one", "es", true, HISTORY_TEXTS);
    assert_history(store, "two", "bg", false, 0);
    assert_true(history_put(store, SPAN("one"), SPAN("bg"), &(struct history){true, 0}, &failure));
    assert_history(store, "one", "bg", true, 0);
    store_close(store);
}

static void impossible_values_are_rejected(void **state) {
    (void)state;
    struct store *store;
    static const char *const values[] = {"", "proven", "unproven 17", "unproven -1", "unproven x", "17"};
    assert_true(store_open(NULL, false, &store, &failure));
    for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
        assert_true(
            store_tell(store, SPAN("answers\tone\tbg"), span_of(values[i]), SPAN("2026-01-29T06:00:00Z"), &failure));
        assert_history(store, "one", "bg", i == 1, 0);
    }
    store_close(store);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(history_is_kept_by_service_and_language),
                                       cmocka_unit_test(impossible_values_are_rejected)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
