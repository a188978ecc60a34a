#include "stages/translate/align.h"
#include "unit/cmocka_test.h"

enum { ROOM = ALIGN_MAX };

struct sides {
    struct span sources[ROOM], targets[ROOM];
    size_t source_count, target_count, bead_count;
    struct bead beads[ROOM];
};

static void fill(const char *const *texts, struct span *ret_texts, size_t *ret_count) {
    for (*ret_count = 0; texts[*ret_count]; ++*ret_count) ret_texts[*ret_count] = span_of(texts[*ret_count]);
}

static bool run(struct sides *sides, const char *const *sources, const char *const *targets) {
    fill(sources, sides->sources, &sides->source_count);
    fill(targets, sides->targets, &sides->target_count);
    return align(sides->sources, sides->source_count, sides->targets, sides->target_count, sides->beads,
                 &sides->bead_count);
}

static void assert_bead(struct bead bead, size_t first_source, size_t sources, size_t first_target, size_t targets) {
    assert_int_equal(bead.first_source, first_source);
    assert_int_equal(bead.sources, sources);
    assert_int_equal(bead.first_target, first_target);
    assert_int_equal(bead.targets, targets);
}

static void one_for_one(void **state) {
    (void)state;
    static const char *const sources[] = {"Съветът прие решението вчера.",
                                          "Кметът каза, че ремонтът ще струва 4 милиона лева и ще свърши през май.",
                                          "Опозицията гласува против.", NULL};
    static const char *const targets[] = {
        "The council took the decision yesterday.",
        "The mayor said that the repair will cost 4 million leva and will end in May.",
        "The opposition voted against it.", NULL};
    struct sides sides;
    assert_true(run(&sides, sources, targets));
    assert_int_equal(sides.bead_count, 3);
    for (size_t i = 0; i < 3; i++) assert_bead(sides.beads[i], i, 1, i, 1);
}

static void a_long_sentence_became_two(void **state) {
    (void)state;
    static const char *const sources[] = {"El puente se cerró el lunes.",
                                          "Los vecinos protestaron durante dos horas delante del ayuntamiento y "
                                          "pidieron una fecha para la obra, que ya se ha "
                                          "aplazado tres veces.",
                                          "Nadie respondió.", NULL};
    static const char *const targets[] = {
        "The bridge was closed on Monday.", "Residents protested for two hours in front of the town hall.",
        "They asked for a date for the works, which have been put off three times.", "Nobody answered.", NULL};
    struct sides sides;
    assert_true(run(&sides, sources, targets));
    assert_int_equal(sides.bead_count, 3);
    assert_bead(sides.beads[1], 1, 1, 1, 2);
    assert_bead(sides.beads[2], 2, 1, 3, 1);
}

static void two_sentences_became_one(void **state) {
    (void)state;
    static const char *const sources[] = {"Il treno è partito in ritardo.", "Pioveva.",
                                          "Alle stazioni aspettavano centinaia di persone con i bagagli.", NULL};
    static const char *const targets[] = {"The train left late, because it was raining.",
                                          "At the stations hundreds of people were waiting with their luggage.", NULL};
    struct sides sides;
    assert_true(run(&sides, sources, targets));
    assert_int_equal(sides.bead_count, 2);
    assert_bead(sides.beads[0], 0, 2, 0, 1);
    assert_bead(sides.beads[1], 2, 1, 1, 1);
}

/* Four sentences of equal length: only the numbers show which two were merged. */
static void figures_draw_sentences_together(void **state) {
    (void)state;
    static const char *const sources[] = {"V roce 1998 přišlo 340 lidí.", "V roce 2004 přišlo 518 lidí.",
                                          "V roce 2011 přišlo 777 lidí.", NULL};
    static const char *const targets[] = {"In 1998, 340 people came.",
                                          "In 2004 it was 518 people, and in 2011 it was 777 people.", NULL};
    struct sides sides;
    assert_true(run(&sides, sources, targets));
    assert_bead(sides.beads[0], 0, 1, 0, 1);
    assert_bead(sides.beads[1], 1, 2, 1, 1);
}

/* Three sentences of equal length became two of equal length: only the years show where the boundary is. */
static void a_number_alone_tells_where_the_cut_is(void **state) {
    (void)state;
    static const char *const sources[] = {"rok 1931: přišlo málo", "rok 1947: přišlo dost", "rok 1968: přišlo moc.",
                                          NULL};
    static const char *const late_cut[] = {"in 1931 and 1947 some came late", "in the year 1968 there were more", NULL};
    static const char *const early_cut[] = {"in the year 1931 there were few.", "in 1947 and 1968 some came late",
                                            NULL};
    struct sides sides;
    assert_true(run(&sides, sources, late_cut));
    assert_bead(sides.beads[0], 0, 2, 0, 1);
    assert_bead(sides.beads[1], 2, 1, 1, 1);
    assert_true(run(&sides, sources, early_cut));
    assert_bead(sides.beads[0], 0, 1, 0, 1);
    assert_bead(sides.beads[1], 1, 2, 1, 1);
}

static void a_name_alone_tells_where_the_cut_is(void **state) {
    (void)state;
    static const char *const sources[] = {"včera přišel Kovac.", "včera přišla Horak", "včera přišel Nemec.", NULL};
    static const char *const late_cut[] = {"first Kovac came, then Horak", "and after them all came Nemec", NULL};
    static const char *const early_cut[] = {"before the others came Kovac.", "then Horak came, at last Nemec", NULL};
    struct sides sides;
    assert_true(run(&sides, sources, late_cut));
    assert_bead(sides.beads[0], 0, 2, 0, 1);
    assert_true(run(&sides, sources, early_cut));
    assert_bead(sides.beads[0], 0, 1, 0, 1);
}

static void a_missing_sentence_is_not_aligned(void **state) {
    (void)state;
    static const char *const sources[] = {
        "A reunião começou às 9 horas com um minuto de silêncio pelas vítimas do acidente.",
        "O presidente da câmara apresentou em seguida um relatório de 120 páginas sobre as causas.",
        "Os deputados da oposição abandonaram a sala antes do fim do discurso, em protesto.",
        "A votação ficou marcada para 14 de março, depois de uma nova audição das famílias.", NULL};
    static const char *const targets[] = {
        "The meeting began at 9 o'clock with a minute of silence for the victims of the accident.",
        "The vote was set for 14 March, after another hearing of the families.", NULL};
    struct sides sides;
    bool found = run(&sides, sources, targets);
    assert_false(found);
}

static void too_many_or_none_are_not_aligned(void **state) {
    (void)state;
    struct span many[ALIGN_MAX + 1];
    struct bead beads[ALIGN_MAX + 1];
    size_t count;
    for (size_t i = 0; i <= ALIGN_MAX; i++) many[i] = SPAN("Da.");
    assert_false(align(many, ALIGN_MAX + 1, many, ALIGN_MAX + 1, beads, &count));
    assert_false(align(many, 0, many, 3, beads, &count));
    assert_true(align(many, ALIGN_MAX, many, ALIGN_MAX, beads, &count));
    assert_int_equal(count, ALIGN_MAX);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_for_one),
        cmocka_unit_test(a_long_sentence_became_two),
        cmocka_unit_test(two_sentences_became_one),
        cmocka_unit_test(figures_draw_sentences_together),
        cmocka_unit_test(a_number_alone_tells_where_the_cut_is),
        cmocka_unit_test(a_name_alone_tells_where_the_cut_is),
        cmocka_unit_test(a_missing_sentence_is_not_aligned),
        cmocka_unit_test(too_many_or_none_are_not_aligned),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
