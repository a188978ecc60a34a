/* The lists of what numbers can mean, which give the same answers whether they are sorted or not. */
#include "unit/cmocka_test.h"

#include "stages/check/quantities.h"

enum { FEW = 3, MANY_NUMBERS = 400 };

/* Makes the facts of the numbers from 1 to `count`, in digits. */
static struct facts count_up(struct quantity *items, size_t count, bool english) {
    for (size_t i = 0; i < count; i++)
        items[i] = (struct quantity){
            .kind = QUANTITY_DIGITS, .values = {(double)(count - i)}, .value_count = 1, .scale = 1, .precision = 1};
    return facts_make(&(struct quantities){.items = items, .count = count, .english = english});
}

static void a_list_is_counted_within_bounds(void **state) {
    static struct quantity items[MANY_NUMBERS];
    const size_t counts[] = {FEW, MANY_NUMBERS};
    (void)state;
    for (int i = 0; i < 2; i++) {
        double last = (double)counts[i];
        struct facts facts = count_up(items, counts[i], false);
        assert_int_equal(facts.sorted, i);
        assert_int_equal(facts_count(&facts, FACT_VALUE, 1, last), counts[i]);
        assert_int_equal(facts_count(&facts, FACT_VALUE, 2, last - 1), counts[i] - 2);
        assert_int_equal(facts_count(&facts, FACT_VALUE, 1.5, 1.9), 0);
        assert_int_equal(facts_count(&facts, FACT_VALUE, last, last), 1);
        assert_int_equal(facts_count(&facts, FACT_VALUE, -1, 0.5), 0);
        assert_int_equal(facts_count(&facts, FACT_VALUE, last + 1, last + 9), 0);
        assert_int_equal(facts_count(&facts, FACT_VALUE, 3, 1), 0); /* the bounds the wrong way round */
        assert_int_equal(facts_count(&facts, FACT_PART, 0, last), 0);
        assert_true(facts_between(&facts, FACT_FIGURE, 0, 1));
        assert_false(facts_between(&facts, FACT_FIGURE, 0, 0.5));
        assert_true(facts_have(&facts, FACT_PLAIN, last * (1 + 1e-12)));
        assert_false(facts_have(&facts, FACT_PLAIN, last * (1 + 1e-6)));
        assert_true(facts_have(&facts, FACT_SCALED, 1));
        facts_free(&facts);
        assert_int_equal(facts.count, 0);
    }
}

static bool has(const struct quantity *quantity, bool english, unsigned list, double key) {
    struct quantity copy = *quantity;
    struct facts facts = facts_make(&(struct quantities){.items = &copy, .count = 1, .english = english});
    bool found = facts_have(&facts, list, key);
    facts_free(&facts);
    return found;
}

static void only_a_source_is_to_be_met_exactly(void **state) {
    struct quantity number = {
        .kind = QUANTITY_DIGITS, .values = {25e6}, .value_count = 1, .scale = 1e6, .precision = 2};
    (void)state;
    assert_true(has(&number, false, FACT_EXACT + 2, 25e6));
    assert_true(has(&number, false, FACT_METRIC, 25e6));
    assert_false(has(&number, false, FACT_ROUGH + 2, 25e6));
    assert_true(has(&number, true, FACT_ROUGH + 2, 25e6));
    assert_false(has(&number, true, FACT_EXACT + 2, 25e6));
    assert_false(has(&number, true, FACT_METRIC, 25e6));
    number.scale = 100; /* too small to be rounded to */
    assert_false(has(&number, true, FACT_ROUGH + 2, 25e6));
    number.scale = 1000;
    assert_true(has(&number, true, FACT_ROUGH + 2, 25e6));
    number.precision = 99; /* more than there are lists */
    assert_true(has(&number, true, FACT_ROUGH + FACT_PRECISIONS - 1, 25e6));
    number.kind = QUANTITY_PERHAPS;
    assert_false(has(&number, false, FACT_METRIC, 25e6));
    assert_false(has(&number, false, FACT_FIGURE, 25e6));
}

static void a_number_of_two_meanings_is_not_plain(void **state) {
    struct quantity number = {.kind = QUANTITY_DIGITS,
                              .values = {2300, 2.3},
                              .value_count = 2,
                              .parts = {2, 300},
                              .part_count = 2,
                              .scale = 1};
    (void)state;
    assert_true(has(&number, true, FACT_VALUE, 2.3));
    assert_true(has(&number, true, FACT_FIGURE, 2300));
    assert_false(has(&number, true, FACT_FIGURE, 2.3));
    assert_false(has(&number, true, FACT_PLAIN, 2300));
    assert_true(has(&number, true, FACT_PART, 300));
    assert_true(has(&number, true, FACT_PARTS, facts_parts_key((const double[]){2, 300}, 2)));
    assert_false(has(&number, true, FACT_PARTS, facts_parts_key((const double[]){300, 2}, 2)));
    assert_false(has(&number, true, FACT_PARTS, facts_parts_key((const double[]){2, 300, 0}, 3)));
}

static void a_scale_between_thousands_is_broad(void **state) {
    struct quantity scale = {.kind = QUANTITY_SCALE, .values = {1e4}, .value_count = 1, .scale = 1};
    (void)state;
    assert_true(has(&scale, false, FACT_SCALE, 1e4));
    scale.values[0] = 100;
    assert_true(has(&scale, false, FACT_SCALE, 100));
    scale.values[0] = 1e6;
    assert_false(has(&scale, false, FACT_SCALE, 1e6));
    scale = (struct quantity){.kind = QUANTITY_WORDS, .values = {1e4}, .value_count = 1, .scale = 1};
    assert_false(has(&scale, false, FACT_SCALE, 1e4));
}

static void english_measures_are_converted(void **state) {
    struct sense acre = {.value = 0.4047}, fahrenheit = {.value = 0};
    struct quantity field = {.kind = QUANTITY_DIGITS, .values = {100}, .value_count = 1, .imperial = &acre, .scale = 1};
    (void)state;
    assert_true(has(&field, true, FACT_CONVERTED, 40.47));
    assert_true(has(&field, true, FACT_CONVERTED, 40470));
    assert_true(has(&field, true, FACT_CONVERTED, 0.004047));
    assert_false(has(&field, true, FACT_CONVERTED, 404700));
    assert_false(has(&field, true, FACT_LENGTH, 40.47));
    assert_false(has(&field, true, FACT_METRES, 40.47));
    assert_false(has(&field, true, FACT_CELSIUS, (100.0 - 32) * 5 / 9));
    struct quantity way = field;
    way.imperial = &fahrenheit;
    way.values[0] = 50;
    assert_true(has(&way, true, FACT_CELSIUS, 10));
    assert_false(has(&way, true, FACT_CONVERTED, 0));
    way.value_count = 0;
    assert_false(has(&way, true, FACT_CELSIUS, 10));
}

static void a_length_is_compared_in_metres_if_its_unit_is_known(void **state) {
    struct sense mile = {.value = 1609.344};
    struct quantity way = {
        .kind = QUANTITY_DIGITS, .values = {100}, .value_count = 1, .imperial = &mile, .is_length = true, .scale = 1};
    struct quantity known = {.kind = QUANTITY_DIGITS, .values = {160}, .value_count = 1, .metres = 1000, .scale = 1};
    (void)state;
    assert_true(has(&way, true, FACT_METRES, 160934.4));
    assert_false(has(&way, true, FACT_METRES, 160.9344));
    assert_true(has(&way, true, FACT_LENGTH, 160.9344));
    assert_false(has(&way, true, FACT_CONVERTED, 160.9344));
    assert_true(has(&known, false, FACT_METRES, 160000));
    assert_false(has(&known, false, FACT_UNKNOWN, 160));
    assert_true(has(&known, false, FACT_METRIC, 160));
    known.metres = 0;
    assert_true(has(&known, false, FACT_UNKNOWN, 160));
    assert_false(has(&known, false, FACT_METRES, 0));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_list_is_counted_within_bounds),
        cmocka_unit_test(only_a_source_is_to_be_met_exactly),
        cmocka_unit_test(a_number_of_two_meanings_is_not_plain),
        cmocka_unit_test(a_scale_between_thousands_is_broad),
        cmocka_unit_test(english_measures_are_converted),
        cmocka_unit_test(a_length_is_compared_in_metres_if_its_unit_is_known),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
