#include "unit/cmocka_test.h"

#include <time.h>

#include "stages/services/common/recited.h"

static struct recital *recital(struct arena *arena) {
    static const struct span told[] = {
        {"You carry letters across the river. Deliver them dry: every letter, by noon. Never read them.", 93},
        {"Pasa las cartas a la otra orilla antes de que anochezca.", 56},
        {"Передавай письма только мельнику и никому больше на берегу.", 109},
        {"请把所有的信件带到河对岸去。", 42}};
    return recital_read(told, sizeof told / sizeof *told, arena);
}

static void sentences_of_the_instructions_are_recognised(void **state) {
    (void)state;
    static const struct {
        const char *source, *answer;
        bool recited;
    } cases[] = {
        {"Ein Satz.", "You carry letters across the old bridge.", true},    /* five words of a beginning */
        {"Ein Satz.", "You carry letters to the bridge.", false},           /* three are chance */
        {"Ein Satz.", "A sentence. Deliver them dry: every letter", false}, /* sentences of three words */
        {"Ein Satz.", "We were told that you carry letters across the river.", true},
        {"Ein Satz.", "DELIVER THEM DRY - EVERY LETTER BY NOON", true},
        {"A note: you carry letters across the river.", "It says that you carry letters across the river.", false},
        {"Ein Satz.", "Pasa las cartas a la otra. A sentence.", true},
        {"Ein Satz.", "A sentence. передавай ПИСЬМА только мельнику и никому", true},
        {"Ein Satz.", "所有的信件带到河 means a sentence.", true},
        {"Ein Satz.", "信件 means letters.", false},
        {"Ein Satz.", "", false}};
    struct arena *arena = arena_new();
    struct recital *known = recital(arena);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        bool found = recited(known, span_of(cases[i].source), span_of(cases[i].answer));
        if (found != cases[i].recited) print_message("%s\n", cases[i].answer);
        assert_int_equal(found, cases[i].recited);
    }
    arena_free(arena);
}

static void a_whole_sentence_of_four_words_is_enough(void **state) {
    (void)state;
    struct arena *arena = arena_new();
    struct span told = SPAN("Carry the letters quickly. Stay dry.");
    struct recital *known = recital_read(&told, 1, arena);
    assert_true(recited(known, SPAN("Ein Satz."), SPAN("Carry the letters quickly: a sentence.")));
    assert_false(recited(known, SPAN("Ein Satz."), SPAN("Carry the letters slowly: a sentence.")));
    assert_false(recited(known, SPAN("Ein Satz."), SPAN("Stay dry.")));
    arena_free(arena);
}

static void nothing_was_told(void **state) {
    (void)state;
    struct arena *arena = arena_new();
    assert_false(recited(recital_read(NULL, 0, arena), SPAN("a"), SPAN("one two three four five six seven")));
    arena_free(arena);
}

/* Each repetition is a run of the instructions that the source has too. */
static void a_source_of_many_runs_is_read_once(void **state) {
    (void)state;
    enum { REPETITIONS = 8000 };
    struct arena *arena = arena_new();
    struct buffer text = BUFFER(1 << 20);
    for (int i = 0; i < REPETITIONS; i++) buffer_add_string(&text, "today you carry letters across the river and ");
    struct recital *known = recital(arena);
    clock_t start = clock();
    assert_false(recited(known, buffer_span(&text), buffer_span(&text)));
    buffer_add_string(&text, "las cartas a la otra orilla");
    assert_true(recited(known, span_cut(buffer_span(&text), 0, text.length / 2), buffer_span(&text)));
    assert_true((double)(clock() - start) / CLOCKS_PER_SEC < 10);
    buffer_free(&text);
    arena_free(arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(sentences_of_the_instructions_are_recognised),
                                       cmocka_unit_test(a_whole_sentence_of_four_words_is_enough),
                                       cmocka_unit_test(nothing_was_told),
                                       cmocka_unit_test(a_source_of_many_runs_is_read_once)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
