/* The tables of one language have the same forms as those of all. */
#include "unit/cmocka_test.h"

#include "stages/check/word_tables.h"

static struct word_tables *all, *english;

static int open_tables(void **state) {
    (void)state;
    struct failure failure = {0};
    bool done =
        word_tables_open(TEST_DATA, &all, &failure) && word_tables_open_one(TEST_DATA, SPAN("en"), &english, &failure);
    return done ? 0 : -1;
}

static int close_tables(void **state) {
    (void)state;
    word_tables_close(all);
    word_tables_close(english);
    return 0;
}

static void expect_same(const char *language, const char *word) {
    const struct sense *one =
        word_tables_find(english, word_tables_language(english, span_of(language)), span_of(word));
    const struct sense *other = word_tables_find(all, word_tables_language(all, span_of(language)), span_of(word));
    for (; one && other; one = one->next, other = other->next) {
        assert_int_equal(one->role, other->role);
        assert_true(one->value >= other->value && one->value <= other->value);
    }
    assert_true(!one && !other);
}

static void words_of_the_language_mean_the_same(void **state) {
    (void)state;
    const char *const words[] = {"seven", "march",  "may",     "million", "not",  "ninth", "dozen", "km",
                                 "eur",   "dollar", "january", "half",    "zwei", "%",     "xyz",   "hundredth"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        expect_same("en", words[i]);
        expect_same("tlh", words[i]);
    }
    assert_non_null(word_tables_find(english, word_tables_language(english, SPAN("en")), SPAN("seven")));
}

static void other_languages_have_no_words(void **state) {
    (void)state;
    assert_non_null(word_tables_find(all, word_tables_language(all, SPAN("de")), SPAN("sieben")));
    assert_null(word_tables_find(english, word_tables_language(english, SPAN("de")), SPAN("sieben")));
    assert_false(word_tables_have(english, word_tables_language(english, SPAN("de")), ROLE_CARDINAL));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_of_the_language_mean_the_same),
        cmocka_unit_test(other_languages_have_no_words),
    };
    return cmocka_run_group_tests(tests, open_tables, close_tables);
}
