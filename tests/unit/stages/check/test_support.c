/* Words of a sentence and of its translation support each other where the lexicon knows that one translates the other.
 */
#define _GNU_SOURCE
#include "unit/failure_is.h"

#include "stages/check/support.h"
#include "unit/stages/check/small_lexicon.h"

static struct lexicon *lexicon;
static struct arena *arena;
static struct word_units *units;
static struct sounds *sounds;
static struct support *support;

static int open_lexicon(void **state) {
    struct failure failure = {0};
    struct buffer file = small_file();
    (void)state;
    arena = arena_new();
    support = memory_take(sizeof *support);
    support_init(support);
    bool good = word_units_read(TEST_DATA, arena, &units, &failure) &&
                sounds_read(TEST_DATA, arena, &sounds, &failure) && small_map(buffer_span(&file), &lexicon, &failure);
    buffer_free(&file);
    return good ? 0 : -1;
}

static int close_lexicon(void **state) {
    (void)state;
    support_free(support);
    free(support);
    lexicon_close(lexicon);
    arena_free(arena);
    return 0;
}

static void measure(const char *code, const char *source, const char *english) {
    struct support_language language = {lexicon, lexicon_find_language(lexicon, span_of(code)), units,
                                        word_units_rules(units, span_of(code)), sounds};
    support_measure(&language, span_of(source), span_of(english), support);
}

/* '+' for more than a quarter, '-' for less, '0' for known but not supported, '.' for unknown. */
static void describe(const struct supported *words, size_t count, bool source, char *ret_text) {
    for (size_t i = 0; i < count; i++, ret_text++) {
        bool known = source ? words[i].known > 0 : words[i].word != LEXICON_WORDS;
        if (words[i].steps != SUPPORT_NONE)
            *ret_text = lexicon_probability(words[i].steps) > 0.25 ? '+' : '-';
        else
            *ret_text = known ? '0' : '.';
    }
    *ret_text = '\0';
}

static void check(const char *code, const char *source, const char *english, const char *of_source,
                  const char *of_english) {
    char line[SUPPORT_TOKENS + 1];
    measure(code, source, english);
    describe(support->english, support->english_count, false, line);
    assert_string_equal(line, of_english);
    describe(support->source, support->source_count, true, line);
    assert_string_equal(line, of_source);
}

static void words_support_their_translations(void **state) {
    (void)state;
    check("es", "Alcaldesa: puerto, puente", "Mayor, harbour, bridge", "+++", "+++");
    check("es", "ALCALDESA", "the mayors", "+", "+");
    check("sr-Cyrl", "Мост", "Bridges", "+", "+");
    check("sr-Latn", "most", "A bridge", "+", "+");
}

static void another_sentence_has_no_support(void **state) {
    (void)state;
    check("es", "Puente", "The harbour", "0", "0");
    check("es", "Alcaldesa, puente", "Railway", "00", ".");
    check("es", "Ferrocarril, puente", "A bridge", ".+", "+");
    check("zh", "港口", "bridge", "00", "0");
}

static void what_is_missing_on_one_side_is_seen_there(void **state) {
    (void)state;
    check("es", "Alcaldesa, puerto", "The mayor", "+0", "+");
    check("es", "Puerto", "The mayor, the harbour", "+", "0+");
}

static void sequences_support_all_their_letters(void **state) {
    (void)state;
    check("zh", "港口", "harbour", "++", "+");
    check("zh", "大学", "university", "++", "+");
    check("zh", "学", "university", "0", "0");
}

static void equal_numbers_support_each_other(void **state) {
    (void)state;
    check("es", "25 puertos", "25 harbours", "++", "++");
    check("es", "25 puertos", "52 harbours", ".+", ".+");
    check("es", "3 puertos", "3 harbours", "-+", "-+");
    check("zh", "港口25", "25 harbours", "+++", "++");
    assert_int_equal(support->english[0].token.kind, WORD_TOKEN_NUMBER);
}

/* Loans and names that both texts spell alike, up to their endings. */
static void equal_spellings_support_each_other(void **state) {
    (void)state;
    check("es", "protestas", "protest", "+", "+");
    check("es", "administrativos", "administration", "+", "+");
    check("es", "Internet", "The internet", "+", "+");
    check("es", "gas", "gas", "+", "+");
    check("es", "parlamento", "parliament", ".", ".");
    check("es", "sol", "solution", ".", ".");
    check("es", "ir", "ir", ".", ".");
    check("es", "Kowalczyk", "Kowalczyk", "+", "+");
    check("es", "Kowalczyka", "Nowakowski", ".", ".");
    measure("es", "Kowalczyk", "Kowalczyk");
    assert_true(support->source[0].known >= 1);
}

/* ---------------------------------------------------------------- names */

static unsigned alike(const char *code, const char *source, const char *english, size_t index) {
    measure(code, source, english);
    assert_true(index < support->english_count);
    return support->english[index].alike;
}

static void names_support_what_sounds_like_them(void **state) {
    (void)state;
    assert_int_equal(alike("sr", "Нови мост: Карасин", "A bridge: Karasin", 1), 4);
    assert_int_equal(support->source[2].alike, 4);
    assert_int_equal(support->source[0].alike, 0);
    assert_int_equal(alike("sr", "Нови мост: Тихонова", "A bridge: Karasin", 1), 0);
    assert_int_equal(alike("zh", "新カラシン橋", "The Karasin bridge", 0), 4);
    assert_int_equal(support->source[1].alike, 4);
    assert_int_equal(support->source[4].alike, 4);
    assert_int_equal(alike("zh", "새 카라신 다리", "The Karasin bridge", 0), 4);
}

/* The first word of the English has a capital like any other first word. */
static void only_capitals_inside_the_text_are_names(void **state) {
    (void)state;
    assert_int_equal(alike("sr", "Карасин", "Karasin", 0), 0);
    assert_int_equal(alike("sr", "Карасин", "karasin", 0), 0);
    assert_int_equal(alike("sr", "Карасин", "A karasin", 0), 0);
    assert_int_equal(alike("sr", "Карасин", "A Karasin", 0), 4);
    measure("es", "", "The Bridge");
    assert_true(support->english[0].capital);
    measure("es", "", "Bridge, bridge");
    assert_false(support->english[0].capital || support->english[1].capital);
}

static void both_apostrophes_join_the_letters_around_them(void **state) {
    (void)state;
    measure("es", "", "the mayor’s Harbour");
    assert_int_equal(support->english_count, 2);
    assert_true(support->english[1].capital);
    measure("es", "", "the mayor's Harbour");
    assert_int_equal(support->english_count, 2);
    assert_true(support->english[1].capital);
    measure("es", "puente", "the bridges' ends");
    assert_int_equal(support->english[0].token.length, strlen("bridges"));
}

/* ---------------------------------------------------------------- quotations */

static void check_quote(const struct supported *words, size_t from, size_t to, const char *original,
                        const char *wanted) {
    struct span quote = support_quote(words, from, to, span_of(original));
    if (!span_is(quote, wanted)) fail_msg("'%.*s', not '%s'", SPAN_ARGS(quote), wanted);
}

static void parts_are_quoted_as_they_are_written(void **state) {
    (void)state;
    const char *source = "«La ALCALDESA, abre; Óscar» 25 puertos.", *english = "The Mayor (25) opens the OLD harbours.";
    measure("es", source, english);
    assert_int_equal(support->source_count, 6);
    check_quote(support->source, 0, 6, source, "La ALCALDESA, abre; Óscar» 25 puertos");
    check_quote(support->source, 0, 1, source, "La");
    check_quote(support->source, 5, 6, source, "puertos");
    check_quote(support->source, 1, 4, source, "ALCALDESA, abre; Óscar");
    check_quote(support->english, 0, support->english_count, english, "The Mayor (25) opens the OLD harbours");
    check_quote(support->english, support->english_count - 2, support->english_count, english, "the OLD harbours");
    measure("zh", "新桥、旧桥。", "");
    check_quote(support->source, 1, 3, "新桥、旧桥。", "桥、旧");
}

static void what_cannot_be_found_is_not_quoted(void **state) {
    (void)state;
    measure("es", "El puente viejo", "The old bridge");
    check_quote(support->source, 0, 0, "El puente viejo", "");
    check_quote(support->source, 3, 3, "El puente viejo", "");
    check_quote(support->source, 2, 1, "El puente viejo", "");
    check_quote(support->source, 0, 3, "El puente", "");
    check_quote(support->source, 0, 3, "", "");
}

/* The last of the words that are looked at. */
static void the_end_of_a_long_text_is_quoted(void **state) {
    (void)state;
    struct buffer text = BUFFER(1 << 20);
    char source[RARE_WORD], english[RARE_WORD];
    for (int i = 0; i < SUPPORT_TOKENS + 50; i++) {
        rare_words(i, source, english);
        buffer_print(&text, "%s ", source);
    }
    buffer_add(&text, "", 1);
    measure("es", text.at, text.at);
    rare_words(SUPPORT_TOKENS - 1, source, english);
    check_quote(support->source, SUPPORT_TOKENS - 1, SUPPORT_TOKENS, text.at, source);
    buffer_free(&text);
}

static void nothing_has_no_support(void **state) {
    (void)state;
    check("es", "", "", "", "");
    check("es", "¡!", "the", "", "");
}

/* A hostile text costs no more than its first SUPPORT_TOKENS words. */
static void long_texts_are_cut(void **state) {
    struct buffer text = BUFFER(4 << 20);
    (void)state;
    for (size_t i = 0; i < 300000; i++) buffer_add_string(&text, "puente ");
    measure("es", text.at, text.at);
    assert_int_equal(support->source_count, SUPPORT_TOKENS);
    assert_int_equal(support->english_count, SUPPORT_TOKENS);
    buffer_free(&text);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_support_their_translations),
        cmocka_unit_test(both_apostrophes_join_the_letters_around_them),
        cmocka_unit_test(another_sentence_has_no_support),
        cmocka_unit_test(what_is_missing_on_one_side_is_seen_there),
        cmocka_unit_test(sequences_support_all_their_letters),
        cmocka_unit_test(equal_numbers_support_each_other),
        cmocka_unit_test(equal_spellings_support_each_other),
        cmocka_unit_test(names_support_what_sounds_like_them),
        cmocka_unit_test(only_capitals_inside_the_text_are_names),
        cmocka_unit_test(parts_are_quoted_as_they_are_written),
        cmocka_unit_test(what_cannot_be_found_is_not_quoted),
        cmocka_unit_test(the_end_of_a_long_text_is_quoted),
        cmocka_unit_test(nothing_has_no_support),
        cmocka_unit_test(long_texts_are_cut),
    };
    return cmocka_run_group_tests(tests, open_lexicon, close_lexicon);
}
