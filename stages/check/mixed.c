/* Finds a part of the English that is in another language: a clause that was not translated, or one translated into
 * a third language. A translation that is all in another language is an error (see checks.c). */
#include "stages/check/checks.h"
#include "stages/check/quotation.h"

/* A part has at least MIN_WORDS lower-case words, of which half are not English. Words of at most PARTICLE bytes before
 * a capital may belong to a name. Words in other scripts are found in untranslated.c. The statistical language model
 * has to agree; it needs MIN_GRAMS n-grams. */
enum { MIN_WORDS = 4, PARTICLE = 4, MIN_GRAMS = 24, SAMPLE = 512, LATIN_END = 0x370 };
/* The n-grams of the part cost this many bits more, on average, in English. */
static const double OTHER_BITS = 0.8;

/* A part of the English without a word that makes clear that the language is English: tokens `from` to `to`. */
struct part {
    size_t from, to;
    unsigned words, strange; /* words in lower case, and those that are in no list of English words */
};

static bool is_word(const struct token *token) {
    return token->kind == TOKEN_WORD && token->letters == LETTER_SPACED;
}

static bool has_capital(const struct reading *reading, size_t i) {
    uint32_t rune = 0;
    if (i < reading->count) text_next(reading->tokens[i].written, 0, &rune);
    return rune_is_upper(rune);
}

/* Returns whether the token is a lower-case word in Latin letters and no part of a name ("de la Cruz"). */
static bool is_plain_word(const struct reading *reading, size_t i) {
    const struct token *token = &reading->tokens[i];
    uint32_t rune;
    text_next(token->written, 0, &rune);
    bool particle = token->written.length <= PARTICLE && has_capital(reading, i + 1);
    return is_word(token) && rune < LATIN_END && rune_is_lower(rune) && token->written.length > 1 && !particle;
}

/* Returns whether the word is a function word of English, of at least three letters: shorter ones ("in", "me", "a")
 * occur in many languages. */
static bool shows_english(const struct token *token) {
    return token->written.length > 2 && sense_of(token->senses, ROLE_OPEN);
}

/* Quotation marks may enclose a title or a word that the text is about. */
static bool is_quote(const struct pair *pair, const struct token *token) {
    uint32_t rune;
    text_next(token->written, 0, &rune);
    return token->kind == TOKEN_SIGN && rune_is_quotation(pair->marks, rune);
}

/* Finds the next part from token `*at` on. Returns false at the end. */
static bool next_part(const struct pair *pair, size_t *at, struct part *ret_part) {
    const struct reading *reading = &pair->target_reading;
    struct part part = {.from = *at, .to = *at};
    if (part.from >= reading->count) return false;
    for (size_t i = part.from; i < reading->count; part.to = ++i) {
        const struct token *token = &reading->tokens[i];
        if (shows_english(token) || is_quote(pair, token) || kept_titles_have(&pair->titles, token->written.at)) break;
        part.words += is_plain_word(reading, i);
    }
    *at = part.to + 1;
    *ret_part = part;
    return true;
}

/* Narrows the part to what is between its first and its last strange word. */
static struct part narrow(const struct pair *pair, const struct part *whole) {
    const struct reading *reading = &pair->target_reading;
    struct part part = {.from = whole->to};
    unsigned words = 0;
    for (size_t i = whole->from; i < whole->to; i++) {
        if (!is_plain_word(reading, i)) continue;
        bool strange = !english_has(pair->english, reading->tokens[i].folded);
        if (strange && part.strange++ == 0) part.from = i;
        words += part.strange > 0;
        if (strange) part.to = i + 1, part.words = words;
    }
    return part;
}

static bool is_strange(const struct part *part) {
    return part->words >= MIN_WORDS && part->strange >= MIN_WORDS - 1 && part->strange * 2 >= part->words;
}

static struct span text_of(const struct reading *reading, const struct part *part) {
    const struct token *first = &reading->tokens[part->from], *last = &reading->tokens[part->to - 1];
    return (struct span){first->written.at, (size_t)(last->written.at + last->written.length - first->written.at)};
}

/* Returns the index of the language of the text, or -1 if it may be English. */
static int other_language(const struct pair *pair, struct span text) {
    struct span sample = text_clip(text, SAMPLE);
    struct surprisal best = model_surprisal(pair->model, sample, MODEL_ANY);
    struct surprisal english = model_surprisal(pair->model, sample, pair->model_english);
    bool other = best.grams >= MIN_GRAMS && english.bits - best.bits >= OTHER_BITS;
    return other ? best.language : -1;
}

bool check_mixed(const struct pair *pair, struct buffer *message) {
    const struct reading *reading = &pair->target_reading;
    struct part part;
    for (size_t at = 0; next_part(pair, &at, &part);) {
        if (part.words >= MIN_WORDS) part = narrow(pair, &part);
        if (!is_strange(&part)) continue;
        struct span text = text_of(reading, &part);
        int language = other_language(pair, text);
        if (language < 0) continue;
        struct span name = language_name(pair->languages, span_of(model_code(pair->model, language)));
        buffer_print(message, "a part of the English looks like %.*s: %.*s", SPAN_ARGS(name),
                     SPAN_ARGS(text_clip(text, 80)));
        return true;
    }
    return false;
}
