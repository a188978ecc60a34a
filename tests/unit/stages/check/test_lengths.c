/* Expected lengths: at the edges of what can be divided, and for languages with and without a rule. */
#include "unit/failure_is.h"

#include <math.h>

#include "stages/check/lengths.h"

static const struct length_rule rule = {.letter = 1, .han = 3, .spread = 0.3};

static void deviation_has_the_sign_of_the_difference(void **state) {
    (void)state;
    assert_true(length_deviation(&rule, 100, 200) > 1);
    assert_true(length_deviation(&rule, 100, 50) < -1);
    assert_true(length_deviation(&rule, 100, 100) == 0);
    assert_true(length_deviation(&rule, 10, 20) < length_deviation(&rule, 1000, 2000));
}

static void what_is_shorter_than_a_letter_is_not_divided_by(void **state) {
    (void)state;
    assert_true(length_deviation(&rule, 0, 100) == 0);
    assert_true(length_deviation(&rule, 0.99, 100) == 0);
    assert_true(length_deviation(&rule, 1, 100) > 0);
    assert_true(length_deviation(&rule, 1.5, 100) > 0);
    assert_true(length_deviation(&rule, 100, 0) == -100);
    assert_true(length_deviation(&rule, 1, 0) == -100);
    assert_true(length_deviation(&rule, 0, 0) == 0);
    assert_true(length_deviation(&rule, 100, 1) > -100);
}

static void languages_have_rules_of_their_own(void **state) {
    (void)state;
    struct arena *arena = arena_new();
    struct failure failure = {0};
    struct lengths *lengths;
    assert_true(lengths_read(TEST_DATA, arena, &lengths, &failure));
    const struct length_rule *any = lengths_of(lengths, SPAN("*"));
    assert_non_null(any);
    assert_ptr_equal(lengths_of(lengths, SPAN("qqx")), any);
    assert_ptr_equal(lengths_of(lengths, SPAN("pt-BR")), lengths_of(lengths, SPAN("pt")));
    assert_ptr_not_equal(lengths_of(lengths, SPAN("ja")), any);
    arena_free(arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(deviation_has_the_sign_of_the_difference),
                                       cmocka_unit_test(what_is_shorter_than_a_letter_is_not_divided_by),
                                       cmocka_unit_test(languages_have_rules_of_their_own)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
