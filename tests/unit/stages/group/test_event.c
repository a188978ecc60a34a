/* When two similar stories are one event, for stories made of a few features. Features 1 to 9 are names. */
#include "unit/cmocka_test.h"

#include "stages/group/event.h"
#include "stages/group/matcher.h"

enum { SECTION = 25, MAX_WORDS = 40 };

struct made {
    struct feature features[MAX_WORDS];
    struct vector sum;
    size_t size;
};

/* Adds the features `from` to `to`, which `articles` of the story's articles and `having` of the edition's have. */
static void add(struct made *made, uint32_t from, uint32_t to, uint32_t articles, uint32_t having) {
    made->sum.features = made->features;
    for (uint32_t word = from; word <= to; word++)
        made->features[made->sum.count++] = (struct feature){word, 0.2f * (float)articles, articles, having, word < 10};
}

static bool compare(const struct made *a, const struct made *b, double usual) {
    struct party one = event_party(&a->sum, a->size), other = event_party(&b->sum, b->size);
    struct matcher *matcher = matcher_new(MAX_WORDS);
    struct common common[MAX_WORDS];
    matcher_begin(matcher, &a->sum);
    size_t count = matcher_find(matcher, &b->sum, common);
    matcher_free(matcher);
    return event_is_one(one, other, common, count, (struct event_limits){SECTION, usual});
}

static bool is_one(const struct made *a, const struct made *b) {
    bool one = compare(a, b, 0);
    assert_int_equal(one, compare(b, a, 0));
    return one;
}

/* Makes two stories that share the name 1 and the words 10 to 9 + `shared`, and have five words of their own each. */
static bool are_one(size_t a_size, size_t b_size, uint32_t shared, uint32_t having) {
    struct made a = {.size = a_size}, b = {.size = b_size};
    add(&a, 1, 1, (uint32_t)a_size, having);
    add(&b, 1, 1, (uint32_t)b_size, having);
    add(&a, 10, 9 + shared, (uint32_t)a_size, 20);
    add(&b, 10, 9 + shared, (uint32_t)b_size, 20);
    add(&a, 21, 25, (uint32_t)a_size, 20);
    add(&b, 31, 35, (uint32_t)b_size, 20);
    return is_one(&a, &b);
}

static void large_stories_need_most_of_their_cores_in_common(void **state) {
    (void)state;
    assert_false(are_one(12, 10, 2, 22));
    assert_true(are_one(12, 10, 6, 22));
    assert_false(are_one(20, 1, 2, 22));
    assert_true(are_one(20, 1, 6, 22));
}

static void the_larger_the_more_is_needed(void **state) {
    (void)state;
    assert_true(are_one(1, 1, 1, 2));
    assert_true(are_one(4, 4, 2, 8));
    assert_false(are_one(10, 10, 2, 20));
}

static void one_thing_in_common_is_not_enough(void **state) {
    (void)state;
    assert_false(are_one(1, 1, 0, 2));
    assert_false(are_one(2, 1, 0, 3));
    assert_true(are_one(1, 1, 1, 2));
}

static void some_articles_need_a_name_in_common(void **state) {
    (void)state;
    struct made a = {.size = 3}, b = {.size = 2}, one = {.size = 1};
    add(&a, 10, 20, 3, 20);
    add(&b, 10, 20, 2, 20);
    add(&one, 10, 20, 1, 20);
    assert_false(is_one(&a, &b));
    assert_true(is_one(&b, &one)); /* three articles */
}

/* A name that only one article of a story has is not what they have in common. */
static void a_name_that_few_of_the_articles_have_does_not_count(void **state) {
    (void)state;
    struct made a = {.size = 6}, b = {.size = 4};
    add(&a, 1, 1, 1, 8);
    add(&b, 1, 1, 4, 8);
    add(&a, 10, 20, 6, 20);
    add(&b, 10, 20, 4, 20);
    assert_false(is_one(&a, &b));
}

static void the_name_of_a_country_in_the_news_does_not_count(void **state) {
    (void)state;
    assert_true(are_one(4, 4, 9, 60));
    assert_false(are_one(4, 4, 9, 61));
    assert_true(are_one(40, 30, 19, 140)); /* unless most of the articles that have it are these */
}

/* Each of the larger story's articles has what the smaller one has as a whole, but not the other way round. */
static void the_core_of_the_larger_story_counts_most(void **state) {
    (void)state;
    struct made a = {.size = 18}, b = {.size = 3};
    add(&a, 1, 1, 18, 20);
    add(&b, 1, 1, 3, 20);
    add(&a, 10, 11, 18, 20);
    add(&b, 10, 11, 3, 20);
    add(&a, 21, 30, 18, 20);
    assert_false(is_one(&a, &b));
}

static void a_smaller_story_with_a_core_of_its_own_is_apart(void **state) {
    (void)state;
    struct made a = {.size = 14}, b = {.size = 6};
    add(&a, 1, 1, 14, 20);
    add(&b, 1, 1, 6, 20);
    add(&a, 10, 11, 14, 20);
    add(&b, 10, 11, 6, 20);
    add(&a, 21, 23, 14, 20);
    add(&b, 30, 39, 6, 20);
    assert_false(is_one(&a, &b));
}

/* Makes two stories of two articles with four names and ten words each, of which they share some. `having` of the
 * edition's articles have each name. */
static bool are_unusual(uint32_t names, uint32_t words, uint32_t having, double usual) {
    struct made a = {.size = 2}, b = {.size = 2};
    add(&a, 1, 4, 2, having);
    add(&b, 5 - names, 8 - names, 2, having);
    add(&a, 10, 19, 2, 20);
    add(&b, 20 - words, 29 - words, 2, 20);
    return compare(&a, &b, usual);
}

static void who_and_what_have_to_agree(void **state) {
    (void)state;
    assert_true(are_unusual(4, 5, 20, 0.4));
    assert_true(are_unusual(3, 8, 20, 0.4));
    assert_false(are_unusual(1, 10, 20, 0.4)); /* two earthquakes */
    assert_false(are_unusual(4, 1, 20, 0.4));  /* an earthquake and an election in one country */
    assert_false(are_unusual(0, 10, 20, 0.1));
}

static void what_is_usual_decides_how_much_has_to_agree(void **state) {
    (void)state;
    assert_true(are_unusual(2, 2, 20, 0.1));
    assert_false(are_unusual(2, 2, 20, 0.4));
    assert_true(are_unusual(4, 4, 20, 1)); /* only one kind of event all day */
}

static void a_rare_name_tells_the_event(void **state) {
    (void)state;
    assert_false(are_unusual(2, 4, 10, 0.4));
    assert_true(are_unusual(2, 4, 5, 0.4));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(large_stories_need_most_of_their_cores_in_common),
        cmocka_unit_test(the_larger_the_more_is_needed),
        cmocka_unit_test(one_thing_in_common_is_not_enough),
        cmocka_unit_test(some_articles_need_a_name_in_common),
        cmocka_unit_test(a_name_that_few_of_the_articles_have_does_not_count),
        cmocka_unit_test(the_name_of_a_country_in_the_news_does_not_count),
        cmocka_unit_test(the_core_of_the_larger_story_counts_most),
        cmocka_unit_test(a_smaller_story_with_a_core_of_its_own_is_apart),
        cmocka_unit_test(who_and_what_have_to_agree),
        cmocka_unit_test(what_is_usual_decides_how_much_has_to_agree),
        cmocka_unit_test(a_rare_name_tells_the_event),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
