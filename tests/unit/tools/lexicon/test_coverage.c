/* The coverage tells how often a word has a support among the translations that are kept. */
#define _GNU_SOURCE
#include "unit/stages/check/small_lexicon.h"

#include "tools/lexicon/coverage.h"

static void levels_follow_the_share(void **state) {
    static const struct {
        uint32_t count, supported;
        uint8_t level;
    } cases[] = {{0, 0, 0},   {1, 1, 0},   {2, 0, 0},   {2, 1, 2},   {2, 2, 3},   {19, 1, 1},  {20, 1, 0}, {99, 29, 1},
                 {99, 30, 2}, {99, 54, 2}, {99, 55, 3}, {99, 74, 3}, {99, 75, 4}, {99, 89, 4}, {99, 90, 5}};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        if (coverage_level(cases[i].count, cases[i].supported) != cases[i].level)
            fail_msg("%u of %u", cases[i].supported, cases[i].count);
}

/* Ten pairs with a bridge: seven name it "puente", three do not name it. "old" occurs once. */
static struct corpus *bridges(void) {
    struct failure failure = {0};
    struct corpus *corpus = corpus_new(TEST_DATA, &failure);
    for (int i = 0; i < 7; i++) assert_true(corpus_add(corpus, "es", SPAN("puente"), SPAN("bridge"), 1));
    for (int i = 0; i < 3; i++) assert_true(corpus_add(corpus, "es", SPAN("obra"), SPAN("works bridge"), 1));
    assert_true(corpus_add(corpus, "es", SPAN("viejo"), SPAN("old"), 1));
    return corpus;
}

static uint16_t word_of(const struct corpus *corpus, const struct vocabulary *vocabulary, const char *word) {
    uint32_t unit;
    assert_true(word_units_english(corpus->tables, span_of(word), &unit));
    for (size_t i = 0; i < vocabulary->count; i++)
        if (vocabulary->units[i] == unit) return (uint16_t)i;
    return LEXICON_WORDS;
}

static uint32_t unit_of(const struct corpus *corpus, const char *english) {
    const struct language *language = corpus->languages[0];
    for (size_t i = 0; i < language->pair_count; i++) {
        uint32_t unit;
        assert_true(word_units_english(corpus->tables, span_of(english), &unit));
        const struct pair *pair = &language->pairs[i];
        if (pair->word_count == 1 && corpus->words[language->words[pair->words]].unit == unit)
            return language->units[pair->units];
    }
    fail();
    return 0;
}

static void check_levels(const struct corpus *corpus, struct choice *kept, size_t count, uint8_t bridge) {
    struct vocabulary vocabulary;
    vocabulary_choose(corpus, &vocabulary);
    uint8_t levels[16] = {0};
    for (size_t i = 0; i < count; i++) kept[i].translation.word = word_of(corpus, &vocabulary, "bridge");
    struct choices choices = {.at = kept, .count = count};
    coverage_measure(corpus->languages[0], &vocabulary, &choices, levels);
    assert_int_equal(levels[word_of(corpus, &vocabulary, "bridge")], bridge);
    assert_int_equal(levels[word_of(corpus, &vocabulary, "works")], 0);
    assert_int_equal(levels[word_of(corpus, &vocabulary, "old")], 0);
    vocabulary_free(&vocabulary);
}

static void only_kept_translations_count(void **state) {
    struct corpus *corpus = bridges();
    (void)state;
    struct choice puente = {.unit = unit_of(corpus, "bridge"), .translation = {.steps = LEXICON_STEPS}};
    check_levels(corpus, &puente, 1, 3); /* 7 / 11 */
    check_levels(corpus, &puente, 0, 0);
    corpus_free(corpus);
}

static void improbable_translations_are_no_support(void **state) {
    struct corpus *corpus = bridges();
    (void)state;
    struct choice puente = {.unit = unit_of(corpus, "bridge"), .translation = {.steps = 6 * LEXICON_STEPS}};
    check_levels(corpus, &puente, 1, 0);
    puente.translation.steps = 5 * LEXICON_STEPS;
    check_levels(corpus, &puente, 1, 3);
    corpus_free(corpus);
}

static void several_units_support_a_word_once(void **state) {
    struct corpus *corpus = bridges();
    (void)state;
    struct choice kept[] = {
        {.unit = unit_of(corpus, "bridge")}, {.unit = unit_of(corpus, "bridge") + 1}, {.unit = unit_of(corpus, "old")}};
    check_levels(corpus, kept, 3, 3);
    corpus_free(corpus);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(levels_follow_the_share),
        cmocka_unit_test(only_kept_translations_count),
        cmocka_unit_test(improbable_translations_are_no_support),
        cmocka_unit_test(several_units_support_a_word_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
