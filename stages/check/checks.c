#include "stages/check/checks.h"

#include <stdint.h>
#include <string.h>

enum { ECHO_LETTERS = 20, LOOP_WORDS = 4, LOOP_TIMES = 4, FEWEST_GRAMS = 60 };
static const double MOST_FOREIGN = 0.5, MOST_UNKNOWN = 0.2;
/* Bits of surprise for every n-gram that another language has to spare against English. */
static const double OTHER_BITS = 0.5;

static size_t count_words(struct span text) {
    size_t words = 0;
    struct span word;
    while (span_next(&text, ' ', &word)) words += word.length > 0;
    return words;
}

static bool finds_empty(const struct pair *pair, struct buffer *message) {
    if (span_trim(pair->target).length) return false;
    buffer_add_string(message, "there is no translation");
    return true;
}

static bool finds_echo(const struct pair *pair, struct buffer *message) {
    if (pair->source.length < ECHO_LETTERS || count_words(pair->source) < 3) return false;
    if (!span_equal_fold(span_trim(pair->source), span_trim(pair->target))) return false;
    buffer_add_string(message, "the translation is the source, word by word");
    return true;
}

/* Letters that English does not use: whole words of another script or many letters with foreign marks. */
static bool finds_untranslated(const struct pair *pair, struct buffer *message) {
    size_t letters = 0, foreign = 0;
    for (size_t i = 0; i < pair->target.length;) {
        uint32_t rune;
        i += text_next(pair->target, i, &rune);
        bool other = rune >= 0x370 && rune < 0x2000;
        letters += (rune | 32) - 'a' < 26 || other || rune >= 0x3040;
        foreign += other || (rune >= 0x3040 && rune < 0xFE00);
    }
    size_t words = count_words(pair->target);
    bool unknown = pair->unknown_words >= 2 && (double)pair->unknown_words > MOST_UNKNOWN * (double)words;
    if (unknown) {
        buffer_print(message, "the engine did not know %u of %zu words", pair->unknown_words, words);
        return true;
    }
    if (letters == 0 || foreign == 0) return false;
    buffer_print(message, "%zu of %zu letters are not English", foreign, letters);
    return true;
}

/* Letters of other scripts; or English letters in which the language model sees another language. */
static bool finds_foreign(const struct pair *pair, struct buffer *message) {
    size_t letters = 0, foreign = 0;
    for (size_t i = 0; i < pair->target.length;) {
        uint32_t rune;
        i += text_next(pair->target, i, &rune);
        letters += (rune | 32) - 'a' < 26 || (rune >= 0xC0 && rune < 0x250) || rune >= 0x370;
        foreign += (rune >= 0x370 && rune < 0x2000) || (rune >= 0x3040 && rune < 0xFE00);
    }
    if (letters < ECHO_LETTERS) return false;
    if ((double)foreign > MOST_FOREIGN * (double)letters) {
        buffer_print(message, "%zu of %zu letters are not English: it was not translated", foreign, letters);
        return true;
    }
    struct surprise best = model_surprise(pair->model, pair->target, MODEL_ANY);
    struct surprise english = model_surprise(pair->model, pair->target, pair->model_english);
    if (best.language < 0 || best.language == pair->model_english || best.grams < FEWEST_GRAMS || english.bits - best.bits < OTHER_BITS) return false;
    buffer_print(message, "the translation looks like language '%s', not like English", model_code(pair->model, best.language));
    return true;
}

static bool is_same_word(const struct token *a, const struct token *b) {
    return a->kind == TOKEN_WORD && b->kind == TOKEN_WORD && a->letters == LETTER_SPACED && a->folded.length > 1 && span_equal(a->folded, b->folded);
}

static bool has_double(const struct reading *reading) {
    for (size_t i = 1; i < reading->count; i++)
        if (is_same_word(&reading->tokens[i - 1], &reading->tokens[i])) return true;
    return false;
}

/* "the the": a word twice in a row, which the source does not do. */
static bool finds_repeated(const struct pair *pair, struct buffer *message) {
    const struct reading *target = &pair->target_reading;
    for (size_t i = 1; i < target->count; i++) {
        const struct token *word = &target->tokens[i];
        if (!is_same_word(&target->tokens[i - 1], word) || sense_of(word->senses, MEANS_DOUBLES)) continue;
        if (has_double(&pair->source_reading)) return false;
        buffer_print(message, "'%.*s' stands twice in a row", SPAN_ARGS(text_clip(word->written, 40)));
        return true;
    }
    return false;
}

/* The same few words again and again: every window of LOOP_WORDS words is compared with the one right behind it. */
static bool finds_loop(const struct pair *pair, struct buffer *message) {
    struct span rest = pair->target, word, words[LOOP_WORDS] = {{NULL, 0}};
    size_t count = 0, run[LOOP_WORDS] = {0};
    while (span_next(&rest, ' ', &word)) {
        if (word.length == 0) continue;
        for (size_t period = 1; period <= LOOP_WORDS; period++) {
            bool again = count >= period && span_equal(words[(count - period) % LOOP_WORDS], word);
            run[period - 1] = again ? run[period - 1] + 1 : 0;
            if (run[period - 1] < period * (LOOP_TIMES - 1)) continue;
            buffer_print(message, "'%.*s' is repeated over and over", SPAN_ARGS(text_clip(word, 40)));
            return true;
        }
        words[count++ % LOOP_WORDS] = word;
    }
    return false;
}

const struct check checks[] = {{"empty", SEVERITY_ERROR, finds_empty},
                               {"echo", SEVERITY_ERROR, finds_echo},
                               {"language", SEVERITY_ERROR, finds_foreign},
                               {"loop", SEVERITY_ERROR, finds_loop},
                               {"repeated", SEVERITY_WARNING, finds_repeated},
                               {"untranslated", SEVERITY_WARNING, finds_untranslated},
                               {"truncated", SEVERITY_WARNING, check_truncated},
                               {"added", SEVERITY_WARNING, check_added},
                               {"numbers", SEVERITY_WARNING, check_numbers},
                               {"dates", SEVERITY_WARNING, check_dates},
                               {"glossary", SEVERITY_WARNING, check_glossary},
                               {.name = NULL}};
