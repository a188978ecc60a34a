/* Compares currencies and units: dollars must not become euros, and kilometres must not become miles. */
#include "stages/check/checks.h"

static bool has(const struct reading *reading, enum role kind, double value) {
    for (size_t i = 0; i < reading->count; i++)
        for (const struct sense *sense = reading->tokens[i].senses; sense; sense = sense->next)
            if (sense->role == kind && quantity_same(sense->value, value)) return true;
    return false;
}

/* Returns whether any meaning of the word occurs in the other text. An abbreviation may have several meanings. */
static bool is_shared(const struct sense *senses, enum role kind, const struct reading *other) {
    for (const struct sense *sense = senses; sense; sense = sense->next)
        if (sense->role == kind && has(other, kind, sense->value)) return true;
    return false;
}

/* "Two" is in few tables among the cardinals. */
static bool is_number(const struct token *token) {
    const struct sense *perhaps = sense_of(token->senses, ROLE_PERHAPS);
    return token->kind == TOKEN_NUMBER || sense_of(token->senses, ROLE_CARDINAL) || (perhaps && perhaps->value == 2);
}

/* Returns whether the currency or unit is near a number: up to three tokens after one, or directly before one. */
static bool is_next_to_number(const struct reading *reading, size_t i) {
    for (size_t j = i > 3 ? i - 3 : 0; j < i + 2 && j < reading->count; j++)
        if (is_number(&reading->tokens[j])) return true;
    return false;
}

/* Returns whether no number is before the word, as in "won 20 games", where "won" is no currency. */
static bool precedes_number(const struct reading *reading, size_t i) {
    for (size_t j = i > 3 ? i - 3 : 0; j < i; j++)
        if (is_number(&reading->tokens[j])) return false;
    return true;
}

/* Returns the first currency or unit that is next to a number and that the other text lacks, or NULL. */
static const struct token *first_unmatched(const struct reading *reading, enum role kind, const struct reading *other) {
    enum { MAX_MEASURES = 32 };
    size_t seen = 0;
    for (size_t i = 0; i < reading->count && seen < MAX_MEASURES; i++) {
        const struct sense *senses = reading->tokens[i].senses;
        if (!sense_of(senses, kind) || !is_next_to_number(reading, i)) continue;
        if (kind == ROLE_CURRENCY && sense_of(senses, ROLE_COUNTED) && precedes_number(reading, i)) continue;
        seen++;
        if (!is_shared(senses, kind, other)) return &reading->tokens[i];
    }
    return NULL;
}

static const struct token *any(const struct reading *reading, enum role kind) {
    for (size_t i = 0; i < reading->count; i++)
        if (sense_of(reading->tokens[i].senses, kind)) return &reading->tokens[i];
    return NULL;
}

static bool report(const struct token *source, const struct token *english, struct buffer *message) {
    if (!source || !english) return false;
    buffer_print(message, "the source says %.*s, the English says %.*s", SPAN_ARGS(text_clip(source->written, 40)),
                 SPAN_ARGS(text_clip(english->written, 40)));
    return true;
}

/* Returns whether an English word is what the currency is called when its name is taken for another word. */
static bool mistakes(const struct pair *pair, const struct token *currency, struct span english) {
    const struct sense *mistaken = word_tables_find(pair->word_tables, pair->source_reading.language, english);
    for (; mistaken; mistaken = mistaken->next)
        for (const struct sense *sense = currency->senses; sense && mistaken->role == ROLE_MISTAKEN;
             sense = sense->next)
            if (sense->role == ROLE_CURRENCY && quantity_same(sense->value, mistaken->value)) return true;
    return false;
}

/* Returns the English word next to a number that mistakes the currency: "two lions" for "два лева". */
static const struct token *find_mistaken(const struct pair *pair, const struct token *currency) {
    const struct reading *target = &pair->target_reading;
    if (!word_tables_have(pair->word_tables, pair->source_reading.language, ROLE_MISTAKEN)) return NULL;
    for (size_t i = 0; i < target->count; i++)
        if (target->tokens[i].kind == TOKEN_WORD && is_next_to_number(target, i) &&
            mistakes(pair, currency, target->tokens[i].folded))
            return &target->tokens[i];
    return NULL;
}

/* Finds a currency that was replaced. The source may name its currency far from the amount; the message then gives the
 * first currency in the source. */
bool check_currencies(const struct pair *pair, struct buffer *message) {
    const struct token *wanted = first_unmatched(&pair->source_reading, ROLE_CURRENCY, &pair->target_reading);
    const struct token *found = first_unmatched(&pair->target_reading, ROLE_CURRENCY, &pair->source_reading);
    if (wanted && !found) found = find_mistaken(pair, wanted);
    return report(wanted ? wanted : any(&pair->source_reading, ROLE_CURRENCY), found, message);
}

/* Finds a unit that was replaced. The tables lack the units of many languages, so each text must have a unit that the
 * other lacks. "100 miles" may stand for 160 km. */
bool check_units(const struct pair *pair, struct buffer *message) {
    const struct token *wanted = first_unmatched(&pair->source_reading, ROLE_UNIT, &pair->target_reading);
    const struct token *found = first_unmatched(&pair->target_reading, ROLE_UNIT, &pair->source_reading);
    return wanted && found && !numbers_converted(pair, found) && report(wanted, found, message);
}
