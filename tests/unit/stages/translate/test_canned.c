/* Services that return the same English for every text. */
#include <stdio.h>

#include "unit/cmocka_test.h"

#include "stages/translate/canned.h"

static bool note(struct canned *canned, const char *source, const char *target) {
    return canned_note(canned, span_of(source), span_of(target));
}

static void a_short_answer_to_two_unlike_sentences_is_canned(void **state) {
    (void)state;
    struct canned canned = {0};
    assert_false(note(&canned, "El alcalde presentó ayer el nuevo plan de transporte", "Yes."));
    assert_true(note(&canned, "Los agricultores temen otra primavera seca en la comarca", "Yes."));
    assert_true(note(&canned, "Nueve heridos leves", "Yes."));
    assert_false(note(&canned, "Correcto", "Yes."));
    assert_false(note(&canned, "Correcto", "Right."));
}

/* As translate.c does: first all answers of a reply, then each once more. */
static void the_same_answer_noted_again_changes_nothing(void **state) {
    (void)state;
    struct canned canned = {0};
    for (int i = 0; i < 3; i++)
        assert_false(note(&canned, "El alcalde presentó ayer el nuevo plan de transporte", "Yes."));
    for (int i = 0; i < 3; i++)
        assert_true(note(&canned, "Los agricultores temen otra primavera seca en la comarca", "Yes."));
    assert_true(note(&canned, "El alcalde presentó ayer el nuevo plan de transporte", "Yes."));
}

static void a_long_answer_to_short_and_long_sentences_is_canned(void **state) {
    (void)state;
    struct canned canned = {0};
    const char *same = "The weather will be fine tomorrow";
    assert_false(note(&canned, "Der Zug nach Süden verspätet sich", same));
    assert_false(note(&canned, "Neun Gemeinden erhalten Geld für Schulen", same));
    assert_true(
        note(&canned, "Am Abend berichtete das Gericht, dass alle Beschwerden gegen das Urteil verworfen sind", same));
}

static void a_long_answer_to_many_sentences_of_one_length_is_canned(void **state) {
    (void)state;
    struct canned canned = {0};
    const char *same = "Please come back later, thank you very much.";
    const char *sources[CANNED_SOURCES] = {"El puente viejo cierra mañana por obras",
                                           "Los vecinos piden otra escuela para niños",
                                           "Nueve barcos salieron temprano hacia aguas frías",
                                           "La lluvia dañó ayer cuarenta viviendas rurales",
                                           "Un tribunal rechazó anoche varios recursos idénticos",
                                           "Suben tarifas eléctricas desde enero según ministros"};
    for (size_t i = 0; i < CANNED_SOURCES; i++)
        assert_int_equal(note(&canned, sources[i], same), i == CANNED_SOURCES - 1);
}

/* Translations have about the length of their source, and similar sources may have the same translation. */
static void honest_repetitions_are_not(void **state) {
    (void)state;
    struct canned canned = {0};
    assert_false(note(&canned, "Lesen Sie hier weiter", "Read on here"));
    assert_false(note(&canned, "Jetzt bitte hier weiterlesen", "Read on here"));
    assert_false(note(&canned, "Mehr dazu in diesem Beitrag", "Read on here"));
    const char *more[] = {"Den ganzen Artikel finden Abonnenten", "Alles Weitere steht auf Seite",
                          "Klicken und Neues erfahren"};
    for (size_t i = 0; i < sizeof more / sizeof *more; i++) assert_false(note(&canned, more[i], "Read on here"));
    for (int i = 0; i < 5; i++)
        assert_false(note(
            &canned, i % 2 ? "Foto: Agentur, Archiv der Stadt Linz" : "Foto Agentur, Archiv der Stadt Linz", "Photo"));
}

static void scripts_without_spaces_count_characters(void **state) {
    (void)state;
    struct canned canned = {0};
    assert_false(note(&canned, "市政府昨天公布了新的交通计划", "Yes."));
    assert_true(note(&canned, "农民担心今年春天又会干旱缺雨", "Yes."));
}

static void a_known_canned_answer_is_recognised_at_once_among_many_texts(void **state) {
    (void)state;
    struct canned canned = {0};
    char other[32];
    canned_know(&canned, span_of(""));
    canned_know(&canned, span_of("Sure!"));
    assert_true(note(&canned, "Otra frase cualquiera de hoy", "Sure!"));
    for (int i = 0; i < 2 * CANNED_TEXTS; i++) {
        snprintf(other, sizeof other, "Sentence %d of many", i);
        assert_false(note(&canned, "Una frase de muchas", other));
    }
    assert_false(note(&canned, "El alcalde presentó ayer el nuevo plan de transporte", "Yes."));
    assert_true(note(&canned, "Los agricultores temen otra primavera seca en la comarca", "Yes."));
}

static void a_row_of_the_same_is_canned(void **state) {
    (void)state;
    static const char *const sources[] = {"Der Zug nach Süden verspätet sich",
                                          "Neun Gemeinden erhalten Geld für Schulen und Horte",
                                          "Am Abend schloss die Brücke"};
    for (int miscounts = 0; miscounts < 2; miscounts++) {
        struct canned_row row = {0};
        assert_false(canned_follows(&row, span_of("Kurz"), SPAN("It is so."), miscounts));
        assert_false(canned_follows(&row, span_of(sources[0]), SPAN("It is so."), miscounts));
        assert_false(canned_follows(&row, span_of("Der Zug nach Norden verspätet sich"), SPAN("It is so."), miscounts));
        assert_int_equal(canned_follows(&row, span_of(sources[1]), SPAN("It is so."), miscounts), miscounts);
        assert_true(canned_follows(&row, span_of(sources[2]), SPAN("It is so."), miscounts));
        assert_false(canned_follows(&row, span_of(sources[1]), SPAN("It is otherwise."), miscounts));
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_short_answer_to_two_unlike_sentences_is_canned),
                                       cmocka_unit_test(the_same_answer_noted_again_changes_nothing),
                                       cmocka_unit_test(a_long_answer_to_short_and_long_sentences_is_canned),
                                       cmocka_unit_test(a_long_answer_to_many_sentences_of_one_length_is_canned),
                                       cmocka_unit_test(honest_repetitions_are_not),
                                       cmocka_unit_test(scripts_without_spaces_count_characters),
                                       cmocka_unit_test(a_known_canned_answer_is_recognised_at_once_among_many_texts),
                                       cmocka_unit_test(a_row_of_the_same_is_canned)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
