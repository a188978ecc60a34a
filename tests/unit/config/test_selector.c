/* Valid selectors, and the error messages for invalid ones. */
#include "unit/cmocka_test.h"

#include <string.h>

#include "config/selector.h"

static struct selector *read_selector(const char *written) {
    const char *why = "";
    struct selector *selector = selector_new(span_of(written), &why);
    if (!selector) fail_msg("%s: %s", written, why);
    return selector;
}

static void parts_are_joined_nested_and_listed(void **state) {
    (void)state;
    struct selector *selector = read_selector(" MAIN  div.text.wide[Lang='es'] , #story,[data-x] ");
    assert_int_equal(selector->count, 3);
    const struct selector_path *path = &selector->paths[0];
    assert_int_equal(path->count, 2);
    assert_true(span_is(path->steps[0].parts[0].name, "main"));
    assert_int_equal(path->steps[1].count, 4);
    assert_true(span_is(path->steps[1].parts[2].name, "wide"));
    assert_int_equal(path->steps[1].parts[3].kind, SELECTOR_EQUALS);
    assert_true(span_is(path->steps[1].parts[3].name, "lang"));
    assert_true(span_is(path->steps[1].parts[3].value, "es"));
    assert_int_equal(selector->paths[1].steps[0].parts[0].kind, SELECTOR_ID);
    assert_int_equal(selector->paths[2].steps[0].parts[0].kind, SELECTOR_HAS);
    selector_free(selector);
}

static void an_invalid_selector_is_rejected_with_the_reason(void **state) {
    (void)state;
    static const struct {
        const char *written, *why;
    } cases[] = {{"", "is empty"},
                 {"div,", "a comma has nothing"},
                 {"div > p", "only TAG"},
                 {"p:first-child", "only"},
                 {"*", "only TAG"},
                 {".", "only TAG"},
                 {"[a^=b]", "[name=value]"},
                 {"[a=\"b]", "[name=value]"},
                 {"[=b]", "[name=value]"},
                 {"[a", "[name=value]"},
                 {".a#bdiv[x]y", "a tag must"},
                 {"a b c d e f g h i", "too long"},
                 {"a,b,c,d,e,f,g,h,i", "too long"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *why = "";
        assert_null(selector_new(span_of(cases[i].written), &why));
        if (!strstr(why, cases[i].why)) fail_msg("%s: %s", cases[i].written, why);
    }
}

static void value_is(const char *written, const char *value) {
    struct selector *selector = read_selector(written);
    assert_int_equal(selector->count, 1);
    assert_int_equal(selector->paths[0].count, 1);
    assert_int_equal(selector->paths[0].steps[0].count, 1);
    assert_span(selector->paths[0].steps[0].parts[0].value, value);
    selector_free(selector);
}

static void values_are_bare_or_in_quotes(void **state) {
    (void)state;
    value_is("[a=b]", "b");
    value_is("[a=\"b\"]", "b");
    value_is("[a='b']", "b");
    value_is("[a='it is \"b\"']", "it is \"b\"");
    value_is("[a=\"it's\"]", "it's");
    value_is("[a='']", "");
    value_is("[a = 'b' ]", "b");
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(parts_are_joined_nested_and_listed),
                                       cmocka_unit_test(values_are_bare_or_in_quotes),
                                       cmocka_unit_test(an_invalid_selector_is_rejected_with_the_reason)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
