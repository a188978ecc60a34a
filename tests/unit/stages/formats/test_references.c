/* Character references, in texts and in attributes. */
#include "unit/cmocka_test.h"

#include "stages/formats/reference_names.h"
#include "stages/formats/references.h"

static void check(const char *text, bool in_attribute, size_t size, const char *meaning) {
    char got[REFERENCE_BYTES];
    size_t length = 0;
    assert_int_equal(reference_read(span_of(text), 0, in_attribute, got, &length), size);
    if (size) assert_span(((struct span){got, length}), meaning);
}

static void numbers_are_read(void **state) {
    (void)state;
    check("&#65;", false, 5, "A");
    check("&#65x", false, 4, "A");
    check("&#x41;b", false, 6, "A");
    check("&#X20ac;", false, 8, "€");
    check("&#128512;", true, 9, "😀");
    check("&#;", false, 0, "");
    check("&#x;", false, 0, "");
    check("&#", false, 0, "");
}

static void numbers_that_are_no_characters_are_replaced(void **state) {
    (void)state;
    check("&#0;", false, 4, "\xEF\xBF\xBD");
    check("&#xD800;", false, 8, "\xEF\xBF\xBD");
    check("&#1114112;", false, 10, "\xEF\xBF\xBD");
    check("&#99999999999999999999;", false, 23, "\xEF\xBF\xBD");
    check("&#150;", false, 6, "–");
    check("&#x80;", false, 6, "€");
    check("&#129;", false, 6, "\xC2\x81");
}

static void names_are_read(void **state) {
    (void)state;
    check("&amp;", false, 5, "&");
    check("&eacute;", true, 8, "é");
    check("&hellip;", false, 8, "…");
    check("&acE;", false, 5, "\xE2\x88\xBE\xCC\xB3");
    check("&CounterClockwiseContourIntegral;", false, 33, "∳");
    check("&CounterClockwiseContourIntegrals;", false, 0, "");
    check("&hellip", false, 0, "");
    check("&nosuch;", false, 0, "");
    check("&AMP;", false, 5, "&");
    check("&Amp;", false, 0, "");
    check("& ", false, 0, "");
    check("&", false, 0, "");
    check("&;", false, 0, "");
}

static void old_names_may_lack_the_semicolon(void **state) {
    (void)state;
    check("&eacute", false, 7, "é");
    check("&copy=1", false, 5, "©");
    check("&notit;", false, 4, "¬");
    check("&notin;", false, 7, "∉");
    check("&frac12x", false, 7, "½");
    check("&copy=1", true, 0, "");
    check("&copyx", true, 0, "");
    check("&copy&", true, 5, "©");
    check("&copy", true, 5, "©");
}

static void a_reference_may_be_anywhere(void **state) {
    (void)state;
    char got[REFERENCE_BYTES];
    size_t length;
    assert_int_equal(reference_read(SPAN("a&lt;b"), 1, false, got, &length), 4);
    assert_span(((struct span){got, length}), "<");
}

static void unknown_names_are_not_found(void **state) {
    (void)state;
    assert_non_null(reference_named(SPAN("AElig")));
    assert_non_null(reference_named(SPAN("zwnj")));
    assert_null(reference_named(SPAN("")));
    assert_null(reference_named(SPAN("AEli")));
    assert_null(reference_named(SPAN("zwnja")));
    assert_null(reference_named(SPAN("amp\0")));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_are_read),
        cmocka_unit_test(numbers_that_are_no_characters_are_replaced),
        cmocka_unit_test(names_are_read),
        cmocka_unit_test(old_names_may_lack_the_semicolon),
        cmocka_unit_test(a_reference_may_be_anywhere),
        cmocka_unit_test(unknown_names_are_not_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
