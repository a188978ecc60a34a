#include "stages/translate/distribute.h"
#include "unit/cmocka_test.h"

static struct segmenter *rules;

static int open_rules(void **state) {
    (void)state;
    struct failure failure;
    rules = segmenter_open(TEST_DATA, &failure);
    return rules ? 0 : -1;
}

static int close_rules(void **state) {
    (void)state;
    segmenter_close(rules);
    return 0;
}

static void every_sentence_gets_its_own_translation(void **state) {
    (void)state;
    const struct span sources[] = {SPAN("El alcalde llegó a las 9."),
                                   SPAN("Habló con los vecinos del barrio durante una hora.")};
    struct piece pieces[2];
    size_t count;
    assert_true(distribute(rules, sources, 2,
                           SPAN(" The mayor arrived at 9. He spoke with the residents of the quarter for an hour.\n"),
                           pieces, &count));
    assert_int_equal(count, 2);
    assert_span(pieces[0].target, "The mayor arrived at 9.");
    assert_span(pieces[1].target, "He spoke with the residents of the quarter for an hour.");
    assert_int_equal(pieces[1].first, 1);
}

static void merged_sentences_share_one_piece(void **state) {
    (void)state;
    const struct span sources[] = {SPAN("Llovía."), SPAN("El partido se suspendió."),
                                   SPAN("Se jugará el 3 de mayo en el mismo campo y a la misma hora.")};
    struct piece pieces[3];
    size_t count;
    assert_true(distribute(
        rules, sources, 3,
        SPAN("As it rained, the match was called off. It will be played on 3 May on the same pitch at the same time."),
        pieces, &count));
    assert_int_equal(count, 2);
    assert_int_equal(pieces[0].count, 2);
    assert_int_equal(pieces[1].first, 2);
}

static void unmatched_sentences_stay_together(void **state) {
    (void)state;
    const struct span sources[] = {
        SPAN("La empresa anunció ayer que cerrará su fábrica de Vigo, con 340 trabajadores, antes de fin de año."),
        SPAN("Los sindicatos convocaron una huelga de tres días y pidieron la mediación del gobierno gallego.")};
    struct piece pieces[2];
    size_t count;
    assert_false(distribute(rules, sources, 2, SPAN("No."), pieces, &count));
    assert_int_equal(count, 1);
    assert_int_equal(pieces[0].count, 2);
    assert_span(pieces[0].target, "No.");
}

static void a_single_sentence_may_become_several(void **state) {
    (void)state;
    const struct span sources[] = {SPAN("Sí, pero no hoy.")};
    struct piece pieces[1];
    size_t count;
    assert_true(distribute(rules, sources, 1, SPAN("Yes. But not today."), pieces, &count));
    assert_span(pieces[0].target, "Yes. But not today.");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_sentence_gets_its_own_translation),
        cmocka_unit_test(merged_sentences_share_one_piece),
        cmocka_unit_test(unmatched_sentences_stay_together),
        cmocka_unit_test(a_single_sentence_may_become_several),
    };
    return cmocka_run_group_tests(tests, open_rules, close_rules);
}
