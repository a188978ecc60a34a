/* Quotations of several sentences, in the marks of several languages. */
#include "unit/cmocka_test.h"

#include "stages/summarize/quoting.h"

static struct arena *arena;
static const struct marks *marks;

static int open_marks(void **state) {
    (void)state;
    arena = arena_new();
    marks = marks_read(TEST_DATA, arena, NULL);
    return marks ? 0 : -1;
}

static int close_marks(void **state) {
    (void)state;
    arena_free(arena);
    return 0;
}

static void a_sentence_is_whole_with_all_of_its_quotation(void **state) {
    (void)state;
    static const char *const sentences[] = {
        "The ferry sails on Monday.",
        "\"We were lucky,\" the captain said.",
        "\xE2\x80\x9CWe were lucky,\xE2\x80\x9D the captain said.",
        "\xE2\x80\x9EWir hatten Gl\xC3\xBC\x63k\xE2\x80\x9C, sagte der Kapit\xC3\xA4n.",
        "\xC2\xBBWir hatten Gl\xC3\xBC\x63k\xC2\xAB, sagte der Kapit\xC3\xA4n.",
        "\xC2\xAB Nous avons eu de la chance \xC2\xBB, a dit le capitaine.",
        "\xE2\x80\x9DVi hade tur\xE2\x80\x9D, sade kaptenen.",
        "\xE8\x88\xB9\xE9\x95\xBF\xE8\xAF\xB4\xE2\x80\x9C\xE5\xBE\x88\xE5\xB9\xB8\xE8\xBF\x90\xE2\x80\x9D\xE3\x80\x82",
        "The plank is 5'11\" long and cannot be moved.",
        "The (\"new\") quay opens in May.",
        "The quay\xE2\x80\x94\"the new one\"\xE2\x80\x94opens in May.",
    };
    for (size_t i = 0; i < sizeof sentences / sizeof *sentences; i++) {
        struct quoting quoting = {0};
        if (!quoting_is_whole(marks, span_of(sentences[i]), &quoting) || quoting.open) fail_msg("%s", sentences[i]);
    }
}

static void no_sentence_of_a_longer_quotation_is_whole(void **state) {
    (void)state;
    static const char *const quotations[][3] = {
        {"\"We were lucky.", "Nobody helped us.", "The mayor did not even call,\" the captain said."},
        {"\xE2\x80\x9CWe were lucky.", "Nobody helped us.", "The mayor did not call.\xE2\x80\x9D"},
        {"\xE2\x80\x9EWir hatten Gl\xC3\xBC\x63k.", "Keiner half uns.", "Niemand rief an.\xE2\x80\x9C"},
        {"\xC2\xAB Nous avons eu de la chance.", "Personne ne nous a aid\xC3\xA9s.", "Personne. \xC2\xBB"},
        {"\xE2\x80\x9DVi hade tur.", "Ingen hj\xC3\xA4lpte oss.", "Ingen ringde.\xE2\x80\x9D"},
        {"\xE3\x80\x8C\xE5\xBE\x88\xE5\xB9\xB8\xE8\xBF\x90\xE3\x80\x82", "\xE6\xB2\xA1\xE4\xBA\xBA\xE3\x80\x82",
         "\xE6\xB2\xA1\xE6\x9C\x89\xE3\x80\x8D\xE3\x80\x82"},
    };
    for (size_t i = 0; i < sizeof quotations / sizeof *quotations; i++) {
        struct quoting quoting = {0};
        for (size_t j = 0; j < 3; j++)
            if (quoting_is_whole(marks, span_of(quotations[i][j]), &quoting)) fail_msg("%s", quotations[i][j]);
        if (quoting.open) fail_msg("%s does not end", quotations[i][0]);
        assert_true(quoting_is_whole(marks, SPAN("The ferry sails on Monday."), &quoting));
    }
}

static void the_end_of_a_quotation_that_began_elsewhere_is_seen(void **state) {
    (void)state;
    static const char *const ends[] = {"Give them a chance, they have only just started!\"",
                                       "Nobody helped us.\xE2\x80\x9D", "Nobody helped us,\" the captain said."};
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        struct quoting quoting = {0};
        if (quoting_is_whole(marks, span_of(ends[i]), &quoting)) fail_msg("%s", ends[i]);
    }
}

static bool is_whole(const char *sentence) {
    struct quoting quoting = {0};
    return quoting_is_whole(marks, span_of(sentence), &quoting);
}

static void single_quotations_are_not_torn_inside_a_sentence(void **state) {
    (void)state;
    static const char *const torn[] = {"'The ferry sails next month from Lorven.",
                                       "\xE2\x80\x98Nobody asked the bakers of Lorven.", "The bakers will be missed.'",
                                       "The harbour was never safe!\xE2\x80\x99"};
    static const char *const whole[] = {"'We know it,' the captain told the court.", "The captain said: 'We know it.'",
                                        "The bakers' union wants more than the owners'.",
                                        "\xE2\x80\x98We know it,\xE2\x80\x99 the captain\xE2\x80\x99s wife said.",
                                        "Lorven's harbour isn't safe."};
    for (size_t i = 0; i < sizeof torn / sizeof *torn; i++)
        if (is_whole(torn[i])) fail_msg("%s", torn[i]);
    for (size_t i = 0; i < sizeof whole / sizeof *whole; i++)
        if (!is_whole(whole[i])) fail_msg("%s", whole[i]);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(single_quotations_are_not_torn_inside_a_sentence),
        cmocka_unit_test(a_sentence_is_whole_with_all_of_its_quotation),
        cmocka_unit_test(no_sentence_of_a_longer_quotation_is_whole),
        cmocka_unit_test(the_end_of_a_quotation_that_began_elsewhere_is_seen),
    };
    return cmocka_run_group_tests(tests, open_marks, close_marks);
}
