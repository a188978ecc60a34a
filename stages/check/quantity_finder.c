#include "stages/check/quantity_finder.h"

#include <math.h>
#include <string.h>

#include "pipeline/base/arena.h"

bool quantity_same(double a, double b) {
    return fabs(a - b) <= 1e-9 * fmax(fabs(a), fabs(b));
}

bool quantity_has(const struct quantity *quantity, double value) {
    for (size_t i = 0; i < quantity->value_count; i++)
        if (quantity_same(quantity->values[i], value)) return true;
    return false;
}

void quantity_add_value(struct quantity *quantity, double value) {
    if (quantity->value_count < MAX_VALUES && !quantity_has(quantity, value))
        quantity->values[quantity->value_count++] = value;
}

const struct token *finder_token(const struct finder *finder, size_t i) {
    return i < finder->reading->count ? &finder->reading->tokens[i] : NULL;
}

struct quantity *finder_add(const struct finder *finder, enum quantity_kind kind, size_t from) {
    struct quantities *found = finder->found;
    if (found->count == found->capacity) {
        found->capacity = found->capacity ? found->capacity * 2 : 8;
        found->items = memory_resize(found->items, found->capacity * sizeof *found->items);
    }
    struct quantity *quantity = &found->items[found->count++];
    *quantity = (struct quantity){.kind = kind, .scale = 1, .from = from, .to = from + 1};
    return quantity;
}

void finder_set_written(const struct finder *finder, struct quantity *quantity) {
    const struct token *first = &finder->reading->tokens[quantity->from],
                       *last = &finder->reading->tokens[quantity->to - 1];
    quantity->written =
        (struct span){first->written.at, (size_t)(last->written.at + last->written.length - first->written.at)};
}

bool token_is_word(const struct token *token, const char *word) {
    return token && token->kind == TOKEN_WORD && span_is(token->folded, word);
}

void quantity_add_scaled(struct quantity *quantity, double factor) {
    for (size_t i = 0, count = quantity->value_count; i < count; i++)
        quantity_add_value(quantity, quantity->values[i] * factor);
}

bool quantity_is_year(const struct quantity *quantity) {
    return quantity->value_count == 1 && quantity->part_count == 0 && quantity->values[0] >= 1900 &&
           quantity->values[0] <= 2100;
}
