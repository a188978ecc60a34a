#include "unit/cmocka_test.h"

#include "stages/decode/evidence.h"

static void letters_are_evidence(void **state) {
    (void)state;
    assert_true(evidence_found(SPAN("Âîò")));
}

static void stray_signs_after_letters_are_evidence(void **state) {
    (void)state;
    assert_true(evidence_found(SPAN("sta³ i le¿a³")));
}

static void controls_are_evidence_beside_letters_only(void **state) {
    (void)state;
    assert_true(evidence_found(SPAN("sve\xC2\x9A"
                                    "èano")));
    assert_false(evidence_found(SPAN("l\xC2\x92"
                                     "eau d\xC2\x92"
                                     "ici")));
}

static void one_sign_within_a_word_is_enough(void **state) {
    (void)state;
    assert_true(evidence_found(SPAN("pieni±dze")));
    assert_true(evidence_found(SPAN("anul naºterii")));
    assert_false(evidence_found(SPAN("20 m² Fläche")));
}

static void lists_and_formulas_are_not_words(void **state) {
    (void)state;
    assert_false(evidence_found(SPAN("á é í ó ú")));
    assert_false(evidence_found(SPAN("a² + b² = c²")));
    assert_false(evidence_found(SPAN("ÿÿÿÿ")));
    assert_false(evidence_found(SPAN("àáâãäåæç")));
    assert_false(evidence_found(SPAN("ÄÖÜ äöüß ßäö")));
    assert_false(evidence_found(SPAN("áéíóú, ÀÈÌÒÙ, âêô")));
    assert_false(evidence_found(SPAN("éèêë ÎÏÎ ÛÜÙ")));
    assert_false(evidence_found(SPAN("ÆØÅ æøå")));
    assert_true(evidence_found(SPAN("òàì æèâ¸ò")));
}

static void readings_that_change_only_controls_are_recognised(void **state) {
    (void)state;
    assert_true(evidence_is_of_controls(SPAN("l\xC2\x92été"), SPAN("l’été")));
    assert_false(evidence_is_of_controls(SPAN("po\xC2\x9A è"), SPAN("poš č")));
}

static void one_letter_is_not_enough(void **state) {
    (void)state;
    assert_false(evidence_found(SPAN("un café")));
}

static void quotes_spaces_and_trademark_signs_are_not_evidence(void **state) {
    (void)state;
    assert_false(evidence_found(SPAN("it’s “new”® – 20 °C… •••\xC2\xA0\xC2\xA0© 1 €")));
}

static void other_marks_on_the_same_letters_are_a_habit(void **state) {
    (void)state;
    assert_true(evidence_is_habit(SPAN("mezõ, fû"), SPAN("mező, fű")));
    assert_false(evidence_is_habit(SPAN("kuæa"), SPAN("kuća")));
}

static void runes_beyond_ascii_are_counted(void **state) {
    (void)state;
    assert_int_equal(evidence_runes(SPAN("aäß€😀.")), 4);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(letters_are_evidence),
        cmocka_unit_test(stray_signs_after_letters_are_evidence),
        cmocka_unit_test(controls_are_evidence_beside_letters_only),
        cmocka_unit_test(one_sign_within_a_word_is_enough),
        cmocka_unit_test(lists_and_formulas_are_not_words),
        cmocka_unit_test(readings_that_change_only_controls_are_recognised),
        cmocka_unit_test(one_letter_is_not_enough),
        cmocka_unit_test(quotes_spaces_and_trademark_signs_are_not_evidence),
        cmocka_unit_test(other_marks_on_the_same_letters_are_a_habit),
        cmocka_unit_test(runes_beyond_ascii_are_counted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
