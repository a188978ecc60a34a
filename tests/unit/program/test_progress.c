#include "program/progress.h"

#include "tests/unit/cmocka_test.h"

static void check(struct progress_counts counts, double seconds, const char *expected) {
    struct buffer out = BUFFER(512);
    progress_write(&counts, seconds, &out);
    assert_string_equal(out.at, expected);
    buffer_free(&out);
}

static void test_the_time_left_is_shown_when_everything_has_been_found(void **state) {
    (void)state;
    check((struct progress_counts){.ended = 50, .known_of = 200, .under_way = 8, .all_found = true}, 25,
          "50 of 200 articles, 8 in progress, 2.0 per second, 1 min 15 s left");
    check((struct progress_counts){.ended = 50, .known_of = 200, .under_way = 8}, 25,
          "50 of 200+ articles, 8 in progress, 2.0 per second");
    check((struct progress_counts){.known_of = 1, .under_way = 1}, 1, "0 of 1+ article, 1 in progress, 0.0 per second");
}

static void test_failures_and_costs_are_shown(void **state) {
    (void)state;
    check(
        (struct progress_counts){
            .ended = 10, .known_of = 10, .failed = 2, .waiting = 1, .all_found = true, .cost = 0.125},
        5, "10 of 10 articles, 0 in progress, 2.0 per second, 2 failed, 1 waiting, 0.12 spent");
}

static void test_an_empty_run_does_not_divide_by_zero(void **state) {
    (void)state;
    check((struct progress_counts){0}, 0, "0 of 0+ articles, 0 in progress, 0.0 per second");
}

static void test_the_line_never_fills_its_row(void **state) {
    (void)state;
    static const struct {
        size_t columns;
        const char *shown;
    } all[] = {{0, "12 of 40"}, {9, "12 of 40"}, {8, "12 of 4"}, {3, "12"}, {1, ""}};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        assert_true(span_is(progress_fit(SPAN("12 of 40"), all[i].columns), all[i].shown));
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_the_time_left_is_shown_when_everything_has_been_found),
                                       cmocka_unit_test(test_failures_and_costs_are_shown),
                                       cmocka_unit_test(test_an_empty_run_does_not_divide_by_zero),
                                       cmocka_unit_test(test_the_line_never_fills_its_row)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
