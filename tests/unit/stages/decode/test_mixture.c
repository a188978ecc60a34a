#include "unit/cmocka_test.h"

#include "stages/decode/mixture.h"

static void expect_of(struct span raw, bool tags, bool expected, const char *legacy) {
    struct buffer lines = BUFFER(4096);
    assert_int_equal(mixture_is(raw, tags, &lines), expected);
    if (expected) assert_string_equal(lines.at, legacy);
    buffer_free(&lines);
}

static void expect(struct span raw, bool expected, const char *legacy) {
    expect_of(raw, false, expected, legacy);
}

static void lines_without_utf8_are_recognised(void **state) {
    (void)state;
    expect(SPAN("\xC3\xA4\xC3\xB6\nascii\ngr\xFC"
                "n\n\xC3\xBC\xC3\x9F\n"),
           true,
           "gr\xFC"
           "n\n");
}

static void utf8_alone_is_not_a_mixture(void **state) {
    (void)state;
    expect(SPAN("\xC3\xA4\xC3\xB6\n\xC3\xBC\xC3\x9F\n"), false, NULL);
}

static void a_majority_of_lines_without_utf8_is_not_a_mixture(void **state) {
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

static void text_between_tags_counts_if_there_are_no_lines(void **state) {
    (void)state;
    struct span feed = SPAN("<t>\xC3\xA4\xC3\xB6</t><t>\xC3\xBC\xC3\x9F</t><t>gr\xFC"
                            "n</t><t>\xC3\xB6</t>");
    expect_of(feed, false, false, NULL);
    expect_of(feed, true, true,
              "<t>gr\xFC"
              "n");
}

/* A million tags and no line break: the search for one must not be repeated for every tag. */
static void tags_without_lines_are_read_in_one_pass(void **state) {
    (void)state;
    struct buffer text = BUFFER(1 << 24), lines = BUFFER(1 << 16);
    for (int i = 0; i < 1000000; i++) buffer_add_string(&text, "<b>\xC3\xA4");
    buffer_add_string(&text, "<b>\xE4");
    assert_true(mixture_is(buffer_span(&text), true, &lines));
    buffer_free(&text);
    buffer_free(&lines);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_without_utf8_are_recognised),
        cmocka_unit_test(utf8_alone_is_not_a_mixture),
        cmocka_unit_test(a_majority_of_lines_without_utf8_is_not_a_mixture),
        cmocka_unit_test(two_characters_may_be_chance),
        cmocka_unit_test(torn_lines_are_damage),
        cmocka_unit_test(text_between_tags_counts_if_there_are_no_lines),
        cmocka_unit_test(tags_without_lines_are_read_in_one_pass),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
