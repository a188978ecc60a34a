/* The same pairs give the same file, of no more bytes than allowed, and what little a weak language has is kept. */
#define _GNU_SOURCE
#include "unit/stages/check/small_lexicon.h"

#include "tools/lexicon/prune.h"

static void the_same_input_gives_the_same_bytes(void **state) {
    struct buffer one = small_file(), other = small_file();
    (void)state;
    assert_int_equal(one.length, other.length);
    assert_memory_equal(one.at, other.at, one.length);
    buffer_free(&one);
    buffer_free(&other);
}

/* The order of languages in the input does not matter. */
static void languages_are_in_order(void **state) {
    static const char *const codes[] = {"es", "am", "zu", "lo"};
    struct failure failure = {0};
    struct corpus *corpus = corpus_new(TEST_DATA, &failure);
    (void)state;
    for (size_t i = 0; i < 4; i++) assert_true(corpus_add(corpus, codes[i], SPAN("x"), SPAN("bridge"), 1));
    assert_string_equal(corpus->languages[0]->code, "am");
    assert_string_equal(corpus->languages[3]->code, "zu");
    assert_false(corpus_add(corpus, "much-too-long", SPAN("x"), SPAN("bridge"), 1));
    assert_false(corpus_add(corpus, "", SPAN("x"), SPAN("bridge"), 1));
    corpus_free(corpus);
}

static void pairs_without_words_are_ignored(void **state) {
    struct failure failure = {0};
    struct corpus *corpus = corpus_new(TEST_DATA, &failure);
    (void)state;
    assert_true(corpus_add(corpus, "es", SPAN("puente"), SPAN("the"), 1));
    assert_true(corpus_add(corpus, "es", SPAN("¡!"), SPAN("bridge"), 1));
    assert_int_equal(corpus->languages[0]->pair_count, 0);
    assert_true(corpus->total == 0);
    corpus_free(corpus);
}

static void add_many(struct corpus *corpus, const char *code, size_t count) {
    char source[32], english[32];
    for (size_t i = 0; i < count; i++) {
        snprintf(source, sizeof source, "%c%c%c", (int)('a' + i % 26), (int)('a' + i / 26 % 26), 'q');
        snprintf(english, sizeof english, "%c%cx", (int)('a' + i / 26 % 26), (int)('a' + i % 26));
        assert_true(corpus_add(corpus, code, span_of(source), span_of(english), 1));
    }
}

static size_t size_of_part(const struct buffer *file, size_t index) {
    struct lexicon_language language;
    memcpy(&language, file->at + sizeof(struct lexicon_head) + index * sizeof language, sizeof language);
    return language.size;
}

static struct buffer train_two(size_t budget) {
    struct failure failure = {0};
    struct corpus *corpus = corpus_new(TEST_DATA, &failure);
    struct buffer file = BUFFER(1 << 20);
    add_many(corpus, "de", 600);
    add_many(corpus, "lo", 20);
    assert_true(train_lexicon(corpus, budget, &file));
    corpus_free(corpus);
    return file;
}

static void a_small_budget_takes_from_the_large(void **state) {
    struct buffer whole = train_two(1 << 20), pruned = train_two(6000);
    (void)state;
    assert_true(pruned.length <= 6000 && pruned.length > 5500);
    assert_true(size_of_part(&pruned, 0) < size_of_part(&whole, 0));
    assert_int_equal(size_of_part(&pruned, 1), size_of_part(&whole, 1));
    buffer_free(&whole);
    buffer_free(&pruned);
}

static void a_budget_without_room_for_the_words_is_refused(void **state) {
    struct buffer file = BUFFER(1 << 20);
    struct corpus *corpus = small_corpus();
    (void)state;
    assert_false(train_lexicon(corpus, 60, &file));
    assert_int_equal(file.length, 0);
    corpus_free(corpus);
    buffer_free(&file);
}

enum { MANY_WORDS = 27000, WORDS_IN_PAIR = 100, RARE_PAIRS = 50 };

/* The words of the first pairs occur once, the others twice. */
static struct corpus *many_words(void) {
    struct failure failure = {0};
    struct corpus *corpus = corpus_new(TEST_DATA, &failure);
    for (int i = 0; i < MANY_WORDS; i += WORDS_IN_PAIR) {
        char english[WORDS_IN_PAIR * 8];
        for (int j = 0; j < WORDS_IN_PAIR; j++)
            snprintf(english + (size_t)j * 7, 8, "q%c%c%c%cx ", 'a' + (i + j) / 17576, 'a' + (i + j) / 676 % 26,
                     'a' + (i + j) / 26 % 26, 'a' + (i + j) % 26);
        assert_true(corpus_add(corpus, "de", SPAN("wort"), span_of(english), i < RARE_PAIRS * WORDS_IN_PAIR ? 1 : 2));
    }
    return corpus;
}

static void rare_words_are_left_out(void **state) {
    struct corpus *corpus = many_words();
    struct vocabulary vocabulary;
    size_t kept = 0;
    (void)state;
    vocabulary_choose(corpus, &vocabulary);
    for (size_t i = RARE_PAIRS * WORDS_IN_PAIR; i < MANY_WORDS; i++) kept += vocabulary.indexes[i] != LEXICON_WORDS;
    assert_int_equal(corpus->word_count, MANY_WORDS);
    assert_in_range(vocabulary.count, 20000, MANY_WORDS - 1);
    assert_int_equal(kept, MANY_WORDS - RARE_PAIRS * WORDS_IN_PAIR);
    vocabulary_free(&vocabulary);
    corpus_free(corpus);
}

/* The translation of the unit in the corpus, as a choice of one that was learned with this probability. */
static float value_of(double unit_weight, double word_count, float probability) {
    uint32_t starts[] = {0, 1}, word = 0;
    struct known_word known = {1, word_count};
    struct corpus corpus = {.words = &known, .word_count = 1, .total = 1e6};
    struct translations learned = {starts, &word, &probability, &unit_weight};
    struct vocabulary vocabulary;
    struct choices choices;
    vocabulary_choose(&corpus, &vocabulary);
    choices_list(&corpus, &vocabulary, 1, &learned, &choices);
    float value = choices.count > 0 ? choices.at[0].value : 0;
    free(choices.at);
    vocabulary_free(&vocabulary);
    return value;
}

static void frequent_and_probable_translations_are_worth_more(void **state) {
    (void)state;
    assert_true(value_of(10, 10, 0.5F) > value_of(5, 10, 0.5F));
    assert_true(value_of(10, 10, 0.5F) > value_of(10, 5, 0.5F));
    assert_true(value_of(10, 10, 0.5F) > value_of(10, 10, 0.25F));
    assert_true(value_of(10, 400000, 0.5F) == 0); /* tells nothing */
}

static void nobody_gets_more_than_needed(void **state) {
    static const struct choices choices[] = {{.size = 100}, {.size = 10}, {.size = 1000}};
    (void)state;
    assert_int_equal(choices_share(choices, 3, 210), 100);
    assert_int_equal(choices_share(choices, 3, 30), 10);
    assert_int_equal(choices_share(choices, 3, 110), 50);
    assert_int_equal(choices_share(choices, 3, 5000), 5000);
    assert_int_equal(choices_share(choices, 3, 0), 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_same_input_gives_the_same_bytes),
        cmocka_unit_test(languages_are_in_order),
        cmocka_unit_test(pairs_without_words_are_ignored),
        cmocka_unit_test(a_small_budget_takes_from_the_large),
        cmocka_unit_test(a_budget_without_room_for_the_words_is_refused),
        cmocka_unit_test(rare_words_are_left_out),
        cmocka_unit_test(frequent_and_probable_translations_are_worth_more),
        cmocka_unit_test(nobody_gets_more_than_needed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
