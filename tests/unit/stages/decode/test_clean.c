#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "stages/decode/clean.h"

static void expect(const char *text, const char *expected) {
    struct buffer once = BUFFER(1 << 16), twice = BUFFER(1 << 16);
    struct cleaning cleaning;
    clean_text(span_of(text), &once, &cleaning);
    assert_string_equal(once.at, expected);
    clean_text(buffer_span(&once), &twice, &cleaning);
    assert_string_equal(twice.at, expected);
    buffer_free(&once);
    buffer_free(&twice);
}

static void letters_and_marks_are_composed(void **state) { (void)state; expect("cafe\xCC\x81", "caf\xC3\xA9"); }

static void composed_text_is_left_alone(void **state) {
    (void)state;
    struct buffer out = BUFFER(64);
    struct cleaning cleaning;
    clean_text(SPAN("caf\xC3\xA9"), &out, &cleaning);
    for (int kind = 0; kind < CLEAN_KINDS; kind++) assert_int_equal(cleaning.count[kind], 0);
    buffer_free(&out);
}

static void soft_hyphens_go(void **state) { (void)state; expect("Donau\xC2\xADschiff", "Donauschiff"); }

static void controls_go(void **state) { (void)state; expect("a\x01" "b\xC2\x9D" "c\td", "abc\td"); }

static void joiners_stay_in_persian(void **state) {
    (void)state;
    expect("\xD9\x85\xDB\x8C\xE2\x80\x8C\xD8\xB1\xD9\x88\xD9\x85", "\xD9\x85\xDB\x8C\xE2\x80\x8C\xD8\xB1\xD9\x88\xD9\x85");
}

static void joiners_go_between_latin_letters(void **state) { (void)state; expect("a\xE2\x80\x8C" "b", "ab"); }

static void an_open_isolate_is_closed_on_its_line(void **state) {
    (void)state;
    expect("\xE2\x81\xA7" "a\nb", "\xE2\x81\xA7" "a\xE2\x81\xA9\nb");
}

static void a_closer_alone_goes(void **state) { (void)state; expect("a\xE2\x80\xAC" "b", "ab"); }

static void ligatures_become_letters(void **state) { (void)state; expect("o\xEF\xAC\x83" "cial", "official"); }

static void full_width_letters_become_ascii(void **state) { (void)state; expect("\xEF\xBC\xA1\xEF\xBC\xA2 9", "AB 9"); }

static void full_width_letters_stay_beside_han(void **state) {
    (void)state;
    expect("\xE6\x97\xA5\xEF\xBC\xA1", "\xE6\x97\xA5\xEF\xBC\xA1");
}

static void latin_letters_in_a_cyrillic_word(void **state) {
    (void)state;
    expect("\xD0\xB3o\xD0\xB4\xD0\xBD\xD1\x8B\xD0\xB9", "\xD0\xB3\xD0\xBE\xD0\xB4\xD0\xBD\xD1\x8B\xD0\xB9");
}

static void cyrillic_letters_in_a_latin_word(void **state) { (void)state; expect("L\xD0\xBEndon", "London"); }

static void a_latin_name_with_a_cyrillic_ending_stays(void **state) {
    (void)state;
    expect("Google\xD0\xB4\xD0\xB0\xD0\xBD", "Google\xD0\xB4\xD0\xB0\xD0\xBD");
}

static void a_letter_keeps_at_most_thirty_marks(void **state) {
    (void)state;
    struct buffer text = BUFFER(4096), out = BUFFER(4096);
    struct cleaning cleaning;
    buffer_add_string(&text, "q");
    for (int i = 0; i < 500; i++) buffer_add_string(&text, "\xCC\x96");
    clean_text(buffer_span(&text), &out, &cleaning);
    assert_int_equal(text_count(buffer_span(&out)), 31);
    buffer_free(&text);
    buffer_free(&out);
}

static void a_run_of_thai_letters_is_kept(void **state) {
    (void)state;
    struct buffer text = BUFFER(4096), out = BUFFER(4096);
    struct cleaning cleaning;
    for (int i = 0; i < 100; i++) buffer_add_string(&text, "\xE0\xB8\x98\xE0\xB8\xB8\xEF\xA4\x80\xEF\xA4\x80");
    clean_text(buffer_span(&text), &out, &cleaning);
    assert_int_equal(text_count(buffer_span(&out)), 400);
    assert_int_equal(cleaning.count[CLEAN_NFC], 200);
    buffer_free(&text);
    buffer_free(&out);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(letters_and_marks_are_composed),
        cmocka_unit_test(composed_text_is_left_alone),
        cmocka_unit_test(soft_hyphens_go),
        cmocka_unit_test(controls_go),
        cmocka_unit_test(joiners_stay_in_persian),
        cmocka_unit_test(joiners_go_between_latin_letters),
        cmocka_unit_test(an_open_isolate_is_closed_on_its_line),
        cmocka_unit_test(a_closer_alone_goes),
        cmocka_unit_test(ligatures_become_letters),
        cmocka_unit_test(full_width_letters_become_ascii),
        cmocka_unit_test(full_width_letters_stay_beside_han),
        cmocka_unit_test(latin_letters_in_a_cyrillic_word),
        cmocka_unit_test(cyrillic_letters_in_a_latin_word),
        cmocka_unit_test(a_latin_name_with_a_cyrillic_ending_stays),
        cmocka_unit_test(a_run_of_thai_letters_is_kept),
        cmocka_unit_test(a_letter_keeps_at_most_thirty_marks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
