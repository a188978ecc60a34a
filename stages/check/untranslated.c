/* Finds words that were not translated: words in another script, words of the source language, and words that the
 * engine marked as unknown. */
#include <stdlib.h>
#include <string.h>

#include "stages/check/checks.h"
#include "stages/check/quotation.h"

/* Sizes in bytes. Words shorter than MIN_WORD or MIN_NOUN occur in several languages; words shorter than PARTICLE or
 * PREFIX may be parts of names; words shorter than MIN_PIVOT tell too little of their language. */
enum { MIN_STRANGE = 2, MIN_WORD = 3, PARTICLE = 4, PREFIX = 6, MIN_NOUN = 5, MIN_PIVOT = 5 };
/* Length of a postcode in digits. A phrase of the table of loans has at most MAX_PHRASE words. At most MAX_GLOSSES
 * words in brackets are looked for in the source, because each needs a search of all of it. */
enum { MIN_POSTCODE = 4, MAX_POSTCODE = 6, MAX_PHRASE = 6, MAX_GLOSSES = 32, MAX_ADDRESS = 16 };
/* A word is foreign if it costs this many bits per n-gram more in English than in the source language. */
static const double VERY_FOREIGN = 1.2; /* bits per n-gram */
/* A word that is not in the source looks like another language if it costs this many bits per n-gram less there. */
static const double OTHER_LANGUAGE = 0.5;
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

static bool opens_bracket(const struct reading *reading, size_t i) {
    return reading_has_sign(reading, i, "(") || reading_has_sign(reading, i, "（") || reading_has_sign(reading, i, "[");
}

static bool closes_bracket(const struct reading *reading, size_t i) {
    return reading_has_sign(reading, i, ")") || reading_has_sign(reading, i, "）") || reading_has_sign(reading, i, "]");
}

/* Returns whether the word alone is in brackets. A name may be followed by its original spelling: "Li Qiang (李强)". */
static bool is_alone_in_brackets(const struct reading *reading, size_t i) {
    return i > 1 && opens_bracket(reading, i - 1) && closes_bracket(reading, i + 1);
}

/* Finds a word in another script. In brackets, words of the source may explain the English: "(红旗, the Red Flag)". */
static const struct token *find_foreign(const struct pair *pair) {
    const struct reading *reading = &pair->target_reading;
    bool open = false;
    for (size_t i = 0, glosses = 0; i < reading->count; i++) {
        const struct token *token = &reading->tokens[i];
        open = (open || opens_bracket(reading, i)) && !closes_bracket(reading, i);
        bool word = token->kind == TOKEN_WORD || token->kind == TOKEN_GAP;
        if (!word || !is_foreign_word(token->written) || is_alone_in_brackets(reading, i)) continue;
        if (kept_titles_have(&pair->titles, token->written.at)) continue;
        if (open && glosses++ < MAX_GLOSSES && span_find(pair->source, token->written) != SIZE_MAX) continue;
        return token;
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

static bool is_lower_case(const struct token *token, size_t shortest) {
    return token->kind == TOKEN_WORD && !has_capital_inside(token->written) && token->letters == LETTER_SPACED &&
           token->written.length >= shortest && !is_capital(token);
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

/* Returns whether the word comes before postcodes, by the table of addresses. */
static bool precedes_postcode(const struct pair *pair, struct span word) {
    for (size_t i = 0; i < pair->addresses->count; i++) {
        struct span rest = pair->addresses->rows[i].cells[1], form;
        while (span_is(pair->addresses->rows[i].cells[0], "before") && span_next(&rest, ' ', &form))
            if (span_equal(form, word)) return true;
    }
    return false;
}

static bool has_postcode_digits(struct span number) {
    if (number.length < MIN_POSTCODE || number.length > MAX_POSTCODE) return false;
    for (size_t i = 0; i < number.length; i++)
        if (number.at[i] < '0' || number.at[i] > '9') return false;
    return true;
}

/* Returns whether the number at `i` is the postcode of an address: bare digits at the beginning of the text or after a
 * comma, bracket or the like ("Mühlweg 5, 10115 Berlin", "D-10115"), or before a known place, or five digits after a
 * preposition ("at 24937 Flensburg"). */
static bool is_postcode(const struct pair *pair, const struct reading *reading, size_t i) {
    if (!has_postcode_digits(reading->tokens[i].folded)) return false;
    if (i == 0 || reading->tokens[i - 1].kind == TOKEN_SIGN) return true;
    if (reading->tokens[i].folded.length > MIN_POSTCODE && precedes_postcode(pair, reading->tokens[i - 1].folded))
        return true;
    struct span place = reading->tokens[i + 1].folded;
    return english_has(pair->english_names, place) || english_has(pair->places, place);
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
    if (i > 1 && plain && is_lower_case(before, MIN_WORD) && english_has(pair->english, before->folded))
        before = &reading->tokens[i - 2]; /* skips the adjective in "a new Kutsche" */
    if (is_capital_at(reading, i + 1)) return false;
    if (before->kind == TOKEN_NUMBER) return !is_postcode(pair, reading, (size_t)(before - reading->tokens));
    if (sense_of(before->senses, ROLE_DETERMINER)) return true;
    return sense_of(before->senses, ROLE_ARTICLE) && rest.length >= MIN_NOUN &&
           !english_has(pair->english_names, reading->tokens[i].folded) &&
           foreignness(pair, reading->tokens[i].folded) >= VERY_FOREIGN;
}

static bool is_quote_at(const struct pair *pair, const struct reading *reading, size_t i) {
    uint32_t rune;
    if (i >= reading->count || reading->tokens[i].kind != TOKEN_SIGN) return false;
    text_next(reading->tokens[i].written, 0, &rune);
    return rune_may_be_quotation(pair->marks, rune);
}

/* Returns whether the word has a capital and does not have it only because it is the first word of the text. */
static bool is_name(const struct pair *pair, const struct reading *reading, size_t i) {
    return is_capital_at(reading, i) && !(i == 0 && english_has(pair->english, reading->tokens[i].folded));
}

static bool is_glued_word(const struct reading *reading, size_t i) {
    return i < reading->count && reading->tokens[i].glued && reading->tokens[i].kind == TOKEN_WORD;
}

/* Returns whether a full stop connects words from token `i` on, as in "museum.org" or "old-town-museum.org". */
static bool connects(const struct reading *reading, size_t i, size_t end) {
    for (; i + 2 < reading->count && i < end; i += 2) {
        bool stop = reading_has_sign(reading, i + 1, ".");
        if ((!stop && !reading_has_sign(reading, i + 1, "-")) || !is_glued_word(reading, i + 2)) return false;
        if (stop) return true;
    }
    return false;
}

/* Returns whether the word is part of a web address, of which at most MAX_ADDRESS tokens around it are read. */
static bool is_in_address(const struct reading *reading, size_t i) {
    bool last = i > 1 && is_glued_word(reading, i) && reading_has_sign(reading, i - 1, ".");
    return last || connects(reading, i, i + MAX_ADDRESS);
}

/* Returns whether the word may be part of a name ("Corriere della Sera", "von der Leyen"), of the title of a work or of
 * a web address, or is in quotation marks. */
static bool may_stay(const struct pair *pair, const struct reading *reading, size_t i) {
    bool before = i > 0 && is_name(pair, reading, i - 1), after = is_capital_at(reading, i + 1);
    if ((before && after) || is_in_address(reading, i)) return true;
    if (kept_titles_have(&pair->titles, reading->tokens[i].written.at)) return true;
    if (reading->tokens[i].folded.length < PREFIX && reading_has_sign(reading, i + 1, "-")) return true;
    if (reading->tokens[i].folded.length < PARTICLE && (before || after)) return true;
    return i > 0 && is_quote_at(pair, reading, i - 1) && is_quote_at(pair, reading, i + 1);
}

/* Returns the next piece of a phrase, whose words are divided by spaces or hyphens. */
static bool next_word(struct span *phrase, struct span *ret_word) {
    size_t end = 0;
    while (end < phrase->length && phrase->at[end] != ' ' && phrase->at[end] != '-') end++;
    *ret_word = span_cut(*phrase, 0, end);
    *phrase = span_cut(*phrase, end + 1, phrase->length);
    return ret_word->length > 0;
}

/* Returns whether the phrase begins at token `from` and extends to token `to` or beyond it. */
static bool covers(const struct reading *reading, size_t from, size_t to, struct span phrase) {
    struct span word;
    size_t i = from;
    for (; next_word(&phrase, &word); i++) {
        if (i > from && reading_has_sign(reading, i, "-")) i++;
        if (i >= reading->count || !text_equal_fold(reading->tokens[i].written, word)) return false;
    }
    return i > to;
}

/* Returns whether the word is part of a phrase that English has taken over, such as "status quo". */
static bool is_in_loan(const struct pair *pair, const struct reading *reading, size_t i) {
    size_t first = i < 2 * MAX_PHRASE ? 0 : i - 2 * MAX_PHRASE;
    for (size_t row = 0; row < pair->loans->count; row++)
        for (size_t from = first; from <= i; from++)
            if (text_begins_alike(reading->tokens[from].written, pair->loans->rows[row].cells[1]) &&
                covers(reading, from, i, pair->loans->rows[row].cells[1]))
                return true;
    return false;
}

static bool is_english(const struct pair *pair, const struct reading *reading, size_t i) {
    struct span word = reading->tokens[i].folded;
    return english_has(pair->english, word) || english_has(pair->places, word) || is_in_loan(pair, reading, i);
}

/* The words of the source, sorted by hash, which makes looking them up fast in long texts. They are only read if the
 * English has a word that is not English, which most have not. */
struct source_words {
    uint64_t *hashes; /* NULL until they are read */
    size_t count;
};

static void read_source(const struct pair *pair, struct source_words *words) {
    const struct reading *source = &pair->source_reading;
    words->hashes = memory_take((source->count + 1) * sizeof *words->hashes);
    bool capitals = word_tables_have(pair->word_tables, source->language, ROLE_CAPITALS);
    for (size_t i = 0; i < source->count; i++)
        if (is_lower_case(&source->tokens[i], MIN_WORD) || (capitals && is_capital(&source->tokens[i])))
            words->hashes[words->count++] = span_hash(source->tokens[i].folded);
    qsort(words->hashes, words->count, sizeof *words->hashes, compare_hashes);
}

static bool source_has(const struct pair *pair, struct source_words *words, struct span folded) {
    uint64_t hash = span_hash(folded);
    if (!words->hashes) read_source(pair, words);
    return bsearch(&hash, words->hashes, words->count, sizeof hash, compare_hashes) != NULL;
}

/* Returns the first word of the English that is also in the source, is not English, and is not part of a name. */
static const struct token *find_untranslated(const struct pair *pair, struct source_words *words) {
    const struct reading *target = &pair->target_reading;
    for (size_t i = 0; i < target->count; i++) {
        const struct token *token = &target->tokens[i];
        bool english = english_has(pair->english, token->folded);
        if (english || (!is_lower_case(token, MIN_WORD) && !is_noun(pair, target, i))) continue;
        if (!source_has(pair, words, token->folded) || is_english(pair, target, i)) continue;
        if (!may_stay(pair, target, i) && foreignness(pair, token->folded) >= 0) return token;
    }
    return NULL;
}

static const struct token *find_source_word(const struct pair *pair) {
    struct source_words words = {0};
    const struct token *left = find_untranslated(pair, &words);
    free(words.hashes);
    return left;
}

/* ---------------------------------------------------------------- the check */

static size_t count_words(const struct reading *reading) {
    size_t count = 0;
    for (size_t i = 0; i < reading->count; i++) count += reading->tokens[i].kind == TOKEN_WORD;
    return count;
}

/* Returns a lower-case word that is not English, or NULL. If there is none, the words unknown to the engine may all be
 * names, which is harmless. */
static const struct token *find_strange(const struct pair *pair) {
    const struct reading *target = &pair->target_reading;
    for (size_t i = 0; i < target->count; i++)
        if (is_lower_case(&target->tokens[i], MIN_STRANGE) && !may_stay(pair, target, i) &&
            !is_english(pair, target, i))
            return &target->tokens[i];
    return NULL;
}

/* Returns whether the source is in another script, so that no word of it can occur in the English as it is. */
static bool is_other_script(const struct reading *source) {
    for (size_t i = 0; i < source->count; i++)
        if (is_foreign_word(source->tokens[i].written)) return true;
    return false;
}

/* Returns a word that an engine left in a language that it translates through, Spanish on the way from French to
 * English, or NULL. Such a word is neither English nor in the source, and looks like another language. */
static const struct token *find_pivot(const struct pair *pair) {
    const struct reading *target = &pair->target_reading;
    for (size_t i = 0; i < target->count; i++) {
        if (!is_lower_case(&target->tokens[i], MIN_PIVOT) || may_stay(pair, target, i) || is_english(pair, target, i))
            continue;
        struct surprisal english = model_surprisal(pair->model, target->tokens[i].folded, pair->model_english);
        struct surprisal best = model_surprisal(pair->model, target->tokens[i].folded, MODEL_ANY);
        if (english.bits - best.bits >= OTHER_LANGUAGE) return &target->tokens[i];
    }
    return NULL;
}

/* Returns whether so many words are unknown to the engine that the sentence may make no sense. */
static bool are_many_unknown(const struct pair *pair, size_t words) {
    return pair->unknown_words >= 2 && (double)pair->unknown_words > MAX_UNKNOWN * (double)words;
}

/* The engine says how many words it did not know, but not which. In a script other than Latin, it writes them in Latin
 * letters, so that they are not words of the source either. */
bool check_untranslated(const struct pair *pair, struct buffer *message) {
    const struct token *strange = pair->unknown_words ? find_strange(pair) : NULL;
    size_t words = count_words(&pair->target_reading);
    if (strange && are_many_unknown(pair, words)) {
        buffer_print(message, "the translation engine did not know %u of %zu word%s", pair->unknown_words, words,
                     PLURAL(words));
        return true;
    }
    const struct token *left = find_foreign(pair);
    if (!left) left = find_source_word(pair);
    if (!left && strange) left = is_other_script(&pair->source_reading) ? strange : find_pivot(pair);
    if (left) buffer_print(message, "'%.*s' was left untranslated", SPAN_ARGS(text_clip(left->written, 80)));
    return left != NULL;
}
