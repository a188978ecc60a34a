/* A code of a language becomes wider part by part. */
#include "unit/cmocka_test.h"

#include "stages/language/language_code.h"

static void parts_are_cut_off_from_the_end(void **state) {
    (void)state;
    struct span code = SPAN("zh-Hans-CN");
    assert_true(language_code_widen(&code));
    assert_span(code, "zh-Hans");
    assert_true(language_code_widen(&code));
    assert_span(code, "zh");
    assert_false(language_code_widen(&code));
    assert_span(code, "zh");
}

static void a_code_without_parts_remains(void **state) {
    (void)state;
    struct span none = {NULL, 0}, star = SPAN("*");
    assert_false(language_code_widen(&none) || language_code_widen(&star));
    assert_span(star, "*");
}

static void an_empty_part_is_a_part(void **state) {
    (void)state;
    struct span first = SPAN("-BR"), last = SPAN("pt-");
    assert_true(language_code_widen(&first) && language_code_widen(&last));
    assert_span(first, "");
    assert_span(last, "pt");
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(parts_are_cut_off_from_the_end),
                                       cmocka_unit_test(a_code_without_parts_remains),
                                       cmocka_unit_test(an_empty_part_is_a_part)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
