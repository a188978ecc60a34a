/* The elements of HTML, by name. */
#include "unit/cmocka_test.h"

#include <ctype.h>

#include "stages/formats/elements.h"

static void every_name_is_found(void **state) {
    (void)state;
    for (int i = ELEMENT_UNKNOWN + 1; i < ELEMENT_COUNT; i++) {
        char upper[32] = "";
        const char *name = element_rules[i].name;
        assert_non_null(name);
        for (size_t j = 0; name[j]; j++) upper[j] = (char)toupper((unsigned char)name[j]);
        if (element_named(span_of(name)) != (enum element)i) fail_msg("%s is not found", name);
        if (element_named(span_of(upper)) != (enum element)i) fail_msg("%s is not found", upper);
    }
}

static void other_names_are_unknown(void **state) {
    (void)state;
    static const struct span names[] = {{NULL, 0}, {"x", 1},  {"x-card", 6},   {"div\0", 4}, {"di", 2}, {"divs", 4},
                                        {"h7", 2}, {"[a", 2}, {"\xC3\xA1", 2}, {"\0", 1},    {"zz", 2}};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        assert_int_equal(element_named(names[i]), ELEMENT_UNKNOWN);
}

static void the_tree_distinguishes_some(void **state) {
    (void)state;
    assert_int_equal(element_tag(ELEMENT_P), TAG_P);
    assert_int_equal(element_tag(ELEMENT_FIGCAPTION), TAG_FIGCAPTION);
    assert_int_equal(element_tag(ELEMENT_CENTER), TAG_OTHER);
    assert_int_equal(element_tag(ELEMENT_UNKNOWN), TAG_OTHER);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_name_is_found),
        cmocka_unit_test(other_names_are_unknown),
        cmocka_unit_test(the_tree_distinguishes_some),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
