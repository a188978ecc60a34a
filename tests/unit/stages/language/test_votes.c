/* Votes are summed over texts and have a certainty; a damaged file is rejected or harmless. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "unit/failure_is.h"

#include "stages/language/votes.h"

static const char path_of_model[] = TEST_DATA "/tables/votes.model";
static const char german[] = "Der Bürgermeister sagte, dass die alte Brücke noch gesperrt bleibt.";

static int open_model(void **state) {
    struct failure failure = {0};
    return votes_map(path_of_model, (struct votes_model **)state, &failure) ? 0 : -1;
}

static int close_model(void **state) {
    votes_close(*state);
    return 0;
}

static struct votes votes_of(const struct votes_model *model, const char *text) {
    struct votes votes = {0};
    votes_add(model, span_of(text), 4096, NULL, &votes);
    return votes;
}

static void texts_add_up(void **state) {
    struct votes whole = votes_of(*state, "Der Bürgermeister sagte, dass die alte Brücke noch gesperrt bleibt.");
    struct votes first = votes_of(*state, "Der Bürgermeister sagte, "),
                 rest = votes_of(*state, "dass die alte Brücke noch gesperrt bleibt.");
    votes_merge(&first, &rest);
    assert_memory_equal(&whole, &first, sizeof whole);
}

static void more_text_is_more_certain(void **state) {
    struct votes little = votes_of(*state, "alte"), much = votes_of(*state, german);
    assert_string_equal(votes_guess(*state, &much).code, "de");
    assert_true(votes_guess(*state, &much).certainty > 0.999);
    assert_true(votes_guess(*state, &little).certainty < 0.9);
}

static void an_empty_text_gives_no_result(void **state) {
    struct votes votes = votes_of(*state, "12 : 7");
    struct guess guess = votes_guess(*state, &votes);
    assert_string_equal(guess.code, "");
    assert_string_equal(guess.runner_up, "");
    assert_true(guess.certainty == 0);
    assert_string_equal(votes_script(&votes), "");
}

static void letters_of_one_language_are_enough(void **state) {
    struct votes votes = votes_of(*state, "γέφυρα");
    struct guess guess = votes_guess(*state, &votes);
    assert_string_equal(guess.code, "el");
    assert_string_equal(guess.runner_up, "");
    assert_true(guess.certainty == 1);
}

static void a_foreign_name_does_not_outweigh_the_letters(void **state) {
    struct votes votes = votes_of(*state, "Мостът на Daily Observer");
    assert_string_equal(votes_script(&votes), "Cyrl");
    assert_string_equal(votes_guess(*state, &votes).code, "bg");
}

static void the_margin_is_against_a_language(void **state) {
    struct votes votes = votes_of(*state, german);
    assert_true(votes_margin(*state, &votes, "de") == 0);
    assert_true(votes_margin(*state, &votes, "fr") > 5);
    assert_true(isinf(votes_margin(*state, &votes, "ru")));
    assert_true(isinf(votes_margin(*state, &votes, "tlh")));
}

static uint32_t next_random(uint32_t *seed) {
    return *seed = *seed * 1664525u + 1013904223u;
}

/* Appends a random word of a few letters that are next to each other, so that words recur. */
static void add_random_word(struct buffer *text, uint32_t *seed) {
    static const uint32_t first[] = {'a', 'A', 0x430, 0x3B1, 0x5D0, 0x4E00, 0x3042, 0xE0, 0x300};
    uint32_t kind = (next_random(seed) >> 16) % (sizeof first / sizeof *first);
    size_t length = (next_random(seed) >> 16) % ((next_random(seed) >> 16) % 8 ? 5 : 40);
    for (size_t i = 0; i <= length; i++) buffer_add_rune(text, first[kind] + (next_random(seed) >> 16) % 5);
    buffer_add_string(text, next_random(seed) >> 31 ? " " : "'");
}

static void known_words_have_the_same_votes(void **state) {
    uint32_t seed = 7;
    struct votes_known *known = calloc(1, sizeof *known);
    for (size_t i = 0; i < 60; i++) {
        struct buffer text = BUFFER(1 << 16);
        struct votes once = {0}, again = {0};
        for (size_t k = 0; k < 100; k++) add_random_word(&text, &seed);
        votes_add(*state, buffer_span(&text), 4096, NULL, &once);
        votes_add(*state, buffer_span(&text), 4096, known, &again);
        assert_memory_equal(&once, &again, sizeof once);
        buffer_free(&text);
    }
    free(known);
}

static void no_more_letters_than_wanted_are_read(void **state) {
    struct votes votes = {0};
    votes_add(*state, SPAN("eins zwei drei vier fünf"), 8, NULL, &votes);
    assert_int_equal(votes.letters, 8);
}

/* Writes the first `length` bytes of the model with one byte changed. */
static void write_damaged(const char *path, size_t length, size_t at, unsigned char byte) {
    static unsigned char bytes[16 << 20];
    FILE *model = fopen(path_of_model, "rb"), *copy = fopen(path, "wb");
    size_t size = fread(bytes, 1, sizeof bytes, model);
    if (at < size) bytes[at] = byte;
    fwrite(bytes, 1, length < size ? length : size, copy);
    fclose(model);
    fclose(copy);
}

static bool opens(const char *path, struct failure *ret_failure) {
    struct votes_model *model;
    if (!votes_map(path, &model, ret_failure)) return false;
    struct votes votes = votes_of(model, german);
    votes_guess(model, &votes);
    votes_close(model);
    return true;
}

static void damage_is_refused_or_harmless(void **state) {
    char path[] = "/tmp/votes-test-XXXXXX";
    struct failure failure = {0};
    (void)state;
    close(mkstemp(path));
    static const size_t lengths[] = {0, 7, 16, 100, 2000, 100000};
    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
        write_damaged(path, lengths[i], SIZE_MAX, 0);
        assert_false(opens(path, &failure));
    }
    assert_failure(&failure, REACH_RUN, REMEDY_NONE, CAUSE_MACHINE, EXIT_CONFIG, "damaged");
    for (size_t at = 0; at < 2400; at += 37) { /* covers the header, the languages and the families */
        write_damaged(path, SIZE_MAX, at, 0xFF);
        opens(path, &failure);
    }
    unlink(path);
    assert_false(opens(path, &failure));
}

/* The same few words in closely related languages. */
static void a_few_words_tell_close_languages(void **state) {
    static const struct {
        const char *code, *text;
    } told[] = {
        {"nb", "Hun fikk ikke svar"}, {"nn", "Ho fekk ikkje svar"},    {"da", "Hun fik ikke svar"},
        {"nb", "Hva skjer nå?"},      {"nn", "Kva skjer no?"},         {"da", "Hvad sker der nu?"},
        {"cs", "ceny ropy rostou"},   {"sk", "ceny ropy rastú"},       {"es", "entre los vecinos"},
        {"ca", "entre els veïns"},    {"gl", "entre os veciños"},      {"pt", "entre os vizinhos"},
        {"es", "una carta abierta"},  {"gl", "unha carta aberta"},     {"pt", "uma carta aberta"},
        {"hr", "glazba bez granica"}, {"sr-Latn", "posle dve godine"}, {"id", "karena harga naik"},
        {"ms", "kerana harga naik"},  {"nl", "geen water meer"},       {"af", "geen water meer nie"},
        {"bg", "новият мост е"},      {"mk", "новиот мост е"},         {"ru", "новый мост закрыт"},
        {"uk", "новий міст закрито"}, {"tr", "okul bugün açılıyor"},   {"az", "məktəb bu gün açılır"},
    };
    for (size_t i = 0; i < sizeof told / sizeof *told; i++) {
        struct votes votes = votes_of(*state, told[i].text);
        assert_string_equal(votes_guess(*state, &votes).code, told[i].code);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(texts_add_up),
        cmocka_unit_test(more_text_is_more_certain),
        cmocka_unit_test(an_empty_text_gives_no_result),
        cmocka_unit_test(letters_of_one_language_are_enough),
        cmocka_unit_test(a_foreign_name_does_not_outweigh_the_letters),
        cmocka_unit_test(the_margin_is_against_a_language),
        cmocka_unit_test(known_words_have_the_same_votes),
        cmocka_unit_test(no_more_letters_than_wanted_are_read),
        cmocka_unit_test(a_few_words_tell_close_languages),
        cmocka_unit_test(damage_is_refused_or_harmless),
    };
    return cmocka_run_group_tests(tests, open_model, close_model);
}
