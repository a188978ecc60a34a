#include "unit/cmocka_test.h"

#include "stages/decode/window.h"

static void expect(struct span raw, const char *expected) {
    struct buffer window = BUFFER(WINDOW_LIMIT);
    window_collect(raw, &window);
    assert_string_equal(window.length ? window.at : "", expected);
    buffer_free(&window);
}

static void ascii_gives_nothing(void **state) {
    (void)state;
    expect(SPAN("plain words"), "");
}

static void a_word_comes_with_its_neighbours(void **state) {
    (void)state;
    expect(SPAN("un caf\xE9 noir"), "un caf\xE9 noir\n");
}

static void tags_and_lines_are_edges(void **state) {
    (void)state;
    expect(SPAN("<b>caf\xE9</b> no\nno"), "caf\xE9\n");
}

static void references_are_left_out(void **state) {
    (void)state;
    expect(SPAN("&nbsp;caf\xE9&#8211;a"), " caf\xE9 a\n");
}

static void a_rare_byte_far_away_is_taken(void **state) {
    (void)state;
    struct buffer raw = BUFFER(1 << 16), window = BUFFER(WINDOW_LIMIT);
    for (int i = 0; i < 4000; i++) buffer_add_string(&raw, "\xE1\xE2 ");
    buffer_add_string(&raw, "x\xA4y ");
    for (int i = 0; i < 100; i++) buffer_add_string(&raw, "\xE1\xE2 ");
    window_collect(buffer_span(&raw), &window);
    assert_non_null(strstr(window.at, "x\xA4y"));
    assert_true(window.length < 4096);
    buffer_free(&raw);
    buffer_free(&window);
}

static void an_endless_line_is_truncated(void **state) {
    (void)state;
    struct buffer raw = BUFFER(1 << 20), window = BUFFER(WINDOW_LIMIT);
    for (int i = 0; i < 100000; i++) buffer_add_string(&raw, "\xE9");
    window_collect(buffer_span(&raw), &window);
    assert_true(window.length >= 2048 && window.length < 4096 && !window.full);
    buffer_free(&raw);
    buffer_free(&window);
}

/* Words without spaces, so long that the window ends within one, at every position relative to its characters. */
static void no_character_is_cut(void **state) {
    (void)state;
    static const char *const characters[] = {"\xC2\x85", "\xE6\xB8\xAF", "\xF0\x9F\x8C\x8A"};
    for (size_t kind = 0; kind < 3; kind++)
        for (size_t ahead = 0; ahead < 4; ahead++) {
            struct buffer raw = BUFFER(1 << 16), window = BUFFER(WINDOW_LIMIT);
            for (size_t i = 0; i < ahead; i++) buffer_add_string(&raw, "a");
            for (size_t i = 0; i < 3000; i++) buffer_add_string(&raw, characters[kind]);
            window_collect(buffer_span(&raw), &window);
            assert_true(text_valid(buffer_span(&window)));
            buffer_free(&raw);
            buffer_free(&window);
        }
}

/* The part around a rare character far from the others ends within the next word. */
static void no_character_is_cut_after_a_rare_one(void **state) {
    (void)state;
    for (size_t ahead = 0; ahead < 4; ahead++) {
        struct buffer raw = BUFFER(1 << 16), window = BUFFER(WINDOW_LIMIT);
        for (int i = 0; i < 1000; i++) buffer_add_string(&raw, "\xE6\xB8\xAF ");
        buffer_add_string(&raw, &"aaa\xC2\x85 "[3 - ahead]);
        for (int i = 0; i < 100; i++) buffer_add_string(&raw, "\xE6\xB8\xAF");
        window_collect(buffer_span(&raw), &window);
        assert_non_null(strstr(window.at, "\xC2\x85"));
        assert_true(text_valid(buffer_span(&window)));
        buffer_free(&raw);
        buffer_free(&window);
    }
}

static void a_beginning_is_that_of_the_window(void **state) {
    (void)state;
    struct buffer raw = BUFFER(1 << 16), window = BUFFER(WINDOW_LIMIT);
    for (int i = 0; i < 500; i++) buffer_add_string(&raw, "un caf\xC3\xA9 &amp; <b>noir</b>, tr\xC3\xA8s noir\n");
    window_collect(buffer_span(&raw), &window);
    for (size_t bytes = 0; bytes < 4096; bytes += 113) {
        struct buffer beginning = BUFFER(WINDOW_LIMIT);
        window_begin(buffer_span(&raw), bytes, &beginning);
        assert_true(beginning.length >= (bytes < 2048 ? bytes : 2048) && beginning.length < 2200);
        assert_true(span_starts(buffer_span(&window), buffer_span(&beginning)));
        buffer_free(&beginning);
    }
    buffer_free(&raw);
    buffer_free(&window);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ascii_gives_nothing),
        cmocka_unit_test(a_word_comes_with_its_neighbours),
        cmocka_unit_test(tags_and_lines_are_edges),
        cmocka_unit_test(references_are_left_out),
        cmocka_unit_test(a_rare_byte_far_away_is_taken),
        cmocka_unit_test(an_endless_line_is_truncated),
        cmocka_unit_test(a_beginning_is_that_of_the_window),
        cmocka_unit_test(no_character_is_cut),
        cmocka_unit_test(no_character_is_cut_after_a_rare_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
