#include "stages/check/evidence.h"

#include <math.h>
#include <stdlib.h>

#include "stages/check/checks.h"

enum { CAPITALS = 16, NEVER_SUPPORTED = 32, ENGLISH_NUMBERS = 36, SOURCE_NUMBERS = 7, LETTERS = 8 };
/* Of the words of news that the lexicon knows, a third are more common than the first of these rarities, and a third
 * rarer than the second. */
enum { RARITIES = 3, COMMON = 54, RARE = 60 };
enum { FIRST_SOUND_BAND = 9, MAX_BAND = 9, MIN_CERTAIN_BAND = 7, LOWEST_EXPONENT = 8 };

/* ---------------------------------------------------------------- words */

/* Returns the band of a word: that of its probability, unless a name sounds alike and the lexicon is not sure. */
static unsigned band_of(const struct supported *word) {
    unsigned band = 0;
    if (word->steps != SUPPORT_NONE) {
        int exponent = (LOWEST_EXPONENT * LEXICON_STEPS - word->steps) / LEXICON_STEPS;
        band = (unsigned)(exponent < 0 ? 0 : exponent) + 1;
        if (band > MAX_BAND) band = MAX_BAND;
    }
    return word->alike > 0 && band < MIN_CERTAIN_BAND ? (unsigned)FIRST_SOUND_BAND + word->alike : band;
}

/* Common words are left out of translations more often than rare ones. */
static unsigned rarity_class(const struct supported *word) {
    unsigned powers = word->rarity / LEXICON_RARITY_STEPS;
    return powers < 3 ? 0 : powers > 4 ? 3 : powers - 2;
}

/* Returns 0 for words of coverage 0. */
static unsigned coverage_class(const struct supported *word) {
    if (word->coverage == 0) return 0;
    return 1 + (word->coverage - 1u) * RARITIES + (word->rarity >= COMMON) + (word->rarity >= RARE);
}

static unsigned english_class(const struct supported *word) {
    if (word->token.kind == WORD_TOKEN_NUMBER) return ENGLISH_NUMBERS;
    if (word->capital) return CAPITALS + coverage_class(word);
    if (word->coverage > 0 || word->word == LEXICON_WORDS) return coverage_class(word);
    return NEVER_SUPPORTED + rarity_class(word);
}

static unsigned source_class(const struct supported *word) {
    static const float limits[] = {0.15F, 0.3F, 0.45F, 0.6F, 0.8F};
    unsigned class = word->known > 0;
    if (word->token.kind == WORD_TOKEN_NUMBER) return SOURCE_NUMBERS;
    for (size_t i = 0; i < sizeof limits / sizeof *limits; i++) class += word->known >= limits[i];
    return word->token.kind == WORD_TOKEN_LETTER ? LETTERS + class : class;
}

static uint16_t code_of(unsigned class, const struct supported *word) {
    return (uint16_t)(class * EVIDENCE_BANDS + band_of(word));
}

/* Drops the numbers that the other text does not have, and returns how many words remain. Numbers are often written
 * otherwise ("100 miles", "half"), and the check of numbers judges them by their values. */
static size_t keep_words(struct supported *words, size_t count) {
    size_t kept = 0;
    for (size_t i = 0; i < count; i++)
        if (words[i].token.kind != WORD_TOKEN_NUMBER || words[i].steps != SUPPORT_NONE) words[kept++] = words[i];
    return kept;
}

static void read_words(const struct pair *pair, const struct support_language *language, struct support *support,
                       struct meaning_evidence *evidence) {
    support_measure(language, pair->source, pair->target, support);
    /* of a text without spaces, a smaller part would have been compared with all of the English */
    bool cut =
        support->source_count == SUPPORT_TOKENS && support->source[SUPPORT_TOKENS - 1].token.kind == WORD_TOKEN_LETTER;
    evidence->english_count = keep_words(support->english, support->english_count);
    evidence->source_count = keep_words(support->source, support->source_count);
    support->english_count = evidence->english_count;
    support->source_count = evidence->source_count;
    for (size_t i = 0; i < support->english_count; i++)
        evidence->english[i] = code_of(english_class(&support->english[i]), &support->english[i]);
    for (size_t i = 0; i < support->source_count; i++)
        evidence->source[i] = code_of(source_class(&support->source[i]), &support->source[i]);
    evidence->has_words = support->english_count > 0 && support->source_count > 0 && !cut;
}

/* ---------------------------------------------------------------- the text as a whole */

/* Returns whether the text ends with a full stop or the like, or with a colon or the like that introduces the next
 * segment. */
static bool ends_properly(const struct pair *pair, struct span text) {
    return text_last_mark(pair->marks, text) == MARK_PART || text_ends_sentence(pair->marks, text);
}

/* Returns whether the last token is a comma or a word such as "the" or "of", with which English sentences rarely end.
 */
static bool ends_open(const struct reading *reading) {
    if (reading->count == 0) return false;
    const struct token *last = &reading->tokens[reading->count - 1];
    return sense_of(last->senses, ROLE_OPEN) || (last->kind == TOKEN_SIGN && span_is(last->written, ","));
}

/* Returns whether the sign may become a full stop in translation: a semicolon or, in Chinese and Japanese, a comma. */
static bool is_clause_mark(struct span sign) {
    return span_is(sign, ";") || span_is(sign, "；") || span_is(sign, "，");
}

static int count_clauses(const struct reading *reading) {
    int count = 0;
    for (size_t i = 0; i < reading->count; i++)
        count += reading->tokens[i].kind == TOKEN_SIGN && is_clause_mark(reading->tokens[i].written);
    return count;
}

/* Returns the difference of the numbers of sentences. One that a semicolon may explain does not count. */
static int compare_sentences(const struct pair *pair) {
    int difference = (int)pair->target_sentences.count - (int)pair->source_sentences.count;
    const struct reading *shorter = difference < 0 ? &pair->target_reading : &pair->source_reading;
    int rest = abs(difference) - count_clauses(shorter);
    if (rest <= 0) return 0;
    return difference < 0 ? -rest : rest;
}

static unsigned at_most(size_t count) {
    return count < EVIDENCE_MAX_MARKS ? (unsigned)count : EVIDENCE_MAX_MARKS;
}

/* Several questions may be translated as one. */
static void read_marks(const struct marks_seen *seen, unsigned ret_marks[EVIDENCE_MARKS]) {
    ret_marks[EVIDENCE_QUOTES] = at_most(seen->quotes);
    ret_marks[EVIDENCE_NUMBERS] = at_most(seen->numbers);
    ret_marks[EVIDENCE_QUESTIONS] = seen->questions > 0;
    ret_marks[EVIDENCE_COLONS] = at_most(seen->colons);
}

void evidence_read(const struct pair *pair, const struct support_language *language, struct support *support,
                   struct meaning_evidence *ret_evidence) {
    ret_evidence->has_words = false;
    ret_evidence->english_count = ret_evidence->source_count = 0;
    if (language->part) read_words(pair, language, support, ret_evidence);
    read_marks(&pair->source_marks, ret_evidence->source_marks);
    read_marks(&pair->target_marks, ret_evidence->english_marks);
    /* Greek questions end with a semicolon */
    if (text_last_mark(pair->marks, text_strip_closers(pair->marks, pair->source)) == MARK_EXTRA)
        ret_evidence->source_marks[EVIDENCE_QUESTIONS] = 1;
    ret_evidence->expected = pair->expected_length;
    ret_evidence->length = log((pair->target_length + 5) / (pair->expected_length + 5));
    ret_evidence->deviation = length_deviation(pair->length_rule, pair->expected_length, pair->target_length);
    ret_evidence->sentences = compare_sentences(pair);
    ret_evidence->cut = !ends_properly(pair, pair->target) && ends_properly(pair, pair->source);
    ret_evidence->open = ends_open(&pair->target_reading);
}
