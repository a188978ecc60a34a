/* The spelling in which the checks compare words, for every character there is. */
#include "unit/cmocka_test.h"

#include <stdlib.h>

#include "stages/check/fold.h"
#include "stages/language/unicode.h"

enum { LAST_RUNE = 0x10FFFF };

/* Returns whether this is a digit of one of the scripts whose digits folding knows. */
static bool is_known_digit(uint32_t rune) {
    uint32_t folded = fold_rune(rune);
    return folded >= '0' && folded <= '9';
}

static enum letter_class class_by_category(uint32_t rune) {
    int category = rune_category(rune);
    if (is_known_digit(rune)) return LETTER_DIGIT;
    if (rune_is_unspaced(rune)) return LETTER_UNSPACED;
    if (rune_is_hangul(rune)) return LETTER_HANGUL;
    return category >= UTF8PROC_CATEGORY_LU && category <= UTF8PROC_CATEGORY_MC ? LETTER_SPACED : LETTER_NONE;
}

static void every_character_has_the_class_of_its_category(void **state) {
    (void)state;
    for (uint32_t rune = 0; rune <= LAST_RUNE; rune++)
        if (fold_class(rune) != class_by_category(rune)) fail_msg("U+%04X: %d", rune, (int)fold_class(rune));
}

static void folding_twice_changes_nothing(void **state) {
    (void)state;
    for (uint32_t rune = 0; rune <= LAST_RUNE; rune++)
        if (fold_rune(fold_rune(rune)) != fold_rune(rune)) fail_msg("U+%04X", rune);
}

/* Except where letters are merged, folding is lower case. */
static void letters_become_small(void **state) {
    (void)state;
    for (uint32_t rune = 1; rune <= LAST_RUNE; rune++) {
        bool merged = fold_rune(rune) == 0 || is_known_digit(rune) || fold_rune(rune_fold(rune)) != rune_fold(rune);
        if (!merged && rune != 0x130 && fold_rune(rune) != rune_fold(rune)) fail_msg("U+%04X", rune);
    }
}

static void digits_of_every_script_become_ascii(void **state) {
    (void)state;
    static const uint32_t sevens[] = {'7',   0x667, 0x6F7, 0x96D, 0x9ED, 0xA6D,  0xAED,  0xB6D,  0xBED,
                                      0xC6D, 0xCED, 0xD6D, 0xE57, 0xED7, 0x1047, 0x17E7, 0x1817, 0xFF17};
    for (size_t i = 0; i < sizeof sevens / sizeof *sevens; i++) {
        assert_int_equal(fold_rune(sevens[i]), '7');
        assert_int_equal(fold_class(sevens[i]), LETTER_DIGIT);
    }
}

static void variants_of_a_letter_are_merged(void **state) {
    (void)state;
    static const uint32_t cases[][2] = {
        {'Q', 'q'},     {0x401, 0x435}, {0x451, 0x435},   {0x416, 0x436},   {0x430, 0x430},   {0x44F, 0x44F},
        {0x450, 0x450}, {0x130, 'i'},   {0x622, 0x627},   {0x629, 0x647},   {0x62A, 0x62A},   {0x63F, 0x63F},
        {0x640, 0},     {0x648, 0x648}, {0x649, 0x64A},   {0x6A9, 0x643},   {0x95C, 0x921},   {0x3C2, 0x3C3},
        {0x2019, '\''}, {0xFF21, 'a'},  {0x3042, 0x3042}, {0x9FFF, 0x9FFF}, {0x1210, 0x1200}, {0xA640, 0xA641}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        if (fold_rune(cases[i][0]) != cases[i][1]) fail_msg("U+%04X: U+%04X", cases[i][0], fold_rune(cases[i][0]));
}

/* Folds into a buffer of the size that the contract asks for, so that the sanitizer sees what is written beyond it. */
static void expect_folded(struct span text, const char *folded) {
    char *room = malloc(text.length * 2);
    assert_span(((struct span){room, fold_text(text, room)}), folded);
    free(room);
}

static void bytes_that_are_no_characters_stay_short(void **state) {
    (void)state;
    expect_folded(SPAN("\xFF\xFF\xFF\xFF"), "\x1A\x1A\x1A\x1A");
    expect_folded(SPAN("A\xE2\x82"), "a\x1A\x1A");
    expect_folded(SPAN("\xCE \xCE \xCE"), "\x1A \x1A \x1A");
    expect_folded(SPAN("x\xD0\x96\xD0"), "\xD1\x85\xD0\xB6\x1A");
}

static void texts_grow_at_most_to_twice_their_size(void **state) {
    (void)state;
    expect_folded(SPAN("\xC8\xBA\xC8\xBA"), "\xE2\xB1\xA5\xE2\xB1\xA5");
    expect_folded(SPAN("\xC4\xB0Z"), "iz");
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_character_has_the_class_of_its_category),
                                       cmocka_unit_test(folding_twice_changes_nothing),
                                       cmocka_unit_test(letters_become_small),
                                       cmocka_unit_test(digits_of_every_script_become_ascii),
                                       cmocka_unit_test(variants_of_a_letter_are_merged),
                                       cmocka_unit_test(bytes_that_are_no_characters_stay_short),
                                       cmocka_unit_test(texts_grow_at_most_to_twice_their_size)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
