#include "unit/cmocka_test.h"

#include <stdlib.h>

#include "stages/group/vector.h"

static struct article *make_article(const char *text) {
    struct article *article = article_new();
    struct block *block = article_add_block(article, BLOCK_PARAGRAPH, span_of(text));
    article_add_segment(article, block, span_of(text))->target = span_of(text);
    return article;
}

/* Returns the heavier and the lighter weight of the article's two words, when `one` of the edition's articles have the
 * first and `other` have the second. */
static double ratio_of_weights(size_t one, size_t other) {
    struct failure failure = {0};
    struct arena *arena = arena_new();
    struct vectors *vectors = vectors_open(TEST_DATA, &failure);
    struct article *both = make_article("zwiebelturm. quastenflosser"), *first = make_article("zwiebelturm"),
                   *second = make_article("quastenflosser");
    assert_non_null(vectors);
    vectors_reset(vectors);
    vectors_count(vectors, both);
    for (size_t i = 1; i < one; i++) vectors_count(vectors, first);
    for (size_t i = 1; i < other; i++) vectors_count(vectors, second);
    struct vector vector = vectors_weigh(vectors, both, arena);
    assert_int_equal(vector.count, 2);
    double a = vector.features[0].weight, b = vector.features[1].weight;
    assert_int_equal(vector.features[0].having + vector.features[1].having, one + other);
    article_free(both);
    article_free(first);
    article_free(second);
    vectors_close(vectors);
    arena_free(arena);
    return a > b ? a / b : b / a;
}

/* The logarithm alone makes a word in four times as many articles about half as heavy. */
static void words_of_a_section_lose_weight_in_proportion(void **state) {
    (void)state;
    assert_in_range((int)(100 * ratio_of_weights(6, 24)), 100, 200);
    assert_in_range((int)(100 * ratio_of_weights(25, 100)), 600, 1000);
    assert_in_range((int)(100 * ratio_of_weights(50, 200)), 600, 1600);
}

static void a_sum_counts_articles(void **state) {
    (void)state;
    struct feature one[] = {{1, 0.5f, 1, 7, true}, {3, 0.5f, 1, 8, false}};
    struct feature other[] = {{1, 0.25f, 2, 7, false}, {2, 0.5f, 2, 9, false}};
    struct vector sum = vector_add(&(struct vector){one, 2}, &(struct vector){other, 2}, 10);
    assert_int_equal(sum.count, 3);
    assert_int_equal(sum.features[0].articles, 3);
    assert_int_equal(sum.features[1].articles, 2);
    assert_int_equal(sum.features[2].articles, 1);
    assert_int_equal(sum.features[0].having, 7);
    assert_int_equal(sum.features[1].having, 9);
    assert_int_equal(sum.features[2].having, 8);
    assert_true(sum.features[0].name);
    free(sum.features);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_of_a_section_lose_weight_in_proportion),
        cmocka_unit_test(a_sum_counts_articles),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
