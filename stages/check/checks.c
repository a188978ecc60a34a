#include "stages/check/checks.h"

#include <stdint.h>
#include <string.h>

/* MIN_TEXT: a shorter text, in bytes or letters, may be a name or an abbreviation. MIN_GRAMS: number of n-grams that
 * the statistical language model needs for an answer. MODEL_SAMPLE: maximum number of bytes that the model reads.
 * PARTICLE: bytes of the longest lower-case word in names, of which there are at most MAX_PARTICLES in a row. */
enum { MIN_TEXT = 20, MIN_GRAMS = 60, MODEL_SAMPLE = 512, PARTICLE = 3, MAX_PARTICLES = 3, MIN_TELLING = 5 };
/* More than this share of letters from other scripts means that the text was not translated. */
static const double MAX_FOREIGN = 0.5;
/* A text is English if at most this share of its words, of which there are at least MIN_TELLING, are not English. */
static const double MAX_STRANGE = 0.1;
/* A text is in another language if its n-grams cost, on average, this many bits less in it than in English. */
static const double OTHER_BITS = 0.6;

static bool finds_empty(const struct pair *pair, struct buffer *message) {
    if (span_trim(pair->target).length) return false;
    buffer_add_string(message, "there is no translation");
    return true;
}

/* Counts the words that do not begin with a capital letter. Capitalised words are mostly names, which may stay the same
 * in English, as in "Ourense - Lugo | 37". */
static size_t count_lower_case_words(const struct reading *reading) {
    size_t count = 0;
    for (size_t i = 0; i < reading->count; i++) {
        const struct token *token = &reading->tokens[i];
        uint32_t rune;
        text_next(token->written, 0, &rune);
        count += (token->kind == TOKEN_WORD || token->kind == TOKEN_GAP) && rune == fold_rune(rune);
    }
    return count;
}

/* Finds a translation that equals its source. A text that consists only of names may stay the same in English, so the
 * source must have at least two other words. */
static bool finds_echo(const struct pair *pair, struct buffer *message) {
    if (pair->source.length < MIN_TEXT || count_lower_case_words(&pair->source_reading) < 2) return false;
    if (!text_equal_fold(span_trim(pair->source), span_trim(pair->target))) return false;
    buffer_add_string(message, "the translation repeats the source word for word");
    return true;
}

static bool is_ascii_capital(struct span text) {
    return text.length && text.at[0] >= 'A' && text.at[0] <= 'Z';
}

/* Returns whether the word, which follows a capitalised one, connects it with another: "de" and "los" in "Ana de los
 * Santos". `rest` is the text after the word. */
static bool is_inside_name(struct span word, struct span rest) {
    for (int i = 0; i < MAX_PARTICLES && word.length <= PARTICLE; i++) {
        if (is_ascii_capital(rest)) return true;
        if (!span_next(&rest, ' ', &word)) return false;
    }
    return false;
}

/* Returns whether the word is an address, a handle or a hashtag, which stays as it is in every language. */
static bool is_address(struct span word) {
    for (size_t i = 0; i < word.length; i++) {
        char c = word.at[i];
        if (c == '@' || c == '#' || c == '/') return true;
        if (c == '.' && i + 1 < word.length && (unsigned)((word.at[i + 1] | 32) - 'a') < 26) return true;
    }
    return false;
}

/* Appends the words that do not begin with an ASCII capital, nor stand inside a name or the title of a work. These say
 * nothing about the language of the text around them. */
static void add_lower_case_words(const struct pair *pair, struct buffer *words) {
    struct span text = pair->target, word;
    bool in_name = false;
    while (span_next(&text, ' ', &word) && !words->full) {
        if (word.length == 0 || is_address(word) || kept_titles_have(&pair->titles, word.at)) continue;
        in_name = is_ascii_capital(word) || (in_name && is_inside_name(word, text));
        if (in_name) continue;
        buffer_add_span(words, word);
        buffer_add(words, " ", 1);
    }
}

/* Returns whether this is a word that says something about the language of the text, which names do not. */
static bool is_telling(const struct token *token) {
    uint32_t rune;
    if (token->kind != TOKEN_WORD && token->kind != TOKEN_GAP) return false;
    text_next(token->written, 0, &rune);
    return !rune_is_upper(rune);
}

/* Returns whether nearly all of the words without a capital is in the list of English words: by their length, since a
 * sentence in a writing without spaces is one word. The statistical language model takes ten times as long. */
static bool is_plain_english(const struct pair *pair) {
    const struct reading *reading = &pair->target_reading;
    size_t telling = 0, length = 0, strange = 0;
    for (size_t i = 0; i < reading->count; i++) {
        const struct token *token = &reading->tokens[i];
        if (!is_telling(token)) continue;
        telling++;
        length += token->folded.length;
        if (!english_has(pair->english, token->folded)) strange += token->folded.length;
    }
    return telling >= MIN_TELLING && (double)strange <= MAX_STRANGE * (double)length;
}

/* Uses the statistical language model (see model.h) to find the language of the lower-case words. */
static bool finds_other_language(const struct pair *pair, struct buffer *message) {
    if (is_plain_english(pair)) return false;
    struct buffer words = BUFFER(MODEL_SAMPLE);
    add_lower_case_words(pair, &words);
    struct surprisal best = model_surprisal(pair->model, buffer_span(&words), MODEL_ANY);
    bool other = best.language >= 0 && best.language != pair->model_english && best.grams >= MIN_GRAMS &&
                 model_surprisal(pair->model, buffer_span(&words), pair->model_english).bits - best.bits >= OTHER_BITS;
    buffer_free(&words);
    if (!other) return false;
    struct span name = language_name(pair->languages, span_of(model_code(pair->model, best.language)));
    buffer_print(message, "the translation looks like %.*s, not English", SPAN_ARGS(name));
    return true;
}

/* Finds a translation in another language. A script other than Latin shows this by itself; within the Latin script, the
 * statistical language model decides. */
static bool finds_foreign(const struct pair *pair, struct buffer *message) {
    size_t letters = 0, foreign = 0;
    for (size_t i = 0; i < pair->target.length;) {
        uint32_t rune;
        i += text_next(pair->target, i, &rune);
        letters += (rune | 32) - 'a' < 26 || (rune >= 0xC0 && rune < 0x250) || rune >= 0x370;
        foreign += (rune >= 0x370 && rune < 0x2000) || (rune >= 0x3040 && rune < 0xFE00);
    }
    if (letters < MIN_TEXT) return false;
    if ((double)foreign > MAX_FOREIGN * (double)letters) {
        buffer_print(message, "%zu of %zu letters are not English letters: this was not translated", foreign, letters);
        return true;
    }
    return finds_other_language(pair, message);
}

/* The checks run in this order. The first finding with the severity ERROR ends them. */
const struct check checks[] = {{"empty", SEVERITY_ERROR, true, false, finds_empty},
                               {"echo", SEVERITY_ERROR, true, false, finds_echo},
                               {"language", SEVERITY_ERROR, true, true, finds_foreign},
                               {"loop", SEVERITY_ERROR, true, true, check_loop},
                               {"repeated", SEVERITY_WARNING, false, true, check_repeated},
                               {"gap", SEVERITY_WARNING, true, false, check_gap},
                               {"reused", SEVERITY_WARNING, true, false, NULL},
                               {"refusal", SEVERITY_ERROR, true, true, check_refusal},
                               {"talk", SEVERITY_WARNING, true, true, check_talk},
                               {"links", SEVERITY_WARNING, false, false, check_links},
                               {"address", SEVERITY_WARNING, true, true, check_addresses},
                               {"markup", SEVERITY_WARNING, false, true, check_markup},
                               {"invisible", SEVERITY_WARNING, true, true, check_invisible},
                               {"mixed", SEVERITY_WARNING, true, false, check_mixed},
                               {"untranslated", SEVERITY_WARNING, false, false, check_untranslated},
                               {"meaning", SEVERITY_WARNING, true, false, check_meaning},
                               {"truncated", SEVERITY_WARNING, true, false, check_truncated},
                               {"added", SEVERITY_WARNING, true, false, check_added},
                               {"numbers", SEVERITY_WARNING, true, false, check_numbers},
                               {"dates", SEVERITY_WARNING, true, false, check_dates},
                               {"currency", SEVERITY_WARNING, true, false, check_currencies},
                               {"units", SEVERITY_WARNING, true, false, check_units},
                               {"names", SEVERITY_WARNING, true, false, check_names},
                               {"question", SEVERITY_WARNING, true, false, check_question},
                               {"capitals", SEVERITY_WARNING, false, false, check_capitals},
                               {"marks", SEVERITY_NOTE, false, false, check_marks},
                               {"negation", SEVERITY_WARNING, true, false, check_negations},
                               {"antonym", SEVERITY_WARNING, true, false, check_antonyms},
                               {"glossary", SEVERITY_WARNING, true, false, check_glossary},
                               {.name = NULL}};
