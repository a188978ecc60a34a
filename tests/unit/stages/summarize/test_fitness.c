#include "unit/cmocka_test.h"

#include "stages/summarize/fitness.h"

static struct fitness *fitness;

static int open_fitness(void **state) {
    (void)state;
    struct failure failure = {0};
    fitness = fitness_open(TEST_DATA, &failure);
    return fitness ? 0 : -1;
}

static int close_fitness(void **state) {
    (void)state;
    fitness_close(fitness);
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
    };
    for (size_t i = 0; i < sizeof sentences / sizeof *sentences; i++)
        if (!fitness_is_fit(fitness, span_of(sentences[i]))) fail_msg("%s", sentences[i]);
}

static void sentences_outside_the_story_are_not_fit(void **state) {
    (void)state;
    static const char *const sentences[] = {
        "",
        "Not a sentence.",
        "Scroll down for video of the rescue at sea",
        "FILE - In this file photo the ferry leaves the harbour of Lorven.",
        "(The author is a lecturer at the nautical school.)",
        "The ferry on the rocks near Sarnoy (Ines Haldane/AP)",
        "What does the law say about failed rudders?",
        "By Anna Muster, CFP \xE2\x80\x93 Updated Mar 5, 2026 at 4:28 PM EST | Fact-checked by Bruno Beispiel",
        "By Ines Haldane and Karl Muster, staff writers, 4 min read",
        "By Valdemar Quist | 3 May 2026 | Harbour and Trade",
        "BY INES HALDANE - PUBLISHED: 08:15 GMT, 3 May 2026",
        "Medically reviewed by Doctor Anna Muster of Lorven",
        "Sign up here and read us every morning at breakfast.",
    };
    for (size_t i = 0; i < sizeof sentences / sizeof *sentences; i++)
        if (fitness_is_fit(fitness, span_of(sentences[i]))) fail_msg("%s", sentences[i]);
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
        cmocka_unit_test(repetition_has_a_direction),
    };
    return cmocka_run_group_tests(tests, open_fitness, close_fitness);
}
