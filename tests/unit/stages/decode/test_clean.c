#include "unit/cmocka_test.h"

#include <stdio.h>

#include "stages/decode/clean.h"

static const char plain[] = "Three ships lay\tin the harbour,\r\nand waited for wind~ ~ and waited for wind and rain.";

static void expect(const char *text, const char *expected) {
    struct buffer once = BUFFER(1 << 16), twice = BUFFER(1 << 16);
    struct cleaning cleaning;
    struct span clean = clean_text(span_of(text), &once, &cleaning);
    assert_span(clean, expected);
    assert_span(clean_text(clean, &twice, &cleaning), expected);
    buffer_free(&once);
    buffer_free(&twice);
}

static void letters_and_marks_are_composed(void **state) {
    (void)state;
    expect("cafe\xCC\x81", "caf\xC3\xA9");
}

static void composed_text_is_left_alone(void **state) {
    (void)state;
    struct buffer out = BUFFER(64);
    struct cleaning cleaning;
    const struct span text = SPAN("caf\xC3\xA9");
    assert_ptr_equal(clean_text(text, &out, &cleaning).at, text.at);
    for (int kind = 0; kind < CLEAN_KINDS; kind++) assert_int_equal(cleaning.count[kind], 0);
    buffer_free(&out);
}

static void controls_are_removed(void **state) {
    (void)state;
    expect("a\x01"
           "b\x7F"
           "c\td",
           "abc\td");
}

/* A letter is missing there, and the gap must stay visible. */
static void a_c1_control_within_a_word_leaves_a_gap(void **state) {
    (void)state;
    expect("gar\xC2\x81"
           "on",
           "gar\xEF\xBF\xBD"
           "on");
    expect("\xD0\xB4\xC2\x98\xD0\xBC", "\xD0\xB4\xEF\xBF\xBD\xD0\xBC");
    expect("e\xCC\x81\xC2\x81t", "\xC3\xA9\xEF\xBF\xBDt");
    expect("a\x01\xC2\x81\x02"
           "b",
           "a\xEF\xBF\xBD"
           "b");
    struct buffer out = BUFFER(64);
    struct cleaning cleaning;
    clean_text(SPAN("\xC3\xA9\xC2\x90z"), &out, &cleaning);
    assert_int_equal(cleaning.count[CLEAN_CONTROLS], 1);
    buffer_free(&out);
}

/* At every position relative to the blocks in which plain text is skipped. */
static void controls_in_long_texts_are_removed(void **state) {
    (void)state;
    static const char *const controls[] = {"\x01", "\x1F", "\x7F", "\x0B", "\xE2\x80\xA8", "\xEF\xBF\xB9"};
    for (size_t i = 0; i < sizeof controls / sizeof *controls; i++)
        for (size_t at = 0; at < 80; at++) {
            char text[128], expected[128];
            bool line_end = controls[i][0] == '\x0B' || controls[i][0] == '\xE2';
            snprintf(text, sizeof text, "%.*s%s%s", (int)at, plain, controls[i], plain + at);
            snprintf(expected, sizeof expected, "%.*s%s%s", (int)at, plain, line_end ? "\n" : "", plain + at);
            expect(text, expected);
        }
}

static void other_c1_controls_stay_as_they_were_written(void **state) {
    (void)state;
    expect("end \xC2\x81", "end \xC2\x81");
    expect("\xC2\x9D (b)", "\xC2\x9D (b)");
}

static void an_open_isolate_is_closed_on_its_line(void **state) {
    (void)state;
    expect("\xE2\x81\xA7"
           "a\nb",
           "\xE2\x81\xA7"
           "a\xE2\x81\xA9\nb");
}

static void an_unmatched_closer_is_removed(void **state) {
    (void)state;
    expect("a\xE2\x80\xAC"
           "b",
           "ab");
}

static void a_letter_keeps_at_most_thirty_marks(void **state) {
    (void)state;
    struct buffer text = BUFFER(4096), out = BUFFER(4096);
    struct cleaning cleaning;
    buffer_add_string(&text, "q");
    for (int i = 0; i < 500; i++) buffer_add_string(&text, "\xCC\x96");
    assert_int_equal(text_count(clean_text(buffer_span(&text), &out, &cleaning)), 31);
    buffer_free(&text);
    buffer_free(&out);
}

static void a_run_of_thai_letters_is_kept(void **state) {
    (void)state;
    struct buffer text = BUFFER(4096), out = BUFFER(4096);
    struct cleaning cleaning;
    for (int i = 0; i < 100; i++) buffer_add_string(&text, "\xE0\xB8\x98\xE0\xB8\xB8\xEF\xA4\x80\xEF\xA4\x80");
    assert_int_equal(text_count(clean_text(buffer_span(&text), &out, &cleaning)), 400);
    assert_int_equal(cleaning.count[CLEAN_NFC], 200);
    buffer_free(&text);
    buffer_free(&out);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(letters_and_marks_are_composed),
        cmocka_unit_test(composed_text_is_left_alone),
        cmocka_unit_test(controls_are_removed),
        cmocka_unit_test(a_c1_control_within_a_word_leaves_a_gap),
        cmocka_unit_test(controls_in_long_texts_are_removed),
        cmocka_unit_test(other_c1_controls_stay_as_they_were_written),
        cmocka_unit_test(an_open_isolate_is_closed_on_its_line),
        cmocka_unit_test(an_unmatched_closer_is_removed),
        cmocka_unit_test(a_run_of_thai_letters_is_kept),
        cmocka_unit_test(a_letter_keeps_at_most_thirty_marks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
