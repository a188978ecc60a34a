/* What vectors have in common, and the numbers that stand for words. */
#include "unit/cmocka_test.h"

#include "stages/group/matcher.h"
#include "stages/group/numbering.h"

static struct feature features_of_a[] = {
    {7, 1, 1, 1, false}, {0x80000001, 2, 1, 1, false}, {0xFFFFFFFF, 3, 1, 1, false}};
static struct feature features_of_b[] = {{0, 4, 1, 1, false}, {7, 5, 1, 1, false}, {0xFFFFFFFF, 6, 1, 1, false}};
static struct feature features_of_c[] = {{0x80000000, 7, 1, 1, false}};
static const struct vector a = {features_of_a, 3}, b = {features_of_b, 3}, c = {features_of_c, 1}, none = {0};

static void check_words(const struct vector *vector, const uint32_t *words) {
    for (size_t i = 0; i < vector->count; i++) assert_int_equal(vector->features[i].word, words[i]);
}

static void numbers_are_in_the_order_of_the_words(void **state) {
    (void)state;
    struct numbering numbering = numbering_begin((const struct vector *const[]){&a, &none, &b, &c}, 4);
    assert_int_equal(numbering.count, 5);
    check_words(&a, (const uint32_t[]){1, 3, 4});
    check_words(&b, (const uint32_t[]){0, 1, 4});
    check_words(&c, (const uint32_t[]){2});
    numbering_restore(&numbering, &a);
    numbering_restore(&numbering, &b);
    numbering_restore(&numbering, &c);
    check_words(&a, (const uint32_t[]){7, 0x80000001, 0xFFFFFFFF});
    check_words(&b, (const uint32_t[]){0, 7, 0xFFFFFFFF});
    check_words(&c, (const uint32_t[]){0x80000000});
    numbering_free(&numbering);
}

static void nothing_needs_no_numbers(void **state) {
    (void)state;
    struct numbering numbering = numbering_begin(NULL, 0);
    assert_int_equal(numbering.count, 0);
    numbering_free(&numbering);
}

static void check_common(const struct matcher *matcher, const struct vector *other, size_t count,
                         const float *weights) {
    struct common common[3];
    assert_int_equal(matcher_find(matcher, other, common), count);
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(common[i].one->word, common[i].other->word);
        assert_true(common[i].one->weight >= weights[i] && common[i].one->weight <= weights[i]);
    }
}

/* The second vector must not match what only the first one had. */
static void one_vector_is_compared_after_the_other(void **state) {
    (void)state;
    struct numbering numbering = numbering_begin((const struct vector *const[]){&a, &b, &c}, 3);
    struct matcher *matcher = matcher_new(numbering.count);
    matcher_begin(matcher, &a);
    check_common(matcher, &b, 2, (const float[]){1, 3});
    check_common(matcher, &c, 0, NULL);
    check_common(matcher, &none, 0, NULL);
    matcher_end(matcher);
    matcher_begin(matcher, &c);
    check_common(matcher, &a, 0, NULL);
    check_common(matcher, &c, 1, (const float[]){7});
    matcher_free(matcher);
    numbering_restore(&numbering, &a);
    numbering_restore(&numbering, &b);
    numbering_restore(&numbering, &c);
    numbering_free(&numbering);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_are_in_the_order_of_the_words),
        cmocka_unit_test(nothing_needs_no_numbers),
        cmocka_unit_test(one_vector_is_compared_after_the_other),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
