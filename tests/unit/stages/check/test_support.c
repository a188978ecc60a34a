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
    *support = SUPPORT;
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
        cmocka_unit_test(another_sentence_has_no_support),
        cmocka_unit_test(what_is_missing_on_one_side_is_seen_there),
        cmocka_unit_test(sequences_support_all_their_letters),
        cmocka_unit_test(equal_numbers_support_each_other),
        cmocka_unit_test(nothing_has_no_support),
        cmocka_unit_test(long_texts_are_cut),
    };
    return cmocka_run_group_tests(tests, open_lexicon, close_lexicon);
}
