#include "unit/failure_is.h"

#include <math.h>

#include "stages/decode/writing.h"

static struct writing *writing;

static double bits(const char *language, const char *text, double limit) {
    struct glyphs glyphs = {0};
    int number = writing_find(writing, span_of(language));
    assert_true(number >= 0);
    glyphs_fill(writing, span_of(text), &glyphs);
    double result = writing_bits(writing, number, &glyphs, limit);
    glyphs_free(&glyphs);
    return result;
}

static void a_language_is_cheapest_in_itself(void **state) {
    (void)state;
    const char *polish = "Wszyscy ludzie są wolni i mogą płynąć, dokąd zechcą.";
    assert_true(bits("pl", polish, INFINITY) < bits("cs", polish, INFINITY));
    assert_true(bits("pl", polish, INFINITY) < bits("de", polish, INFINITY));
}

static void a_misreading_costs_more(void **state) {
    (void)state;
    assert_true(bits("ru", "Погода хорошая", INFINITY) < bits("ru", "оНЦНДЮ УНПНЬЮЪ", INFINITY));
    assert_true(bits("fr", "déjà vu", INFINITY) < bits("fr", "dйjа vu", INFINITY));
}

static void a_capital_inside_a_word_is_expensive(void **state) {
    (void)state;
    assert_true(bits("de", "größe", INFINITY) + 8 < bits("de", "grÖße", INFINITY));
}

static void controls_are_most_expensive(void **state) {
    (void)state;
    assert_true(bits("en", "it \xE2\x80\x99 is", INFINITY) < bits("en", "it \xC2\x92 is", INFINITY));
}

static void it_is_given_up_over_the_limit(void **state) {
    (void)state;
    double all = bits("it", "Il porto è pieno di navi e la città è tranquilla.", INFINITY);
    double given_up = bits("it", "Il porto è pieno di navi e la città è tranquilla.", 30);
    assert_true(given_up > 30 && given_up < all);
}

static void white_space_is_one_space(void **state) {
    (void)state;
    assert_float_equal(bits("en", "two words", INFINITY), bits("en", "two \r\t words", INFINITY), 1e-9);
    assert_float_equal(bits("en", "two\nwords", INFINITY), bits("en", "two \r\n\t words", INFINITY), 1e-9);
}

static void a_capital_costs_nothing_more_where_a_line_begins(void **state) {
    (void)state;
    assert_float_equal(bits("de", "Über dem Meer", INFINITY), bits("de", "über dem Meer", INFINITY), 0.5);
    assert_float_equal(bits("ru", "да\n«Он", INFINITY), bits("ru", "да\n«он", INFINITY), 0.5);
    assert_true(bits("ru", "да Он", INFINITY) > bits("ru", "да он", INFINITY));
}

static size_t misread(const char *language, const char *text) {
    struct glyphs glyphs = {0};
    glyphs_fill(writing, span_of(text), &glyphs);
    size_t count = writing_misread(writing, writing_find(writing, span_of(language)), &glyphs);
    glyphs_free(&glyphs);
    return count;
}

static void signs_beside_words_are_no_misread_letters(void **state) {
    (void)state;
    assert_int_equal(misread("nl", "één © 2024 » “twee”› {drié} 5 €/wéék ★"), 0);
    assert_int_equal(misread("de", "Welt\xC2\xAD"
                                   "ernährung"),
                     0);
}

static void letters_and_signs_in_words_may_be_misread_letters(void **state) {
    (void)state;
    assert_int_equal(misread("de", "öffnet Ãber"), 1);
    assert_int_equal(misread("de", "für s¹ i ³odź"), 3);
    assert_int_equal(misread("de", "für prŽt ˆ atenci—n"), 3);
}

static void unknown_languages_are_not_found(void **state) {
    (void)state;
    assert_int_equal(writing_find(writing, SPAN("tlh")), -1);
    assert_int_not_equal(writing_find(writing, SPAN("sr-Cyrl")), -1);
    assert_int_not_equal(writing_find(writing, SPAN("sr-Cyrl")), writing_find(writing, SPAN("sr-Latn")));
}

static void a_missing_model_reaches_the_run(void **state) {
    (void)state;
    struct writing *none = NULL;
    struct failure failure = {0};
    assert_false(writing_open(TEST_TESTS, &none, &failure));
    assert_null(none);
    assert_failure(&failure, REACH_RUN, REMEDY_NONE, CAUSE_MACHINE, EXIT_CONFIG, "writing.model");
}

static int open_model(void **state) {
    (void)state;
    struct failure failure = {0};
    return writing_open(TEST_DATA, &writing, &failure) ? 0 : -1;
}

static int close_model(void **state) {
    (void)state;
    writing_close(writing);
    return 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_language_is_cheapest_in_itself),
        cmocka_unit_test(a_misreading_costs_more),
        cmocka_unit_test(a_capital_inside_a_word_is_expensive),
        cmocka_unit_test(controls_are_most_expensive),
        cmocka_unit_test(it_is_given_up_over_the_limit),
        cmocka_unit_test(white_space_is_one_space),
        cmocka_unit_test(a_capital_costs_nothing_more_where_a_line_begins),
        cmocka_unit_test(signs_beside_words_are_no_misread_letters),
        cmocka_unit_test(letters_and_signs_in_words_may_be_misread_letters),
        cmocka_unit_test(unknown_languages_are_not_found),
        cmocka_unit_test(a_missing_model_reaches_the_run),
    };
    return cmocka_run_group_tests(tests, open_model, close_model);
}
