#include "unit/cmocka_test.h"
#include "unit/random_text.h"

static void decodes_strictly(void **state) {
    (void)state;
    static const struct {
        const char *bytes;
        uint32_t rune;
        size_t size;
    } cases[] = {{"a", 'a', 1},
                 {"\xD0\xB6", 0x436, 2},
                 {"\xE2\x82\xAC", 0x20AC, 3},
                 {"\xF0\x9F\x98\x80", 0x1F600, 4},
                 {"\xC0\x80", 0xFFFD, 1},
                 {"\xED\xA0\x80", 0xFFFD, 1},
                 {"\xF5\x80\x80\x80", 0xFFFD, 1},
                 {"\xE2\x82", 0xFFFD, 1},
                 {"\xC2\x80", 0x80, 2},
                 {"\xDF\xBF", 0x7FF, 2},
                 {"\xDF", 0xFFFD, 1},
                 {"\xDF\x40", 0xFFFD, 1},
                 {"\xE0\xA0\x80", 0x800, 3},
                 {"\xE0\x9F\xBF", 0xFFFD, 1},
                 {"\xE1\x80\x40", 0xFFFD, 1},
                 {"\xE1\x40\x80", 0xFFFD, 1},
                 {"\xEF\xBF\xBF", 0xFFFF, 3},
                 {"\xED\x9F\xBF", 0xD7FF, 3}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        uint32_t rune;
        assert_int_equal(text_next(span_of(cases[i].bytes), 0, &rune), cases[i].size);
        assert_int_equal(rune, cases[i].rune);
    }
}

static void knows_where_texts_begin_and_end(void **state) {
    (void)state;
    struct span none = {NULL, 0}, text = SPAN("abc");
    assert_true(span_starts(none, none) && span_ends(none, none) && span_equal(none, SPAN("")));
    assert_true(span_starts(text, SPAN("")) && span_starts(text, text) && span_starts(text, SPAN("ab")));
    assert_false(span_starts(text, SPAN("ac")) || span_starts(text, SPAN("b")) || span_starts(none, text));
    assert_false(span_starts(text, SPAN("abcd")));
    assert_true(span_ends(text, SPAN("")) && span_ends(text, SPAN("bc")));
    assert_false(span_ends(text, SPAN("b")) || span_ends(none, text));
    assert_true(span_is(none, NULL) && span_is(text, "abc"));
}

static void cuts_within_the_text(void **state) {
    (void)state;
    struct span text = SPAN("abc"), none = {NULL, 0};
    assert_true(span_is(span_cut(text, 1, 2), "b") && span_is(span_cut(text, 1, 9), "bc"));
    assert_ptr_equal(span_cut(text, 2, 1).at, text.at + 2);
    assert_ptr_equal(span_cut(text, 9, 10).at, text.at + 3);
    assert_int_equal(span_cut(text, 9, 10).length, 0);
    assert_null(span_cut(none, 1, 2).at);
}

static void steps_back_over_whole_characters(void **state) {
    (void)state;
    uint32_t rune;
    struct span text = SPAN("a\xE2\x82\xAC");
    assert_int_equal(text_previous(text, 4, &rune), 3);
    assert_int_equal(rune, 0x20AC);
    assert_int_equal(text_previous(text, 1, &rune), 1);
}

static void clips_on_a_character(void **state) {
    (void)state;
    struct span text = SPAN("ab\xD0\xB6");
    assert_int_equal(text_clip(text, 3).length, 2);
    assert_int_equal(text_clip(text, 4).length, 4);
}

static void splits_and_keeps_empty_pieces(void **state) {
    (void)state;
    struct span rest = SPAN("a,,b"), piece;
    assert_true(span_next(&rest, ',', &piece));
    assert_span(piece, "a");
    assert_true(span_next(&rest, ',', &piece));
    assert_span(piece, "");
    assert_true(span_next(&rest, ',', &piece));
    assert_span(piece, "b");
    assert_false(span_next(&rest, ',', &piece));
}

static void ends_and_parts_are_found_in_any_case(void **state) {
    (void)state;
    assert_true(span_ends_ascii_fold(SPAN("Photo: REUTERS"), SPAN("reuters")));
    assert_false(span_ends_ascii_fold(SPAN("ters"), SPAN("reuters")));
    assert_true(span_contains_ascii_fold(SPAN("a Quota limit"), SPAN("QUOTA")));
    assert_false(span_contains_ascii_fold(SPAN("quot"), SPAN("quota")));
    assert_false(span_contains_ascii_fold(SPAN(""), SPAN("quota")));
}

static void words_lie_between_white_space(void **state) {
    (void)state;
    assert_int_equal(span_count_words(SPAN("")), 0);
    assert_int_equal(span_count_words(SPAN(" \n")), 0);
    assert_int_equal(span_count_words(SPAN(" one\ttwo \n three")), 3);
}

static void forms_match_digits(void **state) {
    (void)state;
    assert_int_equal(span_form(SPAN("2026-01-29"), "dddd-dd-dd"), 10);
    assert_int_equal(span_form(SPAN("2026-01-29T06"), "dddd-dd-dd"), 10);
    assert_int_equal(span_form(SPAN("2026-01-2"), "dddd-dd-dd"), 0);
    assert_int_equal(span_form(SPAN("2026-o1-29"), "dddd-dd-dd"), 0);
    assert_int_equal(span_form(SPAN("dddd"), "dddd"), 0);
}

static void a_buffer_rejects_data_beyond_its_limit(void **state) {
    (void)state;
    struct buffer buffer = BUFFER(4);
    assert_true(buffer_add_string(&buffer, "abc"));
    assert_false(buffer_add_string(&buffer, "de"));
    assert_true(buffer.full);
    assert_span(buffer_span(&buffer), "abc");
    buffer_free(&buffer);
}

static void the_distance_counts_changed_bytes(void **state) {
    (void)state;
    char too_long[SPAN_DISTANCE_MAX + 2] = {0};
    assert_int_equal(span_distance(SPAN("river"), SPAN("river")), 0);
    assert_int_equal(span_distance(SPAN("river"), SPAN("rover")), 1);
    assert_int_equal(span_distance(SPAN("river"), SPAN("drivers")), 2);
    assert_int_equal(span_distance(SPAN(""), SPAN("abc")), 3);
    assert_true(span_distance((struct span){too_long, SPAN_DISTANCE_MAX + 1}, SPAN("river")) == SIZE_MAX);
}

static bool valid_by_character(struct span text) {
    uint32_t rune;
    bool valid = true;
    for (size_t i = 0, size; i < text.length; i += size) {
        size = text_next(text, i, &rune);
        valid = valid && (size > 1 || rune < 0x80);
    }
    return valid;
}

static size_t count_by_character(struct span text) {
    size_t count = 0;
    uint32_t rune;
    for (size_t i = 0; i < text.length; count++) i += text_next(text, i, &rune);
    return count;
}

/* ASCII is read eight bytes at a time. */
static void stretches_of_ascii_are_read_as_single_characters(void **state) {
    (void)state;
    unsigned seed = 1;
    struct buffer random = BUFFER(1 << 16);
    for (int i = 0; i < 20000; i++) {
        buffer_clear(&random);
        random_text(&seed, &random);
        struct span text = buffer_span(&random);
        size_t ascii = 0;
        while (ascii < text.length && (unsigned char)text.at[ascii] < 0x80) ascii++;
        assert_int_equal(text_skip_ascii(text, 0), ascii);
        assert_int_equal(text_valid(text), valid_by_character(text));
        assert_int_equal(text_count(text), count_by_character(text));
    }
    buffer_free(&random);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(decodes_strictly),
                                       cmocka_unit_test(knows_where_texts_begin_and_end),
                                       cmocka_unit_test(cuts_within_the_text),
                                       cmocka_unit_test(steps_back_over_whole_characters),
                                       cmocka_unit_test(clips_on_a_character),
                                       cmocka_unit_test(splits_and_keeps_empty_pieces),
                                       cmocka_unit_test(ends_and_parts_are_found_in_any_case),
                                       cmocka_unit_test(words_lie_between_white_space),
                                       cmocka_unit_test(forms_match_digits),
                                       cmocka_unit_test(the_distance_counts_changed_bytes),
                                       cmocka_unit_test(a_buffer_rejects_data_beyond_its_limit),
                                       cmocka_unit_test(stretches_of_ascii_are_read_as_single_characters)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
