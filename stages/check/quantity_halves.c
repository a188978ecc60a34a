/* Reads halves and quarters: "two and a half", "half a million", "dos años y medio", साढ़े तीन. */
#include <math.h>

#include "stages/check/quantity_finder.h"

/* MAX_GAP: bytes of a measure between a number and its half in text without spaces ("两个半小时"). */
enum { MAX_GAP = 30, MAX_ONES = 2 };

double finder_number_of(const struct token *token, enum role *ret_role) {
    static const enum role kinds[] = {ROLE_CARDINAL, ROLE_ORDINAL, ROLE_PERHAPS};
    *ret_role = ROLE_PERHAPS;
    for (size_t i = 0; token && token->kind == TOKEN_WORD && i < 3; i++) {
        const struct sense *sense = sense_of(token->senses, kinds[i]);
        *ret_role = kinds[i];
        if (sense) return sense->value;
    }
    return -1;
}

static const struct sense *half_at(const struct finder *finder, size_t i) {
    const struct token *token = finder_token(finder, i);
    return token ? sense_of(token->senses, ROLE_HALF) : NULL;
}

static bool joins_at(const struct finder *finder, size_t i) {
    const struct token *token = finder_token(finder, i);
    return token && sense_of(token->senses, ROLE_JOINS);
}

static bool is_one_at(const struct finder *finder, size_t i) {
    const struct token *token = finder_token(finder, i);
    return token && sense_of(token->senses, ROLE_ONE);
}

/* Returns how many signs before a word only belong to its spelling: the hyphen of "demi-million" and the apostrophe of
 * the Afrikaans "'n". */
static size_t count_marks(const struct finder *finder, size_t i) {
    size_t count = reading_has_sign(finder->reading, i, "-") ? 1 : 0;
    bool mark = reading_has_sign(finder->reading, i + count, "'") || reading_has_sign(finder->reading, i + count, "’");
    return count + mark;
}

/* Skips the "a" of "two and a half" and the "of a" of "half of a million". */
static size_t skip_ones(const struct finder *finder, size_t i) {
    size_t at = i + count_marks(finder, i);
    for (size_t count = 0; count < MAX_ONES && is_one_at(finder, at); count++) {
        i = at + 1;
        at = i + count_marks(finder, i);
    }
    return reading_has_sign(finder->reading, i, "-") ? i + 1 : i;
}

size_t finder_take_half(const struct finder *finder, size_t i, double *ret_half) {
    size_t from = i + (reading_has_sign(finder->reading, i, "-") && joins_at(finder, i + 1));
    size_t at = skip_ones(finder, from + joins_at(finder, from));
    const struct sense *half = half_at(finder, at);
    if (!half) return i;
    *ret_half = half->value;
    return at + 1;
}

size_t finder_take_part_of_scale(const struct finder *finder, size_t i, double *ret_part) {
    enum role role;
    const struct sense *half = half_at(finder, i);
    if (!half) return i;
    size_t at = skip_ones(finder, i + 1);
    if (finder_number_of(finder_token(finder, at), &role) < 1000) return i;
    *ret_part = half->value;
    return at;
}

size_t finder_take_addition(const struct finder *finder, size_t i, double *ret_value) {
    enum role role;
    const struct token *token = finder_token(finder, i);
    const struct sense *adds = token ? sense_of(token->senses, ROLE_ADDS) : NULL;
    double value = adds ? finder_number_of(finder_token(finder, i + 1), &role) : -1;
    if (value < 0) return i;
    /* a scale alone is one of it: सवा लाख is 1.25 lakh */
    *ret_value = adds->value + (value < 100 ? value : 1);
    return i + (value < 100 ? 2 : 1);
}

size_t finder_take_one_and_half(const struct finder *finder, size_t i, double *ret_value) {
    double half;
    if (!is_one_at(finder, i) || !joins_at(finder, i + 1)) return i;
    size_t end = finder_take_half(finder, i + 1, &half);
    if (end == i + 1) return i;
    *ret_value = 1 + half;
    return end;
}

/* Returns whether a half may follow directly what is counted: "hai năm rưỡi", but not "dos goles media hora". Languages
 * with prefixes write the "and" together with the half. */
static bool follows_directly(const struct finder *finder) {
    return !word_tables_have(finder->word_tables, finder->reading->language, ROLE_JOINS) ||
           word_tables_have(finder->word_tables, finder->reading->language, ROLE_PREFIX);
}

/* Returns whether the token may be what is counted: a word that is no number. */
static bool is_measure(const struct finder *finder, size_t i) {
    enum role role;
    const struct token *token = finder_token(finder, i);
    if (!token || (token->kind == TOKEN_GAP && token->written.length > MAX_GAP)) return false;
    return (token->kind == TOKEN_WORD || token->kind == TOKEN_GAP) && finder_number_of(token, &role) < 0 &&
           !half_at(finder, i) && !joins_at(finder, i);
}

/* Adds what a number with a half means in smaller units: a year and a half is 18 months, an hour and a half 90 minutes.
 */
static void add_smaller_units(struct quantity *quantity, double value) {
    if (value > 4) return;
    quantity_add_value(quantity, value * 12);
    quantity_add_value(quantity, value * 60);
}

void finder_add_hours(const struct finder *finder, struct quantity *quantity) {
    double value = quantity->values[0], part = fmod(value, 1);
    const struct token *before = quantity->from ? finder_token(finder, quantity->from - 1) : NULL;
    if (finder->found->english || value < 1 || value > 12.75) return;
    if (before && before->letters == LETTER_SPACED && sense_of(before->senses, ROLE_HALF))
        quantity_add_value(quantity, value == 1 ? 12 : value - 1);
    if (part == 0) return;
    /* not the one of "half past one": a number that may be one is never asked for */
    if (value >= 2) quantity_add_value(quantity, floor(value));
    quantity_add_value(quantity, part * 60);
    if (part == 0.5) add_smaller_units(quantity, value);
}

void finder_take_addition_before(const struct finder *finder, struct quantity *quantity) {
    const struct token *before = quantity->from ? finder_token(finder, quantity->from - 1) : NULL;
    const struct sense *adds = before ? sense_of(before->senses, ROLE_ADDS) : NULL;
    if (!adds) return;
    for (size_t i = 0; i < quantity->value_count; i++) quantity->values[i] += adds->value;
    quantity->from--;
    quantity->precision++;
    finder_add_hours(finder, quantity);
}

void finder_take_late_half(const struct finder *finder, struct quantity *quantity) {
    double half;
    size_t i = quantity->to + 1, count = quantity->value_count;
    if (quantity->scale != 1 || quantity->part_count || !is_measure(finder, quantity->to)) return;
    if (!joins_at(finder, i) && !follows_directly(finder)) return;
    if (finder_take_half(finder, i, &half) == i) return;
    for (size_t j = 0; j < count; j++) quantity_add_value(quantity, quantity->values[j] + half);
    if (count) add_smaller_units(quantity, quantity->values[0] + half);
    if (quantity->kind == QUANTITY_PERHAPS) quantity->kind = QUANTITY_WORDS; /* with a half, "two" is surely a number */
}

/* Adds one and a half for a half after a word that is no number: "un an et demi", "một năm rưỡi". The number is certain
 * if the "one" is said and joined to its half. */
static void add_one_and_half(const struct finder *finder, struct quantity *quantity) {
    size_t i = quantity->from;
    while (i > 0 && is_one_at(finder, i - 1) && !joins_at(finder, i - 1)) i--;
    bool joined = i > 0 && joins_at(finder, i - 1);
    if (joined) i--;
    if (i == 0 || !is_measure(finder, i - 1) || (!joined && !follows_directly(finder))) return;
    if (joined && i > 1 && is_one_at(finder, i - 2)) quantity->kind = QUANTITY_WORDS;
    quantity_add_value(quantity, 1.5);
    add_smaller_units(quantity, 1.5);
}

/* Adds what a lone half can mean: a half, the second half, half an hour, half of them; and what the table says of it.
 */
static void add_lone_half(struct quantity *quantity, const struct token *token, double half) {
    static const double said[] = {0.5, 2, 30, 50};
    if (half != 0.5) quantity_add_value(quantity, half);
    if (half == 0.25) quantity_add_value(quantity, 15);
    for (size_t i = 0; half == 0.5 && i < sizeof said / sizeof *said; i++) quantity_add_value(quantity, said[i]);
    for (const struct sense *sense = token->senses; sense; sense = sense->next)
        if (sense->role == ROLE_PERHAPS) quantity_add_value(quantity, sense->value);
}

size_t finder_find_half(const struct finder *finder, size_t i) {
    const struct sense *half = half_at(finder, i);
    struct quantity *quantity = half ? finder_add(finder, QUANTITY_PERHAPS, i) : NULL;
    if (!quantity) return i;
    if (half->value == 0.5) add_one_and_half(finder, quantity);
    add_lone_half(quantity, finder_token(finder, i), half->value);
    finder_set_written(finder, quantity);
    return i + 1;
}
