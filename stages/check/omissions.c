/* Finds text that is missing from the English or has been added to it, judged by length, by the number of sentences,
 * and by how the text ends. */
#include <math.h>

#include "stages/check/checks.h"

/* Limits for the expected number of English characters. The lengths of shorter texts vary too much: below MIN_LENGTH
 * they are not judged at all, below MIN_LENGTH_ALONE not by their length alone. */
enum { MIN_LENGTH = 24, MIN_LENGTH_ALONE = 70 };

/* Beyond this many standard deviations the length alone is enough for a finding. */
static const double FAR_TOO_SHORT = -2.7, FAR_TOO_LONG = 3.0;
/* A smaller deviation is enough if there is other evidence: fewer or more sentences, no final punctuation, or an end in
 * the middle of a phrase. */
static const double FEWER_SENTENCES = -1.1, MORE_SENTENCES = 1.4, NO_STOP = -1.6, OPEN_END = -0.7;
/* The number of sentences proves little if a semicolon may have become a full stop, or the reverse. A missing or added
 * sentence is then reported only if the length deviates by at least this many standard deviations. */
static const double CLAUSE = 2.2;
/* A sentence is reported as missing or added only if leaving it out lowers the squared deviation by BETTER_WITHOUT. If
 * the deviation is at least CERTAIN, the text is reported even without such a sentence. */
static const double BETTER_WITHOUT = 0.9, CERTAIN = 1.15;

static double square(double value) {
    return value * value;
}

/* ---------------------------------------------------------------- how it ends */

/* Returns whether the text ends with a full stop or the like, or with a colon or the like that introduces the next
 * segment. */
static bool ends_properly(const struct pair *pair, struct span text) {
    enum mark last = text_last_mark(pair->marks, text);
    return last == MARK_PART || text_ends_sentence(pair->marks, text);
}

/* Returns whether the last token is a comma or a word such as "the" or "of", with which English sentences rarely end.
 */
static bool ends_open(const struct reading *reading) {
    if (reading->count == 0) return false;
    const struct token *last = &reading->tokens[reading->count - 1];
    return sense_of(last->senses, ROLE_OPEN) || (last->kind == TOKEN_SIGN && span_is(last->written, ","));
}

/* Finds English that ends too early, although the source ends properly. */
static bool finds_cut_off(const struct pair *pair, double deviation, struct buffer *message) {
    if (ends_properly(pair, pair->target) || !ends_properly(pair, pair->source)) return false;
    bool open = ends_open(&pair->target_reading);
    if (deviation > (open ? OPEN_END : NO_STOP)) return false;
    buffer_add_string(message, "the English is short and ends mid-sentence: its end seems to be missing");
    return true;
}

/* ---------------------------------------------------------------- sentences */

/* Returns the index of the sentence without which the lengths would match best, or SIZE_MAX if none explains the
 * difference. */
static size_t best_without(const struct pair *pair, const struct sentences *from, double all, bool of_source) {
    size_t best = SIZE_MAX;
    double least = square(all) - BETTER_WITHOUT;
    for (size_t i = 0; i < from->count; i++) {
        double expected = pair->expected_length - (of_source ? from->items[i].length : 0);
        double length = pair->target_length - (of_source ? 0 : from->items[i].length);
        double without = square(length_deviation(pair->length_rule, expected, length));
        if (without >= least) continue;
        least = without;
        best = i;
    }
    return best;
}

/* Returns whether the sign may become a full stop in translation: a semicolon or, in Chinese and Japanese, a comma. */
static bool is_clause_mark(struct span sign) {
    return span_is(sign, ";") || span_is(sign, "；") || span_is(sign, "，");
}

/* Counts the commas and semicolons that may have become full stops in the other language. */
static size_t count_clauses(const struct reading *reading) {
    size_t count = 0;
    for (size_t i = 0; i < reading->count; i++)
        count += reading->tokens[i].kind == TOKEN_SIGN && is_clause_mark(reading->tokens[i].written);
    return count;
}

/* Finds a sentence that is missing from the English: the English has fewer sentences and is also too short. */
static bool finds_missing_sentence(const struct pair *pair, double deviation, struct buffer *message) {
    if (pair->target_sentences.count >= pair->source_sentences.count || deviation > FEWER_SENTENCES) return false;
    size_t clauses = pair->target_sentences.count + count_clauses(&pair->target_reading);
    if (clauses >= pair->source_sentences.count && deviation > -CLAUSE) return false;
    size_t missing = best_without(pair, &pair->source_sentences, deviation, true);
    if (missing == SIZE_MAX && deviation > -CERTAIN) return false;
    if (missing == SIZE_MAX)
        buffer_add_string(message,
                          "the English is short and has fewer sentences than the source: one seems to be missing");
    else
        buffer_print(message, "a sentence of the source seems to be missing: %.*s",
                     SPAN_ARGS(text_clip(pair->source_sentences.items[missing].text, 120)));
    return true;
}

/* Finds a sentence that was added: the English has more sentences and is also too long. */
static bool finds_added_sentence(const struct pair *pair, double deviation, struct buffer *message) {
    if (pair->target_sentences.count <= pair->source_sentences.count || deviation < MORE_SENTENCES) return false;
    size_t clauses = pair->source_sentences.count + count_clauses(&pair->source_reading);
    if (clauses >= pair->target_sentences.count && deviation < CLAUSE) return false;
    size_t added = best_without(pair, &pair->target_sentences, deviation, false);
    if (added == SIZE_MAX && deviation < CERTAIN) return false;
    if (added == SIZE_MAX)
        buffer_add_string(message,
                          "the English is long and has more sentences than the source: one seems to have been added");
    else
        buffer_print(message, "the source does not seem to say: %.*s",
                     SPAN_ARGS(text_clip(pair->target_sentences.items[added].text, 120)));
    return true;
}

/* ---------------------------------------------------------------- the checks */

static bool is_long_enough(const struct pair *pair) {
    return pair->expected_length >= MIN_LENGTH && pair->target_length > 0;
}

bool check_truncated(const struct pair *pair, struct buffer *message) {
    if (!is_long_enough(pair)) return false;
    double deviation = length_deviation(pair->length_rule, pair->expected_length, pair->target_length);
    if (finds_missing_sentence(pair, deviation, message) || finds_cut_off(pair, deviation, message)) return true;
    if (deviation > FAR_TOO_SHORT || pair->expected_length < MIN_LENGTH_ALONE) return false;
    buffer_print(message, "the English has %.0f characters, about %.0f were expected: something seems to be missing",
                 pair->target_length, pair->expected_length);
    return true;
}

bool check_added(const struct pair *pair, struct buffer *message) {
    if (!is_long_enough(pair)) return false;
    double deviation = length_deviation(pair->length_rule, pair->expected_length, pair->target_length);
    if (finds_added_sentence(pair, deviation, message)) return true;
    if (deviation < FAR_TOO_LONG || pair->expected_length < MIN_LENGTH_ALONE) return false;
    buffer_print(message,
                 "the English has %.0f characters, about %.0f were expected: something seems to have been added",
                 pair->target_length, pair->expected_length);
    return true;
}
