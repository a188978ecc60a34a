/* The table of opposites: what English words say, and which words of other languages say the same. */
#include "unit/cmocka_test.h"

#include "stages/check/opposites.h"

static struct arena *arena;
static struct word_tables *word_tables;
static struct opposites *opposites;

static int open_tables(void **state) {
    (void)state;
    struct failure failure = {0};
    arena = arena_new();
    if (!word_tables_open(TEST_DATA, &word_tables, &failure)) return -1;
    return opposites_read(TEST_DATA, word_tables, arena, &opposites, &failure) ? 0 : -1;
}

static int close_tables(void **state) {
    (void)state;
    word_tables_close(word_tables);
    arena_free(arena);
    return 0;
}

/* Returns the number of the pair of which this English word is surely the first side. */
static unsigned pair_of(const char *word) {
    const struct opposite_marks *marks = opposites_of_english(opposites, span_of(word));
    assert_non_null(marks);
    assert_true(marks->sure[0]);
    return (unsigned)__builtin_ctzll(marks->sure[0]);
}

/* Asserts which word of a text means a side of the pair ("" if none does). */
static void assert_found(const char *language, const char *text, unsigned pair, int side, bool sure,
                         const char *expected) {
    unsigned number = word_tables_language(word_tables, span_of(language));
    struct reading reading = reading_make(word_tables, number, span_of(text));
    assert_true(opposites_have(opposites, number, pair));
    struct span found = opposites_find(opposites, word_tables, &reading, span_of(text), pair, side, sure);
    if (!span_is(found, expected)) fail_msg("%s: found '%.*s', not '%s'", text, SPAN_ARGS(found), expected);
    reading_free(&reading);
}

static void english_words_have_sides(void **state) {
    (void)state;
    const struct opposite_marks *rose = opposites_of_english(opposites, SPAN("rose"));
    const struct opposite_marks *fell = opposites_of_english(opposites, SPAN("fell"));
    const struct opposite_marks *up = opposites_of_english(opposites, SPAN("up"));
    assert_true(rose->sure[0] & fell->sure[1]);
    assert_false(rose->any[1]);
    /* "up" goes with many things, so it proves nothing */
    assert_true(up->any[0] & rose->sure[0]);
    assert_false(up->sure[0] | up->sure[1]);
    assert_null(opposites_of_english(opposites, SPAN("bridge")));
}

static void words_of_other_languages_are_found(void **state) {
    (void)state;
    unsigned rose = pair_of("rose"), won = pair_of("won"), after = pair_of("after"), more = pair_of("more");
    assert_found("es", "Los precios subieron ayer", rose, 0, true, "subieron");
    assert_found("es", "Los precios subieron ayer", rose, 1, false, "");
    assert_found("ga", "T\u00e1 n\u00edos m\u00f3 ann", more, 0, true, "n\u00edos m\u00f3");
    assert_found("ga", "T\u00e1 n\u00edos fearr ann", more, 0, true, "");
    assert_found("hr", "Cijene su pale", rose, 1, true, "su pale");
    assert_found("hr", "Grad Pale", rose, 1, true, "");
    assert_found("sw", "Timu ilishinda mechi", won, 0, true, "ilishinda");
    assert_found("ar", "\u0648\u0628\u0639\u062f\u0645\u0627 \u0648\u0635\u0644", after, 0, true,
                 "\u0648\u0628\u0639\u062f\u0645\u0627");
    assert_found("zh-Hans", "\u96e8\u5b63\u4e4b\u540e\u5f00\u653e", after, 0, true, "\u4e4b\u540e");
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(english_words_have_sides),
                                       cmocka_unit_test(words_of_other_languages_are_found)};
    return cmocka_run_group_tests(tests, open_tables, close_tables);
}
