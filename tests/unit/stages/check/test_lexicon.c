/* The lexicon finds what it was taught, and a damaged file is refused or does no harm. */
#define _GNU_SOURCE
#include "unit/failure_is.h"

#include "unit/stages/check/small_lexicon.h"

static struct buffer file;
static struct lexicon *lexicon;
static struct arena *arena;
static struct word_units *units;

static int open_lexicon(void **state) {
    struct failure failure = {0};
    (void)state;
    arena = arena_new();
    file = small_file();
    return word_units_read(TEST_DATA, arena, &units, &failure) && small_map(buffer_span(&file), &lexicon, &failure)
               ? 0
               : -1;
}

static int close_lexicon(void **state) {
    (void)state;
    lexicon_close(lexicon);
    buffer_free(&file);
    arena_free(arena);
    return 0;
}

static uint16_t english(const char *word) {
    uint32_t unit;
    assert_true(word_units_english(units, span_of(word), &unit));
    return lexicon_find_word(lexicon, unit);
}

static size_t list_units(const char *code, const char *word, struct unit ret_list[WORD_UNITS_MAX]) {
    const struct unit_rules *rules = word_units_rules(units, span_of(code));
    struct buffer spelled = BUFFER(256);
    struct word_token token;
    assert_true(word_units_spell(rules, span_of(word), &spelled));
    assert_int_equal(word_units_tokens(buffer_span(&spelled), 1, &token), 1);
    size_t count = word_units_of(rules, buffer_span(&spelled), &token, 1, 0, ret_list);
    buffer_free(&spelled);
    return count;
}

/* The translations of the word as a whole, which is its first unit. */
static size_t find(const struct lexicon *in, const char *code, const char *word, struct translation *ret_found) {
    const struct lexicon_part *part = lexicon_find_language(in, span_of(code));
    struct unit list[WORD_UNITS_MAX];
    list_units(code, word, list);
    return part ? lexicon_find(part, list[0].hash, ret_found) : 0;
}

/* How many translations all units of the word have. */
static size_t count_all(const struct lexicon *in, const char *code, const char *word) {
    struct translation found[LEXICON_TRANSLATIONS];
    struct unit list[WORD_UNITS_MAX];
    size_t units_count = list_units(code, word, list), count = 0;
    for (size_t i = 0; i < units_count; i++)
        count += lexicon_find(lexicon_find_language(in, span_of(code)), list[i].hash, found);
    return count;
}

static void the_most_probable_translation_is_first(void **state) {
    struct translation found[LEXICON_TRANSLATIONS];
    (void)state;
    assert_true(find(lexicon, "es", "puente", found) > 0);
    assert_int_equal(found[0].word, english("bridge"));
    assert_true(lexicon_probability(found[0].steps) > 0.25);
    assert_true(find(lexicon, "es", "alcaldesa", found) > 0);
    assert_int_equal(found[0].word, english("mayor"));
}

static void a_regional_code_finds_its_language(void **state) {
    struct translation found[LEXICON_TRANSLATIONS];
    (void)state;
    assert_true(find(lexicon, "es-419", "puente", found) > 0);
    assert_true(find(lexicon, "sr-Latn", "most", found) > 0);
    assert_int_equal(found[0].word, english("bridge"));
    assert_true(find(lexicon, "sr-Cyrl", "мост", found) > 0);
    assert_null(lexicon_find_language(lexicon, SPAN("fi")));
    assert_null(lexicon_find_language(lexicon, SPAN("")));
    assert_null(lexicon_find_language(lexicon, SPAN("e")));
    assert_null(lexicon_find_language(lexicon, SPAN("es but far too long")));
}

/* They fill many buckets. Two units with the same fingerprint in a bucket are rare. */
static void every_unit_is_found_in_its_bucket(void **state) {
    struct translation found[LEXICON_TRANSLATIONS];
    char source[RARE_WORD], word[RARE_WORD];
    size_t right = 0;
    (void)state;
    for (int i = 0; i < RARE_WORDS; i++) {
        rare_words(i, source, word);
        right += find(lexicon, "eo", source, found) > 0 && found[0].word == english(word);
    }
    assert_in_range(right, RARE_WORDS - 4, RARE_WORDS);
}

static void unknown_units_have_no_translation(void **state) {
    struct translation found[LEXICON_TRANSLATIONS];
    (void)state;
    assert_int_equal(find(lexicon, "es", "ferrocarril", found), 0);
    assert_int_equal(find(lexicon, "sr", "puente", found), 0);
}

static void words_have_a_rarity(void **state) {
    (void)state;
    assert_int_equal(english("railway"), LEXICON_WORDS);
    assert_int_equal(lexicon_rarity(lexicon, LEXICON_WORDS), LEXICON_RAREST);
    assert_true(lexicon_rarity(lexicon, english("bridge")) < lexicon_rarity(lexicon, english("open")));
}

static unsigned coverage(const char *code, const char *word) {
    return lexicon_coverage(lexicon_find_language(lexicon, span_of(code)), english(word));
}

/* Every language has words of its own: "university" occurs in Chinese only, "mayor" in Spanish only. */
static void words_have_a_coverage_by_language(void **state) {
    (void)state;
    assert_int_equal(coverage("es", "harbour"), 4);
    assert_int_equal(coverage("es", "mayor"), 4);
    assert_int_equal(coverage("zh", "mayor"), 0);
    assert_int_equal(coverage("zh", "university"), 3);
    assert_int_equal(coverage("es", "university"), 0);
    assert_int_equal(coverage("es", "railway"), 0);
    assert_int_equal(lexicon_coverage(lexicon_find_language(lexicon, SPAN("es")), LEXICON_WORDS), 0);
}

static void probabilities_are_powers_of_two(void **state) {
    (void)state;
    assert_true(lexicon_probability(0) == 1);
    assert_true(lexicon_probability(LEXICON_STEPS) == 0.5);
    assert_true(lexicon_probability(3 * LEXICON_STEPS) == 0.125);
}

/* ---------------------------------------------------------------- damage */

static void check_coverage(const struct lexicon_part *part) {
    for (uint32_t word = 0; word <= LEXICON_WORDS; word += word < 64 ? 1 : 499)
        assert_true(lexicon_coverage(part, (uint16_t)word) < LEXICON_COVERAGES);
}

static bool opens(struct span bytes, struct failure *ret_failure) {
    static const char *const words[] = {"puente", "puerto", "nuevo", "alcaldesa", "viejo", "abierto"};
    struct lexicon *other;
    struct translation found[LEXICON_TRANSLATIONS];
    if (!small_map(bytes, &other, ret_failure)) return false;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        size_t count = find(other, "es", words[i], found);
        assert_true(count <= LEXICON_TRANSLATIONS);
        for (size_t j = 0; j < count; j++) lexicon_rarity(other, found[j].word);
        if (count > 0) check_coverage(lexicon_find_language(other, SPAN("es")));
    }
    lexicon_close(other);
    return true;
}

static void every_truncation_is_refused(void **state) {
    struct failure failure = {0};
    (void)state;
    assert_true(opens(buffer_span(&file), &failure));
    for (size_t length = 0; length < file.length; length++)
        if (opens(span_cut(buffer_span(&file), 0, length), &failure)) fail_msg("%zu bytes are accepted", length);
    assert_failure(&failure, REACH_RUN, REMEDY_NONE, CAUSE_MACHINE, EXIT_CONFIG, "the lexicon");
}

static void bytes_after_the_end_are_refused(void **state) {
    struct failure failure = {0};
    struct buffer longer = BUFFER(1 << 20);
    (void)state;
    buffer_add_span(&longer, buffer_span(&file));
    buffer_add(&longer, "\0\0\0", 4);
    assert_false(opens(buffer_span(&longer), &failure));
    buffer_free(&longer);
}

/* The head, the languages and the words are checked; what is wrong in an entry does no harm. */
static void changed_bytes_do_no_harm(void **state) {
    static const unsigned char masks[] = {0x01, 0x80, 0xFF};
    struct failure failure = {0};
    (void)state;
    for (size_t at = 0; at < file.length; at += at < 600 ? 1 : 7)
        for (size_t i = 0; i < sizeof masks; i++) {
            file.at[at] = (char)(file.at[at] ^ masks[i]);
            bool accepted = opens(buffer_span(&file), &failure);
            file.at[at] = (char)(file.at[at] ^ masks[i]);
            if (accepted && at < sizeof(struct lexicon_head)) fail_msg("byte %zu of the head is not checked", at);
        }
}

/* No number may follow the highest one. */
static void words_out_of_order_are_refused(void **state) {
    struct lexicon_head head;
    struct failure failure = {0};
    (void)state;
    memcpy(&head, file.at, sizeof head);
    for (size_t word = 0; word + 1 < head.words; word += head.words / 3) {
        char *at = file.at + sizeof head + head.languages * sizeof(struct lexicon_language) + word * sizeof(uint32_t);
        uint32_t kept, highest = UINT32_MAX;
        memcpy(&kept, at, sizeof kept);
        memcpy(at, &highest, sizeof highest);
        bool accepted = opens(buffer_span(&file), &failure);
        memcpy(at, &kept, sizeof kept);
        if (accepted) fail_msg("word %zu is not checked", word);
    }
}

/* Spanish has one word: three units of one translation each, in a bucket of 12 bytes at the end of the file. */
static struct buffer one_word_file(void) {
    struct failure failure = {0};
    struct corpus *corpus = corpus_new(TEST_DATA, &failure);
    struct buffer bytes = BUFFER(1 << 20);
    add_rare_words(corpus);
    assert_true(corpus_add(corpus, "es", SPAN("puente"), SPAN("bridge"), 1));
    assert_true(train_lexicon(corpus, 1 << 20, &bytes));
    corpus_free(corpus);
    return bytes;
}

static size_t count_bridges(const struct buffer *bytes) {
    struct failure failure = {0};
    struct lexicon *other;
    assert_true(small_map(buffer_span(bytes), &other, &failure));
    size_t count = count_all(other, "es", "puente");
    lexicon_close(other);
    return count;
}

static void an_entry_beyond_its_bucket_gives_nothing(void **state) {
    struct buffer bytes = one_word_file();
    (void)state;
    assert_int_equal(count_bridges(&bytes), 3);
    bytes.at[bytes.length - 1] &= ~0x08; /* there is no translation after the last */
    assert_int_equal(count_bridges(&bytes), 2);
    buffer_free(&bytes);
}

static void a_word_that_does_not_exist_gives_nothing(void **state) {
    struct buffer bytes = one_word_file();
    (void)state;
    for (size_t entry = 0; entry < 3; entry++) {
        bytes.at[bytes.length - 1 - 4 * entry] |= 0x07; /* the upper bits of the word */
        assert_int_equal(count_bridges(&bytes), 2 - entry);
    }
    buffer_free(&bytes);
}

/* Word number n of the corpus below: "qxao" for the first. The words of English that translate it follow each other. */
enum { MANY_WORDS = 64 };
static void write_word(int n, char ret_word[RARE_WORD]) {
    snprintf(ret_word, RARE_WORD, "qx%c%co", 'a' + n % 26, 'a' + n / 26);
}

static struct buffer file_with_many_translations(void) {
    char source[RARE_WORD], word[RARE_WORD], unused[RARE_WORD];
    struct failure failure = {0};
    struct corpus *corpus = corpus_new(TEST_DATA, &failure);
    struct buffer bytes = BUFFER(1 << 20);
    add_rare_words(corpus);
    for (int n = 0; n < MANY_WORDS * LEXICON_TRANSLATIONS; n++) {
        write_word(n / LEXICON_TRANSLATIONS, source);
        rare_words(n, unused, word);
        bool wanted = n % LEXICON_TRANSLATIONS <= n / LEXICON_TRANSLATIONS % LEXICON_TRANSLATIONS;
        if (wanted) assert_true(corpus_add(corpus, "es", span_of(source), span_of(word), 1));
    }
    assert_true(train_lexicon(corpus, 1 << 20, &bytes));
    corpus_free(corpus);
    return bytes;
}

/* Returns whether all translations of word number n are its own, and as many as it was taught. */
static bool has_its_translations(const struct lexicon *in, int n) {
    struct translation found[LEXICON_TRANSLATIONS];
    char source[RARE_WORD], word[RARE_WORD], unused[RARE_WORD];
    uint32_t unit;
    write_word(n, source);
    size_t count = find(in, "es", source, found), own = 0;
    for (int i = 0; i <= n % LEXICON_TRANSLATIONS; i++) {
        rare_words(n * LEXICON_TRANSLATIONS + i, unused, word);
        assert_true(word_units_english(units, span_of(word), &unit));
        for (size_t j = 0; j < count; j++) own += found[j].word == lexicon_find_word(in, unit);
    }
    return count == (size_t)(n % LEXICON_TRANSLATIONS) + 1 && own == count;
}

/* The entries before that of a word have 1 to 8 translations each. */
static void entries_of_any_length_are_passed_over(void **state) {
    struct failure failure = {0};
    struct lexicon *other;
    struct buffer bytes = file_with_many_translations();
    size_t right = 0;
    (void)state;
    assert_true(small_map(buffer_span(&bytes), &other, &failure));
    for (int n = 0; n < MANY_WORDS; n++) right += has_its_translations(other, n);
    assert_in_range(right, MANY_WORDS - 2, MANY_WORDS);
    lexicon_close(other);
    buffer_free(&bytes);
}

static uint32_t next_random(uint32_t *random) {
    *random ^= *random << 13;
    *random ^= *random >> 17;
    return *random ^= *random << 5;
}

/* Behind a head that is right. */
static void random_bytes_do_no_harm(void **state) {
    struct failure failure = {0};
    uint32_t random = 1;
    (void)state;
    for (int round = 0; round < 500; round++) {
        struct buffer bytes = BUFFER(1 << 20);
        buffer_add_span(&bytes, buffer_span(&file));
        size_t from = next_random(&random) % file.length, count = next_random(&random) % 64;
        for (size_t i = from; i < file.length && i < from + count; i++) bytes.at[i] = (char)next_random(&random);
        opens(buffer_span(&bytes), &failure);
        for (size_t i = sizeof(struct lexicon_head); i < file.length; i++) bytes.at[i] = (char)next_random(&random);
        assert_false(opens(buffer_span(&bytes), &failure));
        buffer_free(&bytes);
    }
}

static void a_missing_file_is_told(void **state) {
    struct failure failure = {0};
    struct lexicon *none;
    (void)state;
    assert_false(lexicon_map("/nonexistent/lexicon.model", &none, &failure));
    assert_failure(&failure, REACH_RUN, REMEDY_NONE, CAUSE_MACHINE, EXIT_CONFIG, "the lexicon");
    lexicon_close(NULL);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_most_probable_translation_is_first),
        cmocka_unit_test(a_regional_code_finds_its_language),
        cmocka_unit_test(every_unit_is_found_in_its_bucket),
        cmocka_unit_test(unknown_units_have_no_translation),
        cmocka_unit_test(words_have_a_rarity),
        cmocka_unit_test(words_have_a_coverage_by_language),
        cmocka_unit_test(probabilities_are_powers_of_two),
        cmocka_unit_test(every_truncation_is_refused),
        cmocka_unit_test(bytes_after_the_end_are_refused),
        cmocka_unit_test(changed_bytes_do_no_harm),
        cmocka_unit_test(words_out_of_order_are_refused),
        cmocka_unit_test(an_entry_beyond_its_bucket_gives_nothing),
        cmocka_unit_test(entries_of_any_length_are_passed_over),
        cmocka_unit_test(a_word_that_does_not_exist_gives_nothing),
        cmocka_unit_test(random_bytes_do_no_harm),
        cmocka_unit_test(a_missing_file_is_told),
    };
    return cmocka_run_group_tests(tests, open_lexicon, close_lexicon);
}
