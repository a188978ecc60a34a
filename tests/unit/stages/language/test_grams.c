/* Words and their features. */
#include "unit/cmocka_test.h"

#include "stages/language/grams.h"
#include "stages/language/letters.h"

static struct word only_word(struct span text) {
    struct word word, more;
    size_t position = 0;
    assert_true(grams_next_word(text, &position, &word));
    assert_false(grams_next_word(text, &position, &more));
    return word;
}

static size_t count_words(struct span text) {
    struct word word;
    size_t count = 0;
    for (size_t position = 0; grams_next_word(text, &position, &word);) count++;
    return count;
}

static void expect_same_grams(struct span one, struct span other) {
    uint64_t a[GRAMS_MAX], b[GRAMS_MAX];
    struct word first = only_word(one), second = only_word(other);
    size_t count = grams_of_word(&first, a);
    assert_int_equal(count, grams_of_word(&second, b));
    assert_memory_equal(a, b, count * sizeof *a);
}

static void words_end_at_signs_and_other_letters(void **state) {
    (void)state;
    assert_int_equal(count_words(SPAN("Der Fluss, 12 km lang.")), 4);
    assert_int_equal(count_words(SPAN("нашABC")), 2);
    assert_int_equal(count_words(SPAN("12 -- 34")), 0);
    assert_int_equal(count_words(SPAN("")), 0);
}

static void an_apostrophe_counts_only_inside_a_word(void **state) {
    (void)state;
    assert_int_equal(count_words(SPAN("l'aigua d’avui")), 2);
    struct word word = only_word(SPAN("'pont'"));
    assert_int_equal(word.length, 6);
}

static void case_and_kind_of_apostrophe_do_not_matter(void **state) {
    (void)state;
    expect_same_grams(SPAN("L’ÉTÉ"), SPAN("l'été"));
    expect_same_grams(SPAN("МОСТ"), SPAN("мост"));
    assert_true(only_word(SPAN("Мост")).capital);
    assert_false(only_word(SPAN("мост")).capital);
}

static void arabic_vowel_signs_and_stretching_do_not_matter(void **state) {
    (void)state;
    expect_same_grams(SPAN("جِسْرٌ"), SPAN("جسر"));
    expect_same_grams(SPAN("جـــسر"), SPAN("جسر"));
}

static void a_short_word_has_its_groups(void **state) {
    (void)state;
    uint64_t grams[GRAMS_MAX];
    struct word word = only_word(SPAN("ab"));
    /* a, " a"; b, ab, " ab"; "b ", "ab ", " ab " */
    assert_int_equal(grams_of_word(&word, grams), 8);
}

static void a_long_run_is_cut_and_fits(void **state) {
    (void)state;
    static char run[5000];
    uint64_t grams[GRAMS_MAX];
    struct word word;
    size_t position = 0, letters = 0;
    memset(run, 'x', sizeof run);
    while (grams_next_word((struct span){run, sizeof run}, &position, &word)) {
        assert_true(word.length <= GRAMS_LETTERS + 2);
        assert_true(grams_of_word(&word, grams) <= GRAMS_MAX);
        letters += word.length - 2;
    }
    assert_int_equal(letters, sizeof run);
}

static void scripts_are_known(void **state) {
    (void)state;
    static const struct {
        const char *text, *script, *family;
    } words[] = {{"most", "Latn", "Latn"},   {"ҡала", "Cyrl", "Cyrl"}, {"पुल", "Deva", "Deva"},
                 {"橋です", "Jpan", "Jpan"}, {"桥梁", "Hani", "Jpan"}, {"다리", "Hang", "Jpan"},
                 {"ხიდი", "Geor", "Geor"},   {"ድልድይ", "Ethi", "Ethi"}};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        struct word word = only_word(span_of(words[i].text));
        assert_string_equal(letters_code(word.script), words[i].script);
        assert_string_equal(letters_code(word.family), words[i].family);
    }
}

static void broken_utf8_parts_words(void **state) {
    (void)state;
    assert_int_equal(count_words(SPAN("ab\xFF\xC3"
                                      "cd\xE2\x82")),
                     2);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_end_at_signs_and_other_letters),
        cmocka_unit_test(an_apostrophe_counts_only_inside_a_word),
        cmocka_unit_test(case_and_kind_of_apostrophe_do_not_matter),
        cmocka_unit_test(arabic_vowel_signs_and_stretching_do_not_matter),
        cmocka_unit_test(a_short_word_has_its_groups),
        cmocka_unit_test(a_long_run_is_cut_and_fits),
        cmocka_unit_test(scripts_are_known),
        cmocka_unit_test(broken_utf8_parts_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
