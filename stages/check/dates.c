/* Finds months and weekdays in the English that do not match those in the source. */
#include "stages/check/checks.h"
#include "stages/check/quantities.h"

static bool is_capital(const struct token *token) {
    return token->written.length && token->written.at[0] >= 'A' && token->written.at[0] <= 'Z';
}

static bool is_number_at(const struct reading *reading, size_t i) {
    return i < reading->count && reading->tokens[i].kind == TOKEN_NUMBER;
}

/* Accepts "in May", "May 5" and "5 May", but not "they may". */
static bool is_in_place(const struct reading *reading, size_t i) {
    if (is_number_at(reading, i + 1) || (i > 0 && is_number_at(reading, i - 1))) return true;
    return i > 0 && sense_of(reading->tokens[i - 1].senses, ROLE_WHEN) != NULL;
}

/* Returns the month or weekday that the token means. These begin with a capital in English, which distinguishes "March"
 * from "march". */
static const struct sense *english_sense(const struct reading *reading, size_t i, enum role role) {
    const struct token *token = &reading->tokens[i];
    if (token->kind != TOKEN_WORD || !is_capital(token)) return NULL;
    const struct sense *sense = sense_of(token->senses, role);
    if (sense || role != ROLE_MONTH || !is_in_place(reading, i)) return sense;
    return sense_of(token->senses, ROLE_MAYBE_MONTH);
}

/* Returns whether the source names the weekday or the month in words. */
static bool source_names(const struct reading *reading, enum role role, double value) {
    for (size_t i = 0; i < reading->count; i++)
        for (const struct sense *sense = reading->tokens[i].senses; sense; sense = sense->next)
            if (sense->role == role && quantity_same(sense->value, value)) return true;
    return false;
}

static bool is_mark_at(const struct reading *reading, size_t i) {
    return i < reading->count && sense_of(reading->tokens[i].senses, ROLE_MONTH_MARK) != NULL;
}

static bool is_date_sign(const struct reading *reading, size_t i) {
    return reading_has_sign(reading, i, "/") || reading_has_sign(reading, i, "-") || reading_has_sign(reading, i, ".");
}

/* Returns whether the number may be that of a month, as in "6月", "tháng 6" and "14/6". */
static bool may_be_month(const struct reading *reading, const struct quantity *quantity) {
    if (quantity->kind != QUANTITY_DIGITS) return false;
    size_t from = quantity->from, to = quantity->to;
    if (is_mark_at(reading, to) || (from > 0 && (is_mark_at(reading, from - 1) || is_date_sign(reading, from - 1))))
        return true;
    return is_date_sign(reading, to) && to + 1 < reading->count;
}

/* Returns whether the source gives the month as a number, on its own or as part of a date. */
static bool source_has_month_number(const struct reading *reading, const struct quantities *quantities, double value) {
    for (size_t i = 0; i < quantities->count; i++) {
        const struct quantity *quantity = &quantities->items[i];
        if (quantity_has(quantity, value) && may_be_month(reading, quantity)) return true;
        for (size_t j = 0; j < quantity->part_count; j++)
            if (quantity->kind == QUANTITY_DIGITS && quantity_same(quantity->parts[j], value)) return true;
    }
    return false;
}

static const struct token *source_token(const struct reading *reading, enum role role) {
    for (size_t i = 0; i < reading->count; i++)
        if (sense_of(reading->tokens[i].senses, role)) return &reading->tokens[i];
    return NULL;
}

static bool report(const struct pair *pair, enum role role, const struct token *english, struct buffer *message) {
    const struct token *source = source_token(&pair->source_reading, role);
    if (source)
        buffer_print(message, "the source says %.*s, the English says %.*s", SPAN_ARGS(text_clip(source->written, 80)),
                     SPAN_ARGS(text_clip(english->written, 80)));
    else
        buffer_print(message, "the English says %.*s, the source does not", SPAN_ARGS(text_clip(english->written, 80)));
    return true;
}

/* Returns whether the source has any month (or any weekday) that the tables know. If not, the source may have an
 * inflected form that the tables lack, and a finding would be a guess. */
static bool names_any(const struct reading *source, enum role role, const struct quantities *numbers) {
    if (source_token(source, role)) return true;
    for (size_t i = 0; role == ROLE_MONTH && i < numbers->count; i++)
        if (may_be_month(source, &numbers->items[i])) return true;
    return false;
}

/* Finds the first month or weekday of the English that the source does not have. */
static bool finds_other(const struct pair *pair, enum role role, const struct quantities *numbers,
                        struct buffer *message) {
    const struct reading *source = &pair->source_reading, *target = &pair->target_reading;
    if (!names_any(source, role, numbers)) return false;
    for (size_t i = 0; i < target->count; i++) {
        const struct sense *said = english_sense(target, i, role);
        if (!said || source_names(source, role, said->value)) continue;
        if (role == ROLE_MONTH && source_has_month_number(source, numbers, said->value)) continue;
        return report(pair, role, &target->tokens[i], message);
    }
    return false;
}

bool check_dates(const struct pair *pair, struct buffer *message) {
    if (span_equal(pair->source, pair->target)) return false; /* an untranslated text is reported by the check "echo" */
    /* a month of another calendar overlaps two English months */
    if (source_token(&pair->source_reading, ROLE_OTHER_MONTH)) return false;
    return finds_other(pair, ROLE_WEEKDAY, &pair->source_numbers, message) ||
           finds_other(pair, ROLE_MONTH, &pair->source_numbers, message);
}
