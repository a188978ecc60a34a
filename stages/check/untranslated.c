/* Finds words that were not translated: words in another script, words of the source language, and words that the
 * engine marked as unknown. */
#include <stdlib.h>
#include <string.h>

#include "stages/check/checks.h"

/* Sizes in bytes. Words shorter than MIN_WORD or MIN_NOUN occur in several languages; words shorter than PARTICLE or
 * PREFIX may be parts of names. */
enum { MIN_WORD = 3, PARTICLE = 4, PREFIX = 6, MIN_NOUN = 5 };
/* A word is foreign if it costs this many bits per n-gram more in English than in the source language. */
static const double VERY_FOREIGN = 1.2; /* bits per n-gram */
/* A segment is reported if more than this share of its words is unknown to the translation engine. */
static const double MAX_UNKNOWN = 0.2;

/* ---------------------------------------------------------------- letters of other scripts */

static bool is_foreign_rune(uint32_t rune) {
    return (rune >= 0x370 && rune < 0x1E00) || (rune >= 0x3040 && rune < 0xFE00);
}

/* Returns whether the word is in a foreign script. A single foreign letter (α, Ω) is a symbol, not a word. */
static bool is_foreign_word(struct span word) {
    size_t letters = 0, foreign = 0;
    for (size_t i = 0; i < word.length; letters++) {
        uint32_t rune;
        i += text_next(word, i, &rune);
        foreign += is_foreign_rune(rune);
    }
    return foreign > 0 && letters > 1;
}

/* Returns whether the word is in brackets. A name may be followed by its original spelling: "Li Qiang (李强)". */
static bool is_in_brackets(const struct reading *reading, size_t i) {
    return i > 1 && (reading_has_sign(reading, i - 1, "(") || reading_has_sign(reading, i - 1, "（")) &&
           (reading_has_sign(reading, i + 1, ")") || reading_has_sign(reading, i + 1, "）"));
}

static const struct token *find_foreign(const struct reading *reading) {
    for (size_t i = 0; i < reading->count; i++) {
        const struct token *token = &reading->tokens[i];
        bool word = token->kind == TOKEN_WORD || token->kind == TOKEN_GAP;
        if (word && is_foreign_word(token->written) && !is_in_brackets(reading, i)) return token;
    }
    return NULL;
}

/* ---------------------------------------------------------------- words of the source */

static int compare_hashes(const void *a, const void *b) {
    uint64_t left = *(const uint64_t *)a, right = *(const uint64_t *)b;
    return left < right ? -1 : left > right;
}

/* Returns whether the word begins with a capital letter. */
static bool is_capital(const struct token *token) {
    uint32_t rune;
    if (token->kind != TOKEN_WORD || token->letters != LETTER_SPACED) return false;
    text_next(token->written, 0, &rune);
    return rune != fold_rune(rune);
}

/* Returns whether the word has a capital after its first letter. Names such as "macOS" and "eBay" begin with a
 * lower-case letter. */
static bool has_capital_inside(struct span written) {
    for (size_t i = 1; i < written.length; i++)
        if (written.at[i] >= 'A' && written.at[i] <= 'Z') return true;
    return false;
}

static bool is_lower_case(const struct token *token) {
    return token->kind == TOKEN_WORD && !has_capital_inside(token->written) && token->letters == LETTER_SPACED &&
           token->written.length >= MIN_WORD && !is_capital(token);
}

static bool is_capital_at(const struct reading *reading, size_t i) {
    return i < reading->count && is_capital(&reading->tokens[i]);
}

/* Returns how many more bits an n-gram of the word costs in English than in the source language, or 0 if the model does
 * not know the language. */
static double foreignness(const struct pair *pair, struct span word) {
    if (pair->model_source < 0) return 0;
    struct surprisal english = model_surprisal(pair->model, word, pair->model_english);
    struct surprisal source = model_surprisal(pair->model, word, pair->model_source);
    return english.bits - source.bits;
}

/* Some languages, such as German, capitalise every noun. Returns whether this is a noun left untranslated, judging by
 * the word before it, which would not precede a name in English: "a Kutsche", "19 Prozent". */
static bool is_noun(const struct pair *pair, const struct reading *reading, size_t i) {
    if (!word_tables_have(pair->word_tables, pair->source_reading.language, ROLE_CAPITALS) || i == 0 ||
        !is_capital(&reading->tokens[i]))
        return false;
    const struct token *before = &reading->tokens[i - 1];
    struct span rest = span_cut(reading->tokens[i].written, 1, reading->tokens[i].written.length);
    if (rest.length < MIN_WORD || (rest.at[0] >= 'A' && rest.at[0] <= 'Z')) return false; /* skips abbreviations */
    bool plain = !sense_of(before->senses, ROLE_DETERMINER) && !sense_of(before->senses, ROLE_ARTICLE);
    if (i > 1 && plain && is_lower_case(before) && english_has(pair->english, before->folded))
        before = &reading->tokens[i - 2]; /* skips the adjective in "a new Kutsche" */
    if (is_capital_at(reading, i + 1)) return false;
    if (before->kind == TOKEN_NUMBER || sense_of(before->senses, ROLE_DETERMINER)) return true;
    return sense_of(before->senses, ROLE_ARTICLE) && rest.length >= MIN_NOUN &&
           !english_has(pair->english_names, reading->tokens[i].folded) &&
           foreignness(pair, reading->tokens[i].folded) >= VERY_FOREIGN;
}

static bool is_quote_at(const struct reading *reading, size_t i) {
    static const char *const quotes[] = {"\"", "'", "“", "”", "‘", "’", "«", "»", "„"};
    for (size_t j = 0; j < sizeof quotes / sizeof *quotes; j++)
        if (reading_has_sign(reading, i, quotes[j])) return true;
    return false;
}

/* Returns whether the word may be part of a name ("Corriere della Sera", "von der Leyen") or is in quotation marks. */
static bool may_stay(const struct reading *reading, size_t i) {
    bool before = i > 0 && is_capital_at(reading, i - 1), after = is_capital_at(reading, i + 1);
    if (before && after) return true;
    if (reading->tokens[i].folded.length < PREFIX && reading_has_sign(reading, i + 1, "-")) return true;
    if (reading->tokens[i].folded.length < PARTICLE && (before || after)) return true;
    return i > 0 && is_quote_at(reading, i - 1) && is_quote_at(reading, i + 1);
}

/* Returns the first word of the English that is also in the source, is not English, and is not part of a name. */
static const struct token *find_untranslated(const struct pair *pair, const uint64_t *words, size_t count) {
    const struct reading *target = &pair->target_reading;
    for (size_t i = 0; i < target->count; i++) {
        const struct token *token = &target->tokens[i];
        if (!is_lower_case(token) && !is_noun(pair, target, i)) continue;
        if (english_has(pair->english, token->folded) || may_stay(target, i)) continue;
        uint64_t hash = span_hash(token->folded);
        if (bsearch(&hash, words, count, sizeof hash, compare_hashes) && foreignness(pair, token->folded) >= 0)
            return token;
    }
    return NULL;
}

/* Looks for a word of the source in the English. The words of the source are sorted by hash, which makes looking them
 * up fast in long texts. */
static const struct token *find_source_word(const struct pair *pair) {
    const struct reading *source = &pair->source_reading;
    uint64_t *words = memory_take((source->count + 1) * sizeof *words);
    size_t count = 0;
    bool capitals = word_tables_have(pair->word_tables, source->language, ROLE_CAPITALS);
    for (size_t i = 0; i < source->count; i++)
        if (is_lower_case(&source->tokens[i]) || (capitals && is_capital(&source->tokens[i])))
            words[count++] = span_hash(source->tokens[i].folded);
    qsort(words, count, sizeof *words, compare_hashes);
    const struct token *left = count ? find_untranslated(pair, words, count) : NULL;
    free(words);
    return left;
}

/* ---------------------------------------------------------------- the check */

static size_t count_words(const struct reading *reading) {
    size_t count = 0;
    for (size_t i = 0; i < reading->count; i++) count += reading->tokens[i].kind == TOKEN_WORD;
    return count;
}

/* Returns whether the English has a lower-case word that is not English. Otherwise the words unknown to the engine may
 * all be names, which is harmless. */
static bool has_strange_word(const struct pair *pair) {
    for (size_t i = 0; i < pair->target_reading.count; i++) {
        const struct token *token = &pair->target_reading.tokens[i];
        if (is_lower_case(token) && !english_has(pair->english, token->folded)) return true;
    }
    return false;
}

bool check_untranslated(const struct pair *pair, struct buffer *message) {
    size_t words = count_words(&pair->target_reading);
    bool many = pair->unknown_words >= 2 && (double)pair->unknown_words > MAX_UNKNOWN * (double)words;
    if (many && has_strange_word(pair)) {
        buffer_print(message, "the translation engine did not know %u of %zu words", pair->unknown_words, words);
        return true;
    }
    const struct token *left = find_foreign(&pair->target_reading);
    if (!left) left = find_source_word(pair);
    if (left) buffer_print(message, "'%.*s' was left untranslated", SPAN_ARGS(text_clip(left->written, 80)));
    return left != NULL;
}
