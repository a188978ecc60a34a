#include "pipeline/base/visible.h"

#include "pipeline/base/json.h"
#include "unit/cmocka_test.h"
#include "unit/random_text.h"

/* Every group of rune_is_obeyed(), first and last. */
static const uint32_t obeyed[] = {0,      0x1B,   '\n',   0x1F,   0x7F,   0x85,   0x9B,    0x2028,  0x2029, 0x202A,
                                  0x202E, 0x2066, 0x2069, 0x206F, 0xFFF9, 0xFFFB, 0xE0001, 0xE0041, 0xE007F};
static const uint32_t only_unseen[] = {0xAD, 0x61C, 0x180E, 0x200B, 0x200E, 0x200F, 0x2060, 0x2065, 0xFEFF};
/* Text, though next to them or of the same general category (Cf): joiners, Arabic number signs, flags, variants. */
static const uint32_t text[] = {' ',    '~',    0xA0,   0xE9,   0x600,  0x6DD,  0x200C,  0x200D, 0x2010,
                                0x2027, 0x202F, 0x2070, 0x3000, 0xFE0F, 0xFFFC, 0x1F3F4, 0xE0100};

static void test_what_is_obeyed_and_what_is_unseen(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof obeyed / sizeof *obeyed; i++)
        assert_true(rune_is_obeyed(obeyed[i]) && rune_is_unseen(obeyed[i]));
    for (size_t i = 0; i < sizeof only_unseen / sizeof *only_unseen; i++)
        assert_true(!rune_is_obeyed(only_unseen[i]) && rune_is_unseen(only_unseen[i]));
    for (size_t i = 0; i < sizeof text / sizeof *text; i++)
        assert_true(!rune_is_obeyed(text[i]) && !rune_is_unseen(text[i]));
}

static void test_lines_stay_lines(void **state) {
    (void)state;
    struct buffer out = BUFFER(200);
    visible_add(&out, SPAN("a\x1b[31m\nb \u202Egnp\u202C \U000E0041 \xFF نمی\u200Cخواهم"));
    assert_string_equal(out.at, "a\uFFFD[31m\uFFFDb \uFFFDgnp\uFFFD \uFFFD \uFFFD نمی\u200Cخواهم");
    buffer_free(&out);
}

/* Returns whether a text of this character survives JSON, in which it may not stand as it is. */
static bool survives(uint32_t rune, bool quoted) {
    char bytes[6] = "x";
    struct span written = {bytes, 1 + text_put(bytes + 1, rune)};
    struct buffer out = BUFFER(200);
    cJSON *object = cJSON_CreateObject();
    json_add(object, "n", written);
    if (quoted) {
        cJSON_Delete(object);
        buffer_add_string(&out, "{\"n\":");
        json_quote(&out, written);
        buffer_add_string(&out, "}");
    } else {
        assert_true(json_print_free(object, &out));
    }
    bool raw = span_find(buffer_span(&out), span_cut(written, 1, written.length)) != SIZE_MAX;
    cJSON *tree = json_parse(buffer_span(&out), 200, "text", NULL);
    bool same = span_equal(json_member_text(tree, "n"), written);
    cJSON_Delete(tree);
    buffer_free(&out);
    return same && !raw;
}

static void test_json_keeps_them_but_not_as_they_are(void **state) {
    (void)state;
    for (size_t i = 1; i < sizeof obeyed / sizeof *obeyed; i++) /* JSON strings have no NUL */
        assert_true(survives(obeyed[i], true) && survives(obeyed[i], false));
    for (size_t i = 0; i < sizeof only_unseen / sizeof *only_unseen; i++)
        assert_true(survives(only_unseen[i], true) && survives(only_unseen[i], false));
}

static void test_json_has_to_fit(void **state) {
    (void)state;
    struct buffer out = BUFFER(20);
    cJSON *object = cJSON_CreateObject();
    json_add(object, "n", SPAN("\u202E\u202E\u202E"));
    assert_false(json_print_free(object, &out));
    buffer_free(&out);
}

static size_t skip_by_character(struct span given, size_t at) {
    uint32_t rune;
    for (size_t size; at < given.length; at += size) {
        size = text_next(given, at, &rune);
        if (rune_is_unseen(rune)) break;
    }
    return at;
}

static void test_stretches_are_skipped_as_single_characters(void **state) {
    (void)state;
    unsigned seed = 2;
    struct buffer random = BUFFER(1 << 16);
    for (int i = 0; i < 20000; i++) {
        buffer_clear(&random);
        random_text(&seed, &random);
        struct span given = buffer_span(&random);
        for (size_t at = 0, found; at < given.length; at = found + 1) {
            found = visible_skip(given, at);
            assert_int_equal(found, skip_by_character(given, at));
            size_t ascii = at;
            while (ascii < given.length && given.at[ascii] >= ' ' && given.at[ascii] <= '~') ascii++;
            assert_int_equal(visible_skip_ascii(given, at), ascii);
        }
    }
    buffer_free(&random);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_is_obeyed_and_what_is_unseen), cmocka_unit_test(test_lines_stay_lines),
        cmocka_unit_test(test_json_keeps_them_but_not_as_they_are), cmocka_unit_test(test_json_has_to_fit),
        cmocka_unit_test(test_stretches_are_skipped_as_single_characters)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
