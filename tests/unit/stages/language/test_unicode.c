#include "stages/language/unicode.h"

#include <stdlib.h>

#include "pipeline/base/arena.h"
#include "unit/cmocka_test.h"

static const struct marks *marks;
static struct arena *arena;

static int open_marks(void **state) {
    (void)state;
    struct failure failure;
    arena = arena_new();
    marks = marks_read(TEST_DATA, arena, &failure);
    return marks ? 0 : -1;
}

static int close_marks(void **state) {
    (void)state;
    arena_free(arena);
    return 0;
}

static void test_case_folds_one_for_one(void **state) {
    (void)state;
    static const struct {
        uint32_t from, to;
    } cases[] = {{'A', 'a'},       {'z', 'z'},     {0xC9, 0xE9},       {0xDF, 0xDF},   {0x130, 'i'},
                 {0x416, 0x436},   {0x3A3, 0x3C3}, {0x531, 0x561},     {0x5D0, 0x5D0}, {0xFF21, 0xFF41},
                 {0x4E2D, 0x4E2D}, {0x1E9E, 0xDF}, {0x10400, 0x10428}, {'1', '1'},     {RUNE_INVALID, RUNE_INVALID}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) assert_int_equal(rune_fold(cases[i].from), cases[i].to);
}

static void test_folded_texts_stay_within_their_bound(void **state) {
    (void)state;
    for (uint32_t rune = 1; rune < 0x11000; rune++) {
        char written[4], lower[8];
        struct span text = {written, text_put(written, rune)};
        size_t length = text_lower(text, lower);
        assert_true(length <= text.length + text.length / 2);
        assert_true(rune >= 0x80 || length == 1);
    }
}

/* What a text that was cut inside a character ends with, and stray bytes. */
static void test_bytes_that_are_no_character_are_copied(void **state) {
    (void)state;
    static const char *const texts[][2] = {{"A\xE6\x9C", "a\xE6\x9C"},
                                           {"\xA1\x90\x91", "\xA1\x90\x91"},
                                           {"\xFF"
                                            "B\xC3",
                                            "\xFF"
                                            "b\xC3"},
                                           {"\xEF\xBF\xBD"
                                            "C",
                                            "\xEF\xBF\xBD"
                                            "c"}};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        char lower[16];
        size_t length = text_lower(span_of(texts[i][0]), lower);
        assert_span(((struct span){lower, length}), texts[i][1]);
    }
}

static void test_texts_are_equal_but_for_case_in_any_script(void **state) {
    (void)state;
    assert_true(text_equal_fold(SPAN("ÉLODIE Márquez"), SPAN("Élodie MÁRQUEZ")));
    assert_true(text_equal_fold(SPAN("МОСКВА"), SPAN("Москва")));
    assert_true(text_equal_fold(SPAN("ΑΘΗΝΑ"), SPAN("Αθηνα")));
    assert_true(text_equal_fold(SPAN(""), SPAN("")));
    assert_false(text_equal_fold(SPAN("Elodie"), SPAN("Élodie")));
    assert_false(text_equal_fold(SPAN("Минск"), SPAN("Минска")));
    assert_false(text_equal_fold(SPAN("Минска"), SPAN("Минск")));
}

static void check_trimmed(const char *text, const char *expected) {
    struct span trimmed = text_trim(span_of(text));
    if (!span_is(trimmed, expected)) fail_msg("'%s' became '%.*s'", text, SPAN_ARGS(trimmed));
}

static void test_whitespace_of_any_width_is_trimmed(void **state) {
    (void)state;
    check_trimmed("　　段落。　", "段落。");
    check_trimmed("\u00A0\u00A0 ย่อหน้า\u00A0", "ย่อหน้า");
    check_trimmed("\u2003\u2003一段\u2028", "一段");
    check_trimmed("\uFEFF\u200Bline\u200B\t\n", "line");
    check_trimmed("a\u00A0b", "a\u00A0b");
    check_trimmed("\u202F\u3000\u205F ", "");
    check_trimmed("", "");
    check_trimmed("é", "é");
}

static void test_bare_characters_have_no_accent_and_no_case(void **state) {
    (void)state;
    uint32_t parts[RUNE_PARTS];
    assert_int_equal(rune_bare(0xC9, parts), 1);
    assert_int_equal(parts[0], 'e');
    assert_int_equal(rune_bare(0xDF, parts), 2);
    assert_int_equal(parts[1], 's');
    assert_int_equal(rune_bare(0x301, parts), 0);
    assert_int_equal(rune_bare(0x131, parts), 1);
    assert_int_equal(parts[0], 'i');
    assert_int_equal(rune_bare(0xFDFA, parts), 18); /* the character with the longest decomposition */
}

static void test_classes_hold_in_every_script(void **state) {
    (void)state;
    assert_true(rune_is_upper(0x416) && rune_is_lower(0x436) && !rune_is_caseless(0x436));
    assert_true(rune_is_caseless(0x5D0) && rune_is_caseless(0x10D0) && rune_is_caseless(0x4E2D));
    assert_true(rune_is_digit(0x667) && rune_is_word(0x667) && !rune_is_letter(0x667));
    assert_true(rune_is_word(0x2160) && rune_is_word(0xBD) && !rune_is_word(0x2019));
    assert_true(rune_is_letter(0x94D) && rune_is_letter(0x301));
    assert_true(rune_is_sign(0x201C) && !rune_is_sign(0x20AC) && !rune_is_sign('$'));
    assert_true(rune_is_invisible(0x200F) && rune_is_invisible(0xAD) && !rune_is_invisible(' '));
    assert_true(rune_is_unspaced(0xE01) && rune_is_unspaced(0x3042) && rune_is_unspaced(0x20000));
    assert_false(rune_is_unspaced(0xAC00) || rune_is_unspaced(0x30FB) || rune_is_unspaced('a'));
}

/* By Unicode's own classes, of which only some bytes are looked at. */
static void test_direction_is_that_of_each_character(void **state) {
    (void)state;
    for (uint32_t rune = 1; rune <= 0x10FFFF; rune++) {
        char bytes[4];
        int class = utf8proc_get_property((utf8proc_int32_t)rune)->bidi_class;
        bool right = class == UTF8PROC_BIDI_CLASS_R || class == UTF8PROC_BIDI_CLASS_AL;
        bool surrogate = rune >= 0xD800 && rune < 0xE000; /* comes out as U+FFFD */
        assert_int_equal(text_is_right_to_left((struct span){bytes, text_put(bytes, rune)}), right && !surrogate);
    }
    assert_true(text_is_right_to_left(SPAN("אבג ab")));
    assert_false(text_is_right_to_left(SPAN("אב abcd")));
}

static void test_width_is_that_of_a_terminal(void **state) {
    (void)state;
    assert_int_equal(text_columns(SPAN("Ufer 12")), 7);
    assert_int_equal(text_columns(SPAN("берег")), 5);
    assert_int_equal(text_columns(SPAN("港口")), 4);
    assert_int_equal(text_columns(SPAN("ที่")), 1);
    assert_int_equal(text_columns(SPAN("cafe\u0301")), 4);
    assert_int_equal(text_columns(SPAN("a\xFF")), 2);
}

/* One text for each language with a full stop of its own, and for marks that may follow the stop. */
static void test_texts_that_end_like_sentences(void **state) {
    (void)state;
    static const char *const texts[] = {"The ferry is late.",
                                        "Is it late?",
                                        "Late!",
                                        "And then…",
                                        "船は遅い。",
                                        "نہیں ہے۔",
                                        "नाव देर से है।",
                                        "Նավը ուշացել է։",
                                        "ጀልባው ዘገየ።",
                                        "လှေ နောက်ကျသည်။",
                                        "ទូក​យឺត។",
                                        "أين السفينة؟",
                                        "Πού είναι;",
                                        "„Es ist spät.“",
                                        "« Tard. »",
                                        "(He said so.)",
                                        "「遅い。」",
                                        "It is late.\"  ",
                                        "He said: 'no.'",
                                        "晚了！」",
                                        "རེད།",
                                        "Late.\u200E",
                                        "迟到了｡"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        if (!text_ends_sentence(marks, span_of(texts[i]))) fail_msg("no end of a sentence: %s", texts[i]);
}

static void test_texts_that_do_not_end_like_sentences(void **state) {
    (void)state;
    static const char *const texts[] = {"The ferry",  "Read also:", "Sport |",  "By Nora Field", "",    "”",     "   ",
                                        "船は遅い、", "One, two,",  "12 March", "(as above)",    "A –", "ที่ท่าเรือ"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        if (text_ends_sentence(marks, span_of(texts[i]))) fail_msg("an end of a sentence: %s", texts[i]);
}

static void test_clauses_tell_prose_from_names(void **state) {
    (void)state;
    assert_true(text_has_clauses(marks, SPAN("The port, the town")));
    assert_true(text_has_clauses(marks, SPAN("Spät. Aber")));
    assert_true(text_has_clauses(marks, SPAN("ወደቡ፣ ከተማው")));
    assert_true(text_has_clauses(marks, SPAN("港口，城市")));
    assert_true(text_has_clauses(marks, SPAN("الميناء، المدينة")));
    assert_false(text_has_clauses(marks, SPAN("example.org 1,200 3.5")));
    assert_false(text_has_clauses(marks, SPAN("Порт города")));
    assert_false(text_has_clauses(marks, SPAN("")));
}

static void test_closers_are_stripped_and_nothing_else(void **state) {
    (void)state;
    assert_true(span_is(text_strip_closers(marks, SPAN("(„Ja.“) ")), "(„Ja."));
    assert_true(span_is(text_strip_closers(marks, SPAN("\"\"")), ""));
    assert_int_equal(text_last_mark(marks, SPAN("終わった。』")), MARK_END);
    assert_int_equal(text_last_mark(marks, SPAN("word")), MARK_NONE);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_case_folds_one_for_one),
        cmocka_unit_test(test_folded_texts_stay_within_their_bound),
        cmocka_unit_test(test_bytes_that_are_no_character_are_copied),
        cmocka_unit_test(test_texts_are_equal_but_for_case_in_any_script),
        cmocka_unit_test(test_whitespace_of_any_width_is_trimmed),
        cmocka_unit_test(test_bare_characters_have_no_accent_and_no_case),
        cmocka_unit_test(test_classes_hold_in_every_script),
        cmocka_unit_test(test_direction_is_that_of_each_character),
        cmocka_unit_test(test_width_is_that_of_a_terminal),
        cmocka_unit_test(test_texts_that_end_like_sentences),
        cmocka_unit_test(test_texts_that_do_not_end_like_sentences),
        cmocka_unit_test(test_clauses_tell_prose_from_names),
        cmocka_unit_test(test_closers_are_stripped_and_nothing_else),
    };
    return cmocka_run_group_tests(tests, open_marks, close_marks);
}
