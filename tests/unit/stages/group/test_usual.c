/* How much articles about different events have in common, for days made of features. */
#include "unit/cmocka_test.h"

#include <stdlib.h>

#include "stages/group/numbering.h"
#include "stages/group/usual.h"

enum { ARTICLES = 400, NAMES = 4, WORDS = 16 };

struct made_day {
    struct feature features[ARTICLES][NAMES + WORDS];
    struct vector vectors[ARTICLES];
    size_t articles;
};

/* Each event has `takes` articles. Of an article's words, `shared` are those of its kind, which eight events have. */
static void make_day(struct made_day *day, uint32_t takes, uint32_t shared) {
    for (uint32_t i = 0; i < day->articles; i++) {
        uint32_t event = i / takes, kind = event / 8;
        day->vectors[i] = (struct vector){day->features[i], NAMES + WORDS};
        for (uint32_t j = 0; j < NAMES; j++)
            day->features[i][j] = (struct feature){event * NAMES + j, 0.2f, 1, takes, true};
        for (uint32_t j = 0; j < WORDS; j++)
            day->features[i][NAMES + j] =
                (struct feature){j < shared ? 100000 + kind * WORDS + j : 200000 + i * WORDS + j, 0.2f, 1, 8, false};
    }
}

static double measure(size_t articles, uint32_t takes, uint32_t shared) {
    struct made_day *day = memory_take(sizeof *day);
    const struct vector *vectors[ARTICLES];
    day->articles = articles;
    make_day(day, takes, shared);
    for (size_t i = 0; i < articles; i++) vectors[i] = &day->vectors[i];
    struct numbering numbering = numbering_begin(vectors, articles);
    struct neighbours *neighbours = neighbours_new(vectors, articles, numbering.count);
    struct matcher *matcher = matcher_new(numbering.count);
    double usual = usual_measure(neighbours, matcher, vectors, articles);
    neighbours_free(neighbours);
    matcher_free(matcher);
    numbering_free(&numbering);
    free(day);
    return usual;
}

static void check_near(double measured, double expected) {
    if (measured < expected - 0.05 || measured > expected + 0.05) fail_msg("%f, not %f", measured, expected);
}

static void reports_in_the_same_words_have_much_in_common(void **state) {
    (void)state;
    check_near(measure(ARTICLES, 1, 12), 0.75);
    check_near(measure(ARTICLES, 1, 4), 0.25);
}

/* What reports on one event have in common says nothing about others. */
static void reports_on_one_event_do_not_count(void **state) {
    (void)state;
    check_near(measure(ARTICLES, 3, 8), 0.5);
    check_near(measure(ARTICLES, 3, 0), 0.08);
}

static void few_articles_tell_little(void **state) {
    (void)state;
    check_near(measure(0, 1, 0), 0.08);
    check_near(measure(2, 1, 16), 0.16);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reports_in_the_same_words_have_much_in_common),
        cmocka_unit_test(reports_on_one_event_do_not_count),
        cmocka_unit_test(few_articles_tell_little),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
