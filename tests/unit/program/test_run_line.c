/* When the line of a run says the same as that of the run before. */
#include "unit/cmocka_test.h"

#include "program/run_internal.h"

static void lasting(const char *text, const char *expected) {
    struct buffer out = BUFFER(1000);
    run_add_lasting_words(span_of(text), &out);
    assert_span(buffer_span(&out), expected);
    buffer_free(&out);
}

static void figures_and_plural_endings_make_nothing_new(void **state) {
    (void)state;
    lasting("fake failed 1 of 1 request: refused", "fake failed  of  request: refused");
    lasting("fake failed 2 of 2 requests: refused", "fake failed  of  request: refused");
    lasting("12 articles, 3 sources", " article,  source");
    lasting("", "");
}

static void other_words_do(void **state) {
    (void)state;
    lasting("the user asks", "the user ask");
    lasting("the key was refused", "the key wa refused");
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(figures_and_plural_endings_make_nothing_new),
                                       cmocka_unit_test(other_words_do)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
