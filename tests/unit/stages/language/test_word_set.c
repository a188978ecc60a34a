#include <stdio.h>

#include "unit/cmocka_test.h"

#include "stages/language/word_set.h"

static bool are_alike(const char *a, const char *b) {
    size_t count;
    struct word_set left = word_set_read(span_of(a), &count), right = word_set_read(span_of(b), &count);
    return word_sets_are_alike(&left, &right) && word_sets_are_alike(&right, &left);
}

static void words_are_counted(void **state) {
    (void)state;
    size_t count;
    word_set_read(SPAN("Vier kleine Worte\nhier"), &count);
    assert_int_equal(count, 4);
    word_set_read(SPAN("河对岸的信件"), &count);
    assert_int_equal(count, 3);
    word_set_read(SPAN(""), &count);
    assert_int_equal(count, 0);
}

static void texts_that_share_half_their_words_are_alike(void **state) {
    (void)state;
    assert_true(are_alike("Der Fluss steigt weiter", "Der Fluss steigt nicht mehr"));
    assert_false(are_alike("Der Fluss steigt weiter", "Morgen scheint überall die Sonne"));
    assert_true(are_alike("河水继续上涨", "河水不再上涨"));
    assert_false(are_alike("河水继续上涨", "明天到处晴朗"));
}

/* With fewer bits, two long sentences would share half of them by chance. */
static void long_texts_are_told_apart(void **state) {
    (void)state;
    char texts[2][2000];
    for (int t = 0; t < 2; t++)
        for (int i = 0, length = 0; i < 60; i++)
            length += snprintf(texts[t] + length, sizeof texts[t] - (size_t)length, "%c%d ", t ? 'x' : 'y', i * 37);
    assert_false(are_alike(texts[0], texts[1]));
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(words_are_counted),
                                       cmocka_unit_test(texts_that_share_half_their_words_are_alike),
                                       cmocka_unit_test(long_texts_are_told_apart)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
