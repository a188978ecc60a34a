/* Currencies: the source's dollars are not to become euros. */
#include "stages/check/checks.h"

static bool has_currency(const struct reading *reading, double currency) {
    for (size_t i = 0; i < reading->count; i++)
        for (const struct sense *sense = reading->tokens[i].senses; sense; sense = sense->next)
            if (sense->means == MEANS_CURRENCY && quantity_same(sense->value, currency)) return true;
    return false;
}

/* Whether any currency that the word may stand for is on the other side. */
static bool is_shared(const struct sense *senses, const struct reading *other) {
    for (const struct sense *sense = senses; sense; sense = sense->next)
        if (sense->means == MEANS_CURRENCY && has_currency(other, sense->value)) return true;
    return false;
}

static bool is_next_to_number(const struct reading *reading, size_t i) {
    for (size_t j = i > 3 ? i - 3 : 0; j < i + 2 && j < reading->count; j++)
        if (reading->tokens[j].kind == TOKEN_NUMBER || sense_of(reading->tokens[j].senses, MEANS_CARDINAL)) return true;
    return false;
}

/* The first currency beside a number that the other side does not have. */
static const struct token *first_alone(const struct reading *reading, const struct reading *other) {
    enum { MOST = 32 };
    size_t seen = 0;
    for (size_t i = 0; i < reading->count && seen < MOST; i++) {
        const struct sense *senses = reading->tokens[i].senses;
        if (!sense_of(senses, MEANS_CURRENCY) || !is_next_to_number(reading, i)) continue;
        seen++;
        if (!is_shared(senses, other)) return &reading->tokens[i];
    }
    return NULL;
}

static const struct token *any_currency(const struct reading *reading) {
    for (size_t i = 0; i < reading->count; i++)
        if (sense_of(reading->tokens[i].senses, MEANS_CURRENCY)) return &reading->tokens[i];
    return NULL;
}

bool check_currencies(const struct pair *pair, struct buffer *message) {
    const struct token *wanted = first_alone(&pair->source_reading, &pair->target_reading);
    const struct token *found = first_alone(&pair->target_reading, &pair->source_reading);
    if (!wanted) wanted = any_currency(&pair->source_reading);
    if (!wanted || !found) return false;
    buffer_print(message, "the source says %.*s, the English says %.*s", SPAN_ARGS(text_clip(wanted->written, 40)), SPAN_ARGS(text_clip(found->written, 40)));
    return true;
}
