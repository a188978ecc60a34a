/* The filter of words never rules out a word that was added, and rules out nearly all others. */
#include "unit/cmocka_test.h"

#include <stdio.h>

#include "stages/check/word_filter.h"

static struct word_filter filter;

static void words_that_were_added_pass(void **state) {
    static const char *const words[] = {"", "a", "és", "two", "vier", "пять", "двадцать", "三", "thứ_hai", "sedm*"};
    (void)state;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) word_filter_add(&filter, span_of(words[i]));
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (!word_filter_may_have(&filter, span_of(words[i]))) fail_msg("%s", words[i]);
}

/* Beginnings and longer words have another length, and others another end. */
static void nearly_all_others_do_not(void **state) {
    static const char *const others[] = {"b", "vie", "viere", "vied", "двадцат", "двадцато", "thứ", "sedm", "四"};
    char word[16];
    size_t passed = 0;
    (void)state;
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (word_filter_may_have(&filter, span_of(others[i]))) fail_msg("%s", others[i]);
    for (int i = 0; i < 10000; i++) {
        snprintf(word, sizeof word, "%xn%d", (unsigned)i * 2654435761u >> 12, i % 7);
        passed += word_filter_may_have(&filter, span_of(word));
    }
    assert_in_range(passed, 0, 100);
}

static bool has_length(struct span text, size_t length) {
    return word_filter_has_length(word_filter_lengths(&filter, text), length, length);
}

/* A stem has its length without the star. */
static void lengths_of_beginnings_are_known(void **state) {
    static const char *const words[] = {"a", "és", "two", "vier", "пять", "двадцать", "三", "thứ_hai", "sedm*", "*"};
    char longer[64];
    (void)state;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) word_filter_add(&filter, span_of(words[i]));
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        size_t length = strlen(words[i]) - (strcmp(words[i], "sedm*") == 0);
        snprintf(longer, sizeof longer, "%.*svierzig", (int)length, words[i]);
        if (!has_length(span_of(words[i]), length)) fail_msg("%s", words[i]);
        if (!has_length(span_of(longer), length)) fail_msg("%s", longer);
    }
}

static void nearly_all_other_beginnings_have_none(void **state) {
    char word[16];
    size_t passed = 0;
    (void)state;
    assert_false(has_length(SPAN("vierzig"), 5));
    assert_int_equal(word_filter_lengths(&filter, SPAN("")), 0);
    for (int i = 0; i < 10000; i++) {
        snprintf(word, sizeof word, "%xn%d", (unsigned)i * 2654435761u >> 12, i % 7);
        passed += word_filter_lengths(&filter, span_of(word)) > 1; /* "a" is among the words */
    }
    assert_in_range(passed, 0, 2000);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_that_were_added_pass), cmocka_unit_test(nearly_all_others_do_not),
        cmocka_unit_test(lengths_of_beginnings_are_known), cmocka_unit_test(nearly_all_other_beginnings_have_none)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
