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
        cmocka_unit_test(nobody_gets_more_than_needed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
