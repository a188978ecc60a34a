/* What is missing or has been added: by length, by the number of sentences, and by how the text ends. */
#include <math.h>

#include "stages/check/checks.h"

enum {
    SHORTEST = 24,
    SHORTEST_ALONE = 70
}; /* characters of English expected; less says nothing, or nothing on its own */

/* Beyond these many standard deviations a length speaks for itself. */
static const double FAR_TOO_SHORT = -2.7, FAR_TOO_LONG = 3.0;
/* With another sign of it, so many are enough: a sentence less or more, an end without a stop, an end amid a phrase. */
static const double SENTENCE_LESS = -1.1, SENTENCE_MORE = 1.4, NO_STOP = -1.6, OPEN_END = -0.7;
/* Where a semicolon may have become a full stop, or the other way round, a sentence less or more says little. */
static const double CLAUSE = 2.2;
/* Leaving the sentence out has to explain the length better by so much (in squared deviations), unless
 * the length is as far off as CERTAIN. */
static const double BETTER_WITHOUT = 0.9, CERTAIN = 1.15;

static double square(double value) {
    return value * value;
}

/* ---------------------------------------------------------------- how it ends */

/* With a stop, or announcing what the next segment says. */
static bool ends_whole(const struct pair *pair, struct span text) {
    enum mark last = text_last_mark(pair->marks, text);
    return last == MARK_PART || text_ends_sentence(pair->marks, text);
}

/* "the", "of", "about": English does not end on them. */
static bool ends_open(const struct reading *reading) {
    if (reading->count == 0) return false;
    const struct token *last = &reading->tokens[reading->count - 1];
    return sense_of(last->senses, ROLE_OPEN) || (last->kind == TOKEN_SIGN && span_is(last->written, ","));
}

static bool finds_cut_off(const struct pair *pair, double deviation, struct buffer *message) {
    if (ends_whole(pair, pair->target) || !ends_whole(pair, pair->source)) return false;
    bool open = ends_open(&pair->target_reading);
    if (deviation > (open ? OPEN_END : NO_STOP)) return false;
    buffer_add_string(message, "the English is short and ends without a stop: its end seems to be missing");
    return true;
}

/* ---------------------------------------------------------------- sentences */

/* The sentence that, left out of the longer side, explains the lengths best; SIZE_MAX when none does. */
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

/* Chinese and Japanese part with a comma what English may part with a full stop. */
static bool is_clause_mark(struct span sign) {
    return span_is(sign, ";") || span_is(sign, "；") || span_is(sign, "，");
}

static size_t count_clauses(const struct reading *reading) {
    size_t count = 0;
    for (size_t i = 0; i < reading->count; i++)
        count += reading->tokens[i].kind == TOKEN_SIGN && is_clause_mark(reading->tokens[i].written);
    return count;
}

static bool finds_sentence_less(const struct pair *pair, double deviation, struct buffer *message) {
    if (pair->target_sentences.count >= pair->source_sentences.count || deviation > SENTENCE_LESS) return false;
    size_t clauses = pair->target_sentences.count + count_clauses(&pair->target_reading);
    if (clauses >= pair->source_sentences.count && deviation > -CLAUSE) return false;
    size_t missing = best_without(pair, &pair->source_sentences, deviation, true);
    if (missing == SIZE_MAX && deviation > -CERTAIN) return false;
    if (missing == SIZE_MAX)
        buffer_add_string(message, "the source has more sentences, and the English is short: one seems to be missing");
    else
        buffer_print(message, "a sentence of the source seems to be missing: %.*s",
                     SPAN_ARGS(text_clip(pair->source_sentences.items[missing].text, 120)));
    return true;
}

static bool finds_sentence_more(const struct pair *pair, double deviation, struct buffer *message) {
    if (pair->target_sentences.count <= pair->source_sentences.count || deviation < SENTENCE_MORE) return false;
    size_t clauses = pair->source_sentences.count + count_clauses(&pair->source_reading);
    if (clauses >= pair->target_sentences.count && deviation < CLAUSE) return false;
    size_t added = best_without(pair, &pair->target_sentences, deviation, false);
    if (added == SIZE_MAX && deviation < CERTAIN) return false;
    if (added == SIZE_MAX)
        buffer_add_string(message, "the English has more sentences, and is long: one seems to have been added");
    else
        buffer_print(message, "the source does not seem to say: %.*s",
                     SPAN_ARGS(text_clip(pair->target_sentences.items[added].text, 120)));
    return true;
}

/* ---------------------------------------------------------------- the checks */

static bool is_long_enough(const struct pair *pair) {
    return pair->expected_length >= SHORTEST && pair->target_length > 0;
}

bool check_truncated(const struct pair *pair, struct buffer *message) {
    if (!is_long_enough(pair)) return false;
    double deviation = length_deviation(pair->length_rule, pair->expected_length, pair->target_length);
    if (finds_sentence_less(pair, deviation, message) || finds_cut_off(pair, deviation, message)) return true;
    if (deviation > FAR_TOO_SHORT || pair->expected_length < SHORTEST_ALONE) return false;
    buffer_print(message,
                 "the English has %.0f characters where some %.0f are to be expected: something seems to be missing",
                 pair->target_length, pair->expected_length);
    return true;
}

bool check_added(const struct pair *pair, struct buffer *message) {
    if (!is_long_enough(pair)) return false;
    double deviation = length_deviation(pair->length_rule, pair->expected_length, pair->target_length);
    if (finds_sentence_more(pair, deviation, message)) return true;
    if (deviation < FAR_TOO_LONG || pair->expected_length < SHORTEST_ALONE) return false;
    buffer_print(
        message,
        "the English has %.0f characters where some %.0f are to be expected: something seems to have been added",
        pair->target_length, pair->expected_length);
    return true;
}
