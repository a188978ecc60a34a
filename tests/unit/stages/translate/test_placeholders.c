#include "unit/cmocka_test.h"

#include "stages/translate/placeholders.h"

#define LITERAL(text)                                                                                                  \
    { text, sizeof(text) - 1 }

static const struct term terms[] = {{LITERAL("es"), LITERAL("ayuntamiento"), LITERAL("city council")},
                                    {LITERAL("es"), LITERAL("Farolito"), LITERAL("Farolito")}};
static const struct term_match matches[] = {{3, 12, &terms[0]}, {24, 8, &terms[1]}};

static void terms_come_back_in_their_places(void **state) {
    (void)state;
    struct arena *arena = arena_new();
    struct span source = SPAN("El ayuntamiento avisa a Farolito."), target;
    assert_span(placeholders_put(source, matches, 2, arena), "El ZQAX avisa a ZQBX.");
    assert_true(placeholders_take(SPAN("ZQBX was told by the Zqax's office."), matches, 2, arena, &target));
    assert_span(target, "Farolito was told by the city council's office.");
    assert_true(placeholders_take(SPAN("ZQAX tells ZQBX."), matches, 2, arena, &target));
    assert_span(target, "City council tells Farolito.");
    arena_free(arena);
}

static void a_lost_or_duplicated_placeholder_is_noticed(void **state) {
    (void)state;
    struct arena *arena = arena_new();
    struct span target = SPAN("untouched");
    assert_false(placeholders_take(SPAN("The ZQAX tells."), matches, 2, arena, &target));
    assert_false(placeholders_take(SPAN("ZQAX, ZQAX and ZQBX"), matches, 2, arena, &target));
    assert_span(target, "untouched");
    arena_free(arena);
}

static void a_text_with_a_similar_word_gets_none(void **state) {
    (void)state;
    struct arena *arena = arena_new();
    struct span taken = SPAN("El ayuntamiento ZQAX"), source = SPAN("El ayuntamiento");
    assert_true(placeholders_put(taken, matches, 1, arena).at == taken.at);
    assert_true(placeholders_put(source, matches, 0, arena).at == source.at);
    arena_free(arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(terms_come_back_in_their_places),
                                       cmocka_unit_test(a_lost_or_duplicated_placeholder_is_noticed),
                                       cmocka_unit_test(a_text_with_a_similar_word_gets_none)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
