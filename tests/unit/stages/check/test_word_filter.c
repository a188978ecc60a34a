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

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(words_that_were_added_pass),
                                       cmocka_unit_test(nearly_all_others_do_not)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
