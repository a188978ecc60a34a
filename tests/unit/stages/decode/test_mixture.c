#include "unit/cmocka_test.h"

#include "stages/decode/mixture.h"

static void expect(struct span raw, bool expected, const char *legacy) {
    struct buffer lines = BUFFER(4096);
    assert_int_equal(mixture_is(raw, &lines), expected);
    if (expected) assert_string_equal(lines.at, legacy);
    buffer_free(&lines);
}

static void lines_free_of_utf8_are_told(void **state) {
    (void)state;
    expect(SPAN("\xC3\xA4\xC3\xB6\nascii\ngr\xFC"
                "n\n\xC3\xBC\xC3\x9F\n"),
           true,
           "gr\xFC"
           "n\n");
}

static void utf8_alone_is_no_mixture(void **state) {
    (void)state;
    expect(SPAN("\xC3\xA4\xC3\xB6\n\xC3\xBC\xC3\x9F\n"), false, NULL);
}

static void more_lines_free_of_it_are_no_mixture(void **state) {
    (void)state;
    expect(SPAN("gr\xFC"
                "n\nbl\xE4"
                "u\n\xC3\xBC\xC3\x9F\xC3\xA4\xC3\xB6\n"),
           false, NULL);
}

static void two_characters_may_be_chance(void **state) {
    (void)state;
    expect(SPAN("gr\xFC"
                "n\n\xC3\xBC\xC3\x9F\n"),
           false, NULL);
}

static void torn_lines_are_damage(void **state) {
    (void)state;
    expect(SPAN("\xC3\xA4\xC3\xB6 \xFC\n\xC3\xA4\xC3\xB6 \xE4\n\xC3\xBC\xC3\x9F\ngr\xFC"
                "n\n"),
           false, NULL);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_free_of_utf8_are_told),
        cmocka_unit_test(utf8_alone_is_no_mixture),
        cmocka_unit_test(more_lines_free_of_it_are_no_mixture),
        cmocka_unit_test(two_characters_may_be_chance),
        cmocka_unit_test(torn_lines_are_damage),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
