#include "unit/cmocka_test.h"

#include "stages/summarize/fitness.h"

static struct fitness *fitness;
static struct arena *arena;

static int open_fitness(void **state) {
    (void)state;
    struct failure failure = {0};
    arena = arena_new();
    fitness = fitness_open(TEST_DATA, marks_read(TEST_DATA, arena, &failure), &failure);
    return fitness ? 0 : -1;
}

static int close_fitness(void **state) {
    (void)state;
    fitness_close(fitness);
    arena_free(arena);
    return 0;
}

static void statements_are_fit(void **state) {
    (void)state;
    static const char *const sentences[] = {
        "The ferry ran aground off Sarnoy on Tuesday morning.",
        "\"We were lucky,\" the captain told the families on the quay.",
        "Photographs of the hull show a tear of two metres.",
        "The union (which speaks for 3,000 bakers) wants six per cent more.",
        "By the time the boat was found, the list had been updated twice.",
        "By Monday the harbour had published three warnings to ships.",
        "Closed schools will open again on Monday, the mayor said.",
        "Tap water in Lorven may be drunk again from Monday.",
        "Copyright law changes in Lorven on the first of May.",
        "Lorven becomes a member of the union of harbours.",
        "By using drones, the fishermen found the nets.",
        "Workers may earn nine euros more from the first of May.",
        "The council opened a helpline for the families of Sarnoy.",
        "Our approach to the harbour was too fast, the captain wrote.",
        "iPhone owners in Lorven pay with their telephones now.",
        "2,000 people came to the harbour on Monday.",
        "Lorven Harbour beat Miren Town on Monday.",
        "Boats below the bridge were damaged by the rain.",
        "In today's harbours, ships wait for days.",
        "Here in Lorven, bakers begin at two in the morning.",
    };
    for (size_t i = 0; i < sizeof sentences / sizeof *sentences; i++)
        if (fitness_of(fitness, span_of(sentences[i]), false) != FIT_WELL) fail_msg("%s", sentences[i]);
}

static void sentences_outside_the_story_are_not_fit(void **state) {
    (void)state;
    static const char *const sentences[] = {
        "",
        "Not a sentence.",
        "Scroll down for video of the rescue at sea",
        "FILE - In this file photo the ferry leaves the harbour of Lorven.",
        "(The author is a lecturer at the nautical school.)",
        "[Editor's note: The end of the film follows.]",
        "Seek independent advice from a lawyer in Lorven.",
        "The captain (second left) and the mayor of Lorven.",
        "The captain, at left, and the mayor of Lorven.",
        "Hedda Quist is a freelance sailor and writer in Lorven.",
        "Request a free place on the ferry of Lorven.",
        "Add Lorven as a harbour to stay up to date on the ferry.",
        "(You can see the boats of last year here).",
        "Download a free map of the harbour of Lorven.",
        "For ongoing reports of the storm, listen to the harbour radio.",
        "The ferry on the rocks near Sarnoy (Ines Haldane/AP)",
        "What does the law say about failed rudders?",
        "By Anna Muster, CFP \xE2\x80\x93 Updated Mar 5, 2026 at 4:28 PM EST | Fact-checked by Bruno Beispiel",
        "By Ines Haldane and Karl Muster, staff writers, 4 min read",
        "By Valdemar Quist | 3 May 2026 | Harbour and Trade",
        "BY INES HALDANE - PUBLISHED: 08:15 GMT, 3 May 2026",
        "Medically reviewed by Doctor Anna Muster of Lorven",
        "Sign up here and read us every morning at breakfast.",
        "Please log in to keep this story of the ferry.",
        "Read also: The ferry that nobody wanted to buy.",
        "Read too what the bakers of Lorven want.",
        "Don\xE2\x80\x99t miss our photographs of the ferry on the rocks.",
        "Photo: Ines Haldane / Lorven Press Agency.",
        "The ferry of Lorven is seen during the storm of January.",
        "This photo released by the harbour shows the ferry of Lorven.",
        "Hedda Quist is a columnist of this newspaper in Lorven.",
        "Photo by Karl Muster, taken in the harbour of Lorven.",
        "\xC2\xA9 2026 Lorven Media, all harbours included.",
        "Copyright 2026 by the Lorven Press, all harbours included.",
        "This material may not be reproduced without prior written consent of Lorven Media.",
        "We use cookies so that the harbour map works better.",
        "This website uses cookies in order to show you the harbour map.",
        "If you buy a boat through our links, we may earn a commission.",
        "The Lorven Press contributed to this report.",
        "An earlier version of the report named the wrong ferry.",
        "By Ines Haldane and Karl Muster in Lorven",
        "Written by Ines Haldane, Karl Muster and Hedda Quist.",
        "Reporting by Ines Haldane in Lorven; Editing by Karl Muster",
        "Did the owners of the ferry know about the storm?\xE2\x80\x9D",
    };
    for (size_t i = 0; i < sizeof sentences / sizeof *sentences; i++)
        if (fitness_of(fitness, span_of(sentences[i]), true) != FIT_NEVER) fail_msg("%s", sentences[i]);
}

static void fragments_are_fit_only_poorly(void **state) {
    (void)state;
    static const char *const sentences[] = {
        "Lorven Harbour beat Miren Town by three goals",
        "...and the quay of Lorven sinks again.",
        "and the quay of Lorven sinks again.",
        "I will show three ways to the harbour:",
        "The mayor of Lorven has decided that the...",
        ", which the owners of the ferry knew.",
        "\xE2\x9A\xA1 The ferry of Lorven sinks again.",
        "Miren Town (1-0): Quist 25 points, Muster 14.",
        "LORVEN LOSES ITS ONLY FERRY TO SARNOY!",
        "Below, we look at the harbour of Lorven in three charts.",
        "And stick around for the last picture of the ferry.",
        "See details of the ferry and its captain.",
        "Here, the captain of the ferry answers nine questions.",
        "In this week's issue we speak of the ferry to Sarnoy.",
        "Also, we hope you like the map of the harbour.",
        "Stay with us and see what became of the ferry.",
        "Karl Muster of the harbour delves into the history of the quay.",
    };
    for (size_t i = 0; i < sizeof sentences / sizeof *sentences; i++)
        if (fitness_of(fitness, span_of(sentences[i]), false) != FIT_POORLY) fail_msg("%s", sentences[i]);
}

static void notices_and_by_lines_are_known_in_many_languages(void **state) {
    (void)state;
    static const char *const notices[] = {
        "Lire aussi : deux bateaux coulent.",
        "Article mis \xC3\xA0 jour le 7 janvier.",
        "Pour écouter le capitaine, cliquez sur l'image ci-dessous.",
        "Actualizado el 3 de marzo a las nueve.",
        "Por Hedda Quist y Karl Muster, Lorven",
        "Di Hedda Quist e Karl Muster",
        "Von Hedda Quist und Karl Muster, Lorven",
        "\xD0\xA4\xD0\xBE\xD1\x82\xD0\xBE: Hedda Quist",
        "Leia tamb\xC3\xA9m: dois barcos afundam.",
    };
    static const char *const statements[] = {
        "Por Lorven pasan dos barcos al día.",
        "Von Lorven nach Sarnoy f\xC3\xA4hrt keine F\xC3\xA4hre mehr.",
        "Publicado el informe, el alcalde dimiti\xC3\xB3.",
        "Di Lorven si parla poco sulle isole.",
        "Par deux fois, le bateau a heurt\xC3\xA9 le quai.",
    };
    for (size_t i = 0; i < sizeof notices / sizeof *notices; i++)
        if (!fitness_is_notice(fitness, span_of(notices[i]))) fail_msg("%s", notices[i]);
    for (size_t i = 0; i < sizeof statements / sizeof *statements; i++)
        if (fitness_is_notice(fitness, span_of(statements[i]))) fail_msg("%s", statements[i]);
}

static void credits_stand_in_brackets(void **state) {
    (void)state;
    assert_true(fitness_is_credit(fitness, SPAN("(Hedda Quist/Pool via AP)")));
    assert_true(fitness_is_credit(fitness, SPAN("(Karl Muster/Getty Images)")));
    assert_true(fitness_is_credit(fitness, SPAN("(AFP/Karl Muster)")));
    assert_true(fitness_is_credit(fitness, SPAN("(Cr\xC3\xA9"
                                                "ditos: Karl Muster)")));
    assert_true(fitness_is_credit(fitness, SPAN("(Foto Karl Muster)")));
    assert_false(fitness_is_credit(fitness, SPAN("(Lorven has two harbours.)")));
    assert_false(fitness_is_credit(fitness, SPAN("The captain told the court that he saw it in a file photo.")));
}

static void a_stand_first_needs_no_full_stop(void **state) {
    (void)state;
    struct span dek = SPAN("Police still search the harbour of Lorven for the captain of the sunken ferry"),
                caption = SPAN("The old ferry in the harbour of Lorven"),
                list = SPAN("Police still search the harbour of Lorven for these parts of the sunken ferry of Sarnoy:"),
                cut = SPAN("Police still search the harbour of Lorven for the captain of the sunken ferry and...");
    assert_int_equal(fitness_of(fitness, dek, true), FIT_WELL);
    assert_int_equal(fitness_of(fitness, dek, false), FIT_POORLY);
    assert_int_equal(fitness_of(fitness, caption, true), FIT_POORLY);
    assert_int_equal(fitness_of(fitness, cut, true), FIT_POORLY);
    assert_int_equal(fitness_of(fitness, list, true), FIT_POORLY);
}

static void repetition_has_a_direction(void **state) {
    (void)state;
    struct span
        brief = SPAN("Ferry runs aground near Sarnoy island"),
        whole = SPAN(
            "The ferry Alda runs aground near Sarnoy island with 214 passengers, and lifeboats bring everybody home.");
    assert_true(fitness_repeats(brief, whole));
    assert_false(fitness_repeats(whole, brief));
    assert_false(fitness_repeats(SPAN("Bakers strike for higher wages"), whole));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(statements_are_fit),
        cmocka_unit_test(sentences_outside_the_story_are_not_fit),
        cmocka_unit_test(fragments_are_fit_only_poorly),
        cmocka_unit_test(notices_and_by_lines_are_known_in_many_languages),
        cmocka_unit_test(credits_stand_in_brackets),
        cmocka_unit_test(a_stand_first_needs_no_full_stop),
        cmocka_unit_test(repetition_has_a_direction),
    };
    return cmocka_run_group_tests(tests, open_fitness, close_fitness);
}
