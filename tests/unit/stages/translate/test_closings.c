/* What is remembered about useless services. */
#include "unit/cmocka_test.h"

#include "stages/translate/closings.h"

static struct failure failure;

static void remember(struct store *store, unsigned char key, const char *service, const char *language,
                     const char *target, const char *only_for) {
    struct memory_key of = {{key}};
    struct memory_entry entry = {.source = SPAN("x"),
                                 .target = span_of(target),
                                 .source_language = span_of(language),
                                 .service = span_of(service),
                                 .model = SPAN(""),
                                 .only_for = span_of(only_for)};
    assert_true(store_remember(store, &of, &entry, &failure));
}

static bool recalls(struct store *store, unsigned char key, const char *whom) {
    struct memory_key of = {{key}};
    struct memory_entry entry;
    struct arena *arena = arena_new();
    bool found = store_recall(store, &of, span_of(whom), arena, &entry);
    if (found) assert_string_equal(arena_string(arena, entry.only_for), key == 2 ? "a" : "");
    arena_free(arena);
    return found;
}

static void count(void *context, const struct closing *closing) {
    unsigned *found = context;
    assert_true(closing->reason.length && closing->since.length == 20);
    ++*found;
}

static unsigned count_all(struct store *store) {
    unsigned found = 0;
    closings_each(store, count, &found);
    return found;
}

static void a_closing_lasts_until_it_is_lifted(void **state) {
    (void)state;
    struct store *store;
    struct arena *arena = arena_new();
    struct closing closing = {
        .service = SPAN("one"), .language = SPAN("bg"), .reason = SPAN("no use"), .canned = SPAN("Yes.")};
    struct closing found;
    assert_true(store_open(NULL, false, &store, &failure));
    assert_false(closings_find(store, SPAN("one"), SPAN("bg"), arena, &found));
    assert_true(closings_put(store, &closing, &failure));
    closing.reason = SPAN("still no use");
    assert_true(closings_put(store, &closing, &failure));
    assert_true(closings_find(store, SPAN("one"), SPAN("bg"), arena, &found));
    assert_true(span_is(found.reason, "still no use"));
    assert_true(span_is(found.canned, "Yes."));
    assert_false(closings_find(store, SPAN("one"), SPAN("es"), arena, &found));
    assert_false(closings_find(store, SPAN("on"), SPAN("bg"), arena, &found));
    assert_int_equal(count_all(store), 1);
    assert_true(closings_lift(store, SPAN("one"), SPAN("bg"), &failure));
    assert_false(closings_find(store, SPAN("one"), SPAN("bg"), arena, &found));
    assert_int_equal(count_all(store), 0);
    arena_free(arena);
    store_close(store);
}

/* Canned answers are forgotten at once; rejected ones, which were paid for, only when better ones are available. */
static void answers_are_forgotten_when_they_should_be(void **state) {
    (void)state;
    struct store *store;
    struct closing closing = {
        .service = SPAN("one"), .language = SPAN("bg"), .reason = SPAN("no use"), .canned = SPAN("Yes.")};
    assert_true(store_open(NULL, false, &store, &failure));
    remember(store, 1, "one", "bg", "Yes.", "");
    remember(store, 2, "one", "bg", "An echo", "a");
    remember(store, 3, "one", "bg", "A sentence", "");
    remember(store, 4, "one", "es", "Yes.", "");
    remember(store, 5, "two", "bg", "Yes.", "");
    assert_true(closings_put(store, &closing, &failure));
    static const bool after_closing[] = {false, true, true, true, true},
                      after_lifting[] = {false, false, true, true, true};
    for (unsigned char i = 0; i < 5; i++)
        assert_int_equal(recalls(store, (unsigned char)(i + 1), "a"), after_closing[i]);
    assert_true(closings_lift(store, SPAN("one"), SPAN("bg"), &failure));
    for (unsigned char i = 0; i < 5; i++)
        assert_int_equal(recalls(store, (unsigned char)(i + 1), "a"), after_lifting[i]);
    store_close(store);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_closing_lasts_until_it_is_lifted),
                                       cmocka_unit_test(answers_are_forgotten_when_they_should_be)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
