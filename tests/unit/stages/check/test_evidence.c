/* What is observed about a pair: the codes of its words, its lengths, sentences and ends. */
#include "unit/cmocka_test.h"

#include "stages/check/evidence.h"
#include "unit/stages/check/checker_fixture.h"

enum {
    FIRST_CAPITAL = 16,
    FIRST_NEVER = 32,
    FIRST_LETTER = 8,
    ENGLISH_NUMBER = 36,
    SOURCE_NUMBER = 7,
    FIRST_SOUND = 10
};
static struct meaning_evidence evidence;

static void observe(const char *language, const char *source, const char *english) {
    struct article *article = article_new();
    struct segment *segment = add_segment(article, span_of(source), span_of(english));
    checker_evidence(checker, segment, &(struct checker_question){.language = language}, &evidence);
    article_free(article);
}

static unsigned class_of(const uint16_t *codes, size_t i) {
    return codes[i] / EVIDENCE_BANDS;
}

static unsigned band_of(const uint16_t *codes, size_t i) {
    return codes[i] % EVIDENCE_BANDS;
}

/* ---------------------------------------------------------------- words */

static void translations_are_in_higher_bands(void **state) {
    (void)state;
    observe("es", "La ministra visitó la fábrica.", "The minister visited the factory.");
    assert_true(evidence.has_words);
    assert_int_equal(evidence.english_count, 3);
    assert_int_equal(evidence.source_count, 5);
    for (size_t i = 0; i < evidence.english_count; i++) assert_true(band_of(evidence.english, i) > 0);
    assert_true(band_of(evidence.source, 1) > 0 && band_of(evidence.source, 4) > 0);
    observe("es", "La ministra visitó la fábrica.", "Wolves ate sheep.");
    for (size_t i = 0; i < evidence.english_count; i++) assert_int_equal(band_of(evidence.english, i), 0);
    for (size_t i = 0; i < evidence.source_count; i++) assert_int_equal(band_of(evidence.source, i), 0);
}

static void classes_tell_words_letters_and_capitals_apart(void **state) {
    (void)state;
    observe("ru", "Учёные нашли пещеру в Карасине.", "Scientists found a cave in Karasin.");
    assert_true(class_of(evidence.english, 0) < FIRST_CAPITAL);
    assert_true(class_of(evidence.english, 3) >= FIRST_CAPITAL && class_of(evidence.english, 3) < FIRST_NEVER);
    for (size_t i = 0; i < evidence.source_count; i++) assert_true(class_of(evidence.source, i) < FIRST_LETTER);
    observe("zh", "科学家发现了山洞", "Scientists found a cave");
    for (size_t i = 0; i < evidence.source_count; i++)
        assert_true(class_of(evidence.source, i) >= FIRST_LETTER && class_of(evidence.source, i) < FIRST_LETTER + 7);
    observe("ru", "Вздрлпа кщшцу", "Zxqvb wkrtzp");
    for (size_t i = 0; i < evidence.source_count; i++) assert_int_equal(class_of(evidence.source, i), 0);
    for (size_t i = 0; i < evidence.english_count; i++) assert_int_equal(class_of(evidence.english, i), 0);
}

static void names_are_in_the_bands_of_sounds(void **state) {
    (void)state;
    observe("ru", "Приехал Барзулин.", "There came Barzulin.");
    assert_int_equal(band_of(evidence.english, evidence.english_count - 1), FIRST_SOUND + 3);
    assert_int_equal(band_of(evidence.source, 1), FIRST_SOUND + 3);
    observe("ko", "바르줄린 왔다.", "There came Barzulin.");
    assert_int_equal(band_of(evidence.english, evidence.english_count - 1), FIRST_SOUND + 3);
}

/* The check of numbers judges them by their values. */
static void numbers_count_only_if_both_texts_have_them(void **state) {
    (void)state;
    observe("es", "La alcaldesa visitó 17 fábricas.", "The mayor visited 17 factories.");
    assert_int_equal(evidence.english_count, 4);
    assert_int_equal(class_of(evidence.english, 2), ENGLISH_NUMBER);
    assert_int_equal(class_of(evidence.source, 3), SOURCE_NUMBER);
    assert_true(band_of(evidence.english, 2) > 0);
    observe("es", "La alcaldesa visitó 17 fábricas.", "The mayor visited 71 factories.");
    assert_int_equal(evidence.english_count, 3);
    assert_int_equal(evidence.source_count, 4);
    observe("es", "17 18 19", "20 21 22");
    assert_false(evidence.has_words);
}

static void without_words_there_is_only_the_length(void **state) {
    (void)state;
    static const char *const pairs[][3] = {{"xx", "La alcaldesa visitó la fábrica.", "The mayor visited the factory."},
                                           {"", "La alcaldesa visitó la fábrica.", "The mayor visited the factory."},
                                           {"es", "", "The mayor visited the factory."},
                                           {"es", "La alcaldesa visitó la fábrica.", ""},
                                           {"es", "¡...!", "The mayor visited the factory."},
                                           {"es", "La alcaldesa visitó la fábrica.", "The of and it."}};
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        observe(pairs[i][0], pairs[i][1], pairs[i][2]);
        if (evidence.has_words) fail_msg("pair %zu", i);
    }
    observe("es-419", "La alcaldesa visitó la fábrica.", "The mayor visited the factory.");
    assert_true(evidence.has_words);
}

/* ---------------------------------------------------------------- the text as a whole */

static void lengths_are_compared_with_the_expected_one(void **state) {
    (void)state;
    const char *source = "La alcaldesa visitó ayer la fábrica de zapatos del pueblo.";
    observe("es", source, "The mayor visited the village's shoe factory yesterday.");
    assert_true(evidence.length > -0.3 && evidence.length < 0.3);
    assert_true(evidence.deviation > -2 && evidence.deviation < 2);
    assert_true(evidence.expected > 40 && evidence.expected < 70);
    observe("es", source, "The mayor.");
    assert_true(evidence.length < -0.7 && evidence.deviation < -2);
    observe("es", source,
            "The mayor visited the village's shoe factory yesterday, and she praised the workers for all of it.");
    assert_true(evidence.length > 0.4 && evidence.deviation > 1);
}

static void expect_sentences(const char *language, const char *source, const char *english, int more) {
    observe(language, source, english);
    if (evidence.sentences != more) fail_msg("%s: %d, not %d", english, evidence.sentences, more);
}

static void sentences_are_counted(void **state) {
    (void)state;
    expect_sentences("es", "La alcaldesa vino. Habló mucho.", "The mayor came. She spoke a lot.", 0);
    expect_sentences("es", "La alcaldesa vino. Habló mucho.", "The mayor came.", -1);
    expect_sentences("es", "La alcaldesa vino.", "The mayor came. She spoke. She left.", 2);
    expect_sentences("es", "La alcaldesa vino. Habló mucho.", "The mayor came; she spoke a lot.", 0);
    expect_sentences("es", "La alcaldesa vino; habló mucho.", "The mayor came. She spoke a lot.", 0);
    expect_sentences("es", "La alcaldesa vino; habló mucho.", "The mayor came. She spoke a lot. She left.", 1);
    expect_sentences("zh", "市长来了，她讲了很多话。", "The mayor came. She spoke a lot.", 0);
    expect_sentences("hi", "मेयर आईं। उन्होंने बात की।", "The mayor came.", -1);
    expect_sentences("", "", "", 0);
}

static void expect_end(const char *source, const char *english, bool cut, bool open) {
    observe("es", source, english);
    if (evidence.cut != cut || evidence.open != open) fail_msg("%s: %d %d", english, evidence.cut, evidence.open);
}

static void the_ends_are_compared(void **state) {
    (void)state;
    expect_end("La alcaldesa vino a la fábrica.", "The mayor came to the factory.", false, false);
    expect_end("La alcaldesa vino a la fábrica.", "The mayor came to the factory", true, false);
    expect_end("La alcaldesa vino a la fábrica.", "The mayor came to the", true, true);
    expect_end("La alcaldesa vino a la fábrica.", "The mayor came,", true, true);
    expect_end("La alcaldesa vino a la fábrica", "The mayor came to the factory", false, false);
    expect_end("La alcaldesa vino a la fábrica", "The mayor came to the factory.", false, false);
    expect_end("La alcaldesa dijo:", "The mayor said:", false, false);
    expect_end("La alcaldesa dijo.", "The mayor said:", false, false);
    expect_end("La alcaldesa dijo:", "The mayor said", true, false);
    expect_end("«La alcaldesa vino».", "\"The mayor came.\"", false, false);
    expect_end("", "", false, false);
}

static void expect_marks(const char *language, const char *source, const char *english, const unsigned *of_source,
                         const unsigned *of_english) {
    observe(language, source, english);
    for (size_t i = 0; i < EVIDENCE_MARKS; i++)
        if (evidence.source_marks[i] != of_source[i] || evidence.english_marks[i] != of_english[i])
            fail_msg("%s: mark %zu: %u and %u", english, i, evidence.source_marks[i], evidence.english_marks[i]);
}

/* In the order of enum evidence_mark: quotation marks, numbers, questions, colons. */
static void marks_are_counted_up_to_a_limit(void **state) {
    (void)state;
    expect_marks("es", "«La alcaldesa vino a las 17:30», dijo.", "\"The mayor came at 5.30,\" he said.",
                 (unsigned[]){2, 2, 0, 1}, (unsigned[]){2, 2, 0, 0});
    expect_marks("ar", "هل جاءت العمدة عام ٢٠٢٤؟", "Did the mayor come in 2024? Did she?", (unsigned[]){0, 1, 1, 0},
                 (unsigned[]){0, 1, 1, 0});
    expect_marks("ja", "市長は「来た」と言った。", "The mayor said: \"I came\".", (unsigned[]){2, 0, 0, 0},
                 (unsigned[]){2, 0, 0, 1});
    expect_marks("el", "Ήρθε η δήμαρχος;", "Did the mayor come?", (unsigned[]){0, 0, 1, 0}, (unsigned[]){0, 0, 1, 0});
    expect_marks("es", "1 2 3 4 5 6", "1 2 3 4 5 6 7 8", (unsigned[]){0, 4, 0, 0}, (unsigned[]){0, 4, 0, 0});
    expect_marks("es", "", "", (unsigned[]){0, 0, 0, 0}, (unsigned[]){0, 0, 0, 0});
}

/* A common word has a support in many a wrong sentence. */
static void common_and_rare_words_are_of_different_classes(void **state) {
    (void)state;
    observe("es", "El gobierno lamentó el terremoto.", "The government regretted the earthquake.");
    assert_int_equal(evidence.english_count, 3);
    assert_int_equal((class_of(evidence.english, 0) - 1) % 3, 0);
    assert_int_equal((class_of(evidence.english, 2) - 1) % 3, 2);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(marks_are_counted_up_to_a_limit),
        cmocka_unit_test(common_and_rare_words_are_of_different_classes),
        cmocka_unit_test(translations_are_in_higher_bands),
        cmocka_unit_test(classes_tell_words_letters_and_capitals_apart),
        cmocka_unit_test(names_are_in_the_bands_of_sounds),
        cmocka_unit_test(numbers_count_only_if_both_texts_have_them),
        cmocka_unit_test(without_words_there_is_only_the_length),
        cmocka_unit_test(lengths_are_compared_with_the_expected_one),
        cmocka_unit_test(sentences_are_counted),
        cmocka_unit_test(the_ends_are_compared),
    };
    return cmocka_run_group_tests(tests, open_checker, close_checker);
}
