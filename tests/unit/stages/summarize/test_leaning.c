/* Sentences that need their predecessor, and sentences that may precede the article's first one. */
#include "unit/cmocka_test.h"

#include "stages/summarize/leaning.h"

static struct arena *arena;
static struct leaning *leaning;

static int open_leaning(void **state) {
    (void)state;
    struct failure failure = {0};
    arena = arena_new();
    leaning = leaning_open(TEST_DATA, marks_read(TEST_DATA, arena, &failure), &failure);
    return leaning ? 0 : -1;
}

static int close_leaning(void **state) {
    (void)state;
    leaning_close(leaning);
    arena_free(arena);
    return 0;
}

static void sentences_that_refer_back_need_their_predecessor(void **state) {
    (void)state;
    static const char *const sentences[] = {
        "He said that the ferry would sail again on Monday.",
        "They\xE2\x80\x99ve waited for the new quay since 2019.",
        "It costs nine million euros and opens in May.",
        "This is why the bakers of Lorven went on strike.",
        "These boats are older than the harbour.",
        "However, the mayor of Lorven did not agree.",
        "But the latter never came to Sarnoy.",
        "And the ferry did not sail.",
        "Then Ines Haldane took the chair.",
        "What\xE2\x80\x99s more, the quay is sinking.",
        "In addition, two bridges were closed in Miren.",
        "At the same time, Lorven pays more for water.",
        "One of them was taken to the hospital of Lorven.",
        "\"He was lucky,\" the captain told the court.",
        "\xE2\x80\x9CWe were lucky,\xE2\x80\x9D he told the families on the quay.",
        "\"Nobody asked us!\" she said on Tuesday in Lorven.",
        "In 2010, she moved to the harbour of Lorven.",
        "After a long trial, he was set free.",
        "Hours later, two more boats were found off Sarnoy.",
        "As a result, the ferry to Sarnoy was late.",
        "According to Hedda Quist, they cut the costs of the quay.",
        "In the words of Ines Haldane, it is the end of the ferry.",
        "According to the mayor of Lorven, she never came.",
        "Police said he had hidden in the harbour of Lorven.",
        "The look she gave the judge was seen all over Lorven.",
        "When he came to Lorven, there was no harbour.",
        "The statement, which two newspapers have seen, names nobody.",
        "Because nobody had asked them before.",
        "Even though the ferry of Lorven was late again.",
        "Whereas the bakers of Lorven stayed at home.",
        "We have never seen such a storm in the harbour.",
        "I think the bakers have a chance if they go on.",
        "Our captain knows the way to Sarnoy.",
        "\"We have to take it and start again.\"",
        "\xE2\x80\x9CNobody asked the families of Lorven.\xE2\x80\x9D",
        "\xC2\xABThe quay of Lorven will never be safe.\xC2\xBB",
        "Though, few boats ever came to Sarnoy.",
        "As usual, the owners of the ferry said nothing.",
        "Two of them landed in the harbour of Lorven.",
        "Dubbed the Iron Quay by Hedda Quist, it opened in May.",
        "Speaking in Lorven, he promised a new ferry.",
        "Just about every captain suffers from it, but there is no cure.",
        "Nobody in Lorven ever spoke of them before the storm.",
        "Most bakers have to live with it until May.",
        "Shaken by their letter, the owners of the ferry gave up.",
        "Will have double the speed of the old ferry.",
        "Equally pleased was the mayor of Lorven.",
        "Despite its age, the ferry sailed every day.",
    };
    for (size_t i = 0; i < sizeof sentences / sizeof *sentences; i++)
        if (!leaning_needs_predecessor(leaning, span_of(sentences[i]), false)) fail_msg("%s", sentences[i]);
}

static void other_sentences_stand_alone(void **state) {
    (void)state;
    static const char *const sentences[] = {
        "Hedda Quist said that the ferry would sail again on Monday.",
        "This week the bakers of Lorven went on strike.",
        "So far, no boat has been found.",
        "The so-called harbour tax ends in May.",
        "Still-life paintings from Lorven are on show in Miren.",
        "Then-mayor Ines Haldane signed the contract.",
        "Those who bought a ticket get their money back.",
        "\"We were lucky,\" the captain told the families on the quay.",
        "When Ana Petkova came to Lorven, she found no work.",
        "The word \"never,\" the judge explained, does not occur in the law.",
        "His Majesty opens the new bridge of Lorven on Friday.",
        "Buttons and threads were found in the old mill.",
        "Item by item, the court went through the list.",
        "Quist said he had hidden in the harbour of Lorven.",
        "Hedda Quist says she has no other choice.",
        "The statement of the union names nobody.",
        "Because nobody had asked them, the bakers of Lorven stopped work.",
        "Although the storm was strong, the ferry sailed.",
        "US officials are looking for the captain of the ferry.",
        "Weather stations on the islands are closed.",
        "\"We have to take it,\" Hedda Quist said, \"and start again.\"",
        "\"Never again\" was painted on the wall of the harbour.",
        "Our Lady of the Quay is the oldest church of Lorven.",
        "Speaking in Lorven, Hedda Quist promised a new ferry.",
        "Shaken by her trip, Hedda Quist promised a new ferry.",
        "Owners of old boats have to repair them or to pay for it.",
        "Despite the storm, the ferry sailed every day.",
    };
    for (size_t i = 0; i < sizeof sentences / sizeof *sentences; i++)
        if (leaning_needs_predecessor(leaning, span_of(sentences[i]), false)) fail_msg("%s", sentences[i]);
}

static void the_first_sentence_may_refer_forward(void **state) {
    (void)state;
    static const char *const forward[] = {
        "This is the moment the ferry hit the quay of Lorven.", "It was the coldest night in Lorven since 1902.",
        "Another three captains were arrested on Monday.", "We took the ferry from Lorven to Sarnoy in a storm."};
    static const char *const back[] = {"He said that the ferry would sail again.", "However, the mayor did not agree."};
    for (size_t i = 0; i < sizeof forward / sizeof *forward; i++) {
        assert_false(leaning_needs_predecessor(leaning, span_of(forward[i]), true));
        assert_true(leaning_needs_predecessor(leaning, span_of(forward[i]), false));
        assert_true(leaning_needs_predecessor(leaning, span_of(back[i % 2]), true));
    }
}

static void only_what_names_everything_may_precede_the_first_sentence(void **state) {
    (void)state;
    struct span lead =
        SPAN("The mayor of Lorven, Valdemar Quist, closed two bridges over the Alda on Monday after heavy "
             "rain in the mountains had loosened the pillars and washed away the road to Sarnoy.");
    static const char *const may[] = {"Two bridges in Lorven were closed on Monday.",
                                      "The port of Lorven is closed until Friday.",
                                      "Heavy rain has closed bridges in Lorven."};
    static const char *const may_not[] = {
        "Quist blamed the rain of last week.",          "The bridges will open again in May.",
        "A third bridge in Miren was closed, too.",     "Lorven has closed another bridge.",
        "He blamed the rain in the mountains.",         "Last month, Lorven closed a bridge.",
        "Two of the 9 bridges will open again in May.", "Lorven had been warned of rain."};
    for (size_t i = 0; i < sizeof may / sizeof *may; i++)
        if (!leaning_can_lead(leaning, span_of(may[i]), lead)) fail_msg("%s", may[i]);
    for (size_t i = 0; i < sizeof may_not / sizeof *may_not; i++)
        if (leaning_can_lead(leaning, span_of(may_not[i]), lead)) fail_msg("%s", may_not[i]);
}

static const struct span known[] = {{"Two bridges closed after rain in Lorven", 39},
                                    {"The mayor, Hedda Quist, closed two bridges on Monday.", 53}};

static void the_noun_must_be_known_or_tell_which_one(void **state) {
    (void)state;
    static const char *const unknown[] = {"The astrologer explained how the moon moves.",
                                          "The two engineers want new pillars.", "The old ferry was late again."};
    static const char *const clear[] = {"The bridge was built in 1902.",
                                        "The government pays for the pillars.",
                                        "The port of Sarnoy is open.",
                                        "The Alda rose by two metres.",
                                        "The mayor of last year had warned of it.",
                                        "The death toll has risen to nine.",
                                        "An astrologer explained how the moon moves."};
    for (size_t i = 0; i < sizeof unknown / sizeof *unknown; i++)
        if (!leaning_has_unknown_noun(leaning, span_of(unknown[i]), known, 2)) fail_msg("%s", unknown[i]);
    for (size_t i = 0; i < sizeof clear / sizeof *clear; i++)
        if (leaning_has_unknown_noun(leaning, span_of(clear[i]), known, 2)) fail_msg("%s", clear[i]);
}

static void a_part_of_a_name_must_be_known(void **state) {
    (void)state;
    struct span left_out = SPAN("Karl Muster and Hedda Quist Monday stood on the quay of Port Alda, Sarnoy.");
    static const char *const unknown[] = {"Muster blamed the rain.", "Police asked Muster about the pillars."};
    static const char *const clear[] = {"Quist blamed the rain.", "Karl Muster blamed the rain.",
                                        "Sarnoy blamed the rain.", "On Monday the rain went on.",
                                        "Sarnoy and Lorven blamed the rain."};
    for (size_t i = 0; i < sizeof clear / sizeof *clear; i++) {
        if (!leaning_shortens_name(leaning, span_of(unknown[i % 2]), left_out, known, 2))
            fail_msg("%s", unknown[i % 2]);
        if (leaning_shortens_name(leaning, span_of(clear[i]), left_out, known, 2)) fail_msg("%s", clear[i]);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sentences_that_refer_back_need_their_predecessor),
        cmocka_unit_test(other_sentences_stand_alone),
        cmocka_unit_test(the_first_sentence_may_refer_forward),
        cmocka_unit_test(only_what_names_everything_may_precede_the_first_sentence),
        cmocka_unit_test(the_noun_must_be_known_or_tell_which_one),
        cmocka_unit_test(a_part_of_a_name_must_be_known),
    };
    return cmocka_run_group_tests(tests, open_leaning, close_leaning);
}
