/* Finds months and weekdays that differ between the source and the English. */
#include <string.h>

#include "stages/check/checks.h"
#include "stages/check/quantities.h"

/* Months or weekdays: the roles of words that mean nothing else, and of those that may also mean something else. */
struct date_kind {
    enum role sure, maybe;
};

/* Each month and weekday is looked for in the whole other text, so their number is limited. */
enum { MAX_NAMED = 64 };
/* How many words before a month may belong to the same name. */
enum { NAME_REACH = 4 };

static const struct date_kind months = {ROLE_MONTH, ROLE_MAYBE_MONTH};
static const struct date_kind weekdays = {ROLE_WEEKDAY, ROLE_MAYBE_WEEKDAY};

static bool is_capital(const struct token *token) {
    return token->written.length && token->written.at[0] >= 'A' && token->written.at[0] <= 'Z';
}

static bool is_number_at(const struct reading *reading, size_t i) {
    return i < reading->count && reading->tokens[i].kind == TOKEN_NUMBER;
}

/* Accepts "in May", "mid-May", "May 5" and "5 May", but not "they may". */
static bool is_in_place(const struct reading *reading, size_t i) {
    if (is_number_at(reading, i + 1) || (i > 0 && is_number_at(reading, i - 1))) return true;
    if (i > 1 && reading_has_sign(reading, i - 1, "-")) i--;
    return i > 0 && sense_of(reading->tokens[i - 1].senses, ROLE_WHEN) != NULL;
}

/* Returns the month or weekday that the token of the English means. These begin with a capital in English, which
 * distinguishes "March" from "march". */
static const struct sense *english_sense(const struct reading *reading, size_t i, const struct date_kind *kind) {
    const struct token *token = &reading->tokens[i];
    if (token->kind != TOKEN_WORD || !is_capital(token)) return NULL;
    const struct sense *sense = sense_of(token->senses, kind->sure);
    if (sense || !is_in_place(reading, i)) return sense;
    return sense_of(token->senses, kind->maybe);
}

/* Returns whether one of the meanings is this month or weekday. */
static bool means(const struct sense *senses, const struct date_kind *kind, double value) {
    for (; senses; senses = senses->next)
        if ((senses->role == kind->sure || senses->role == kind->maybe) && quantity_same(senses->value, value))
            return true;
    return false;
}

/* Returns whether the text names the weekday or the month in words. */
static bool names(const struct reading *reading, const struct date_kind *kind, double value) {
    for (size_t i = 0; i < reading->count; i++)
        if (means(reading->tokens[i].senses, kind, value)) return true;
    return false;
}

/* ---------------------------------------------------------------- months as numbers */

static bool is_mark_at(const struct reading *reading, size_t i) {
    return i < reading->count && sense_of(reading->tokens[i].senses, ROLE_MONTH_MARK) != NULL;
}

static bool is_date_sign(const struct reading *reading, size_t i) {
    return reading_has_sign(reading, i, "/") || reading_has_sign(reading, i, "-") || reading_has_sign(reading, i, ".");
}

/* Returns whether a word such as 月 follows the number, perhaps after an ordinal ending ("10-р сар"). */
static bool is_before_mark(const struct reading *reading, size_t to) {
    if (is_mark_at(reading, to) || is_mark_at(reading, to + 1)) return true;
    return reading_has_sign(reading, to, "-") && is_mark_at(reading, to + 2);
}

/* Returns whether the number may be that of a month, as in "6月", "tháng 6", "14/6" and "14 VI 2024". */
static bool may_be_month(const struct reading *reading, const struct quantity *quantity) {
    if (quantity->kind == QUANTITY_ROMAN || quantity->kind == QUANTITY_PERHAPS)
        return is_number_at(reading, quantity->to) && quantity->from > 0 && is_number_at(reading, quantity->from - 1);
    if (quantity->kind != QUANTITY_DIGITS) return false;
    size_t from = quantity->from, to = quantity->to;
    if (is_before_mark(reading, to) || (from > 0 && (is_mark_at(reading, from - 1) || is_date_sign(reading, from - 1))))
        return true;
    return is_date_sign(reading, to) && to + 1 < reading->count;
}

/* Returns whether the parts of the number may be those of a date: "14.06." and "14.06.2024", but not "2,7" and "2.7
 * percent". */
static bool may_be_date(const struct reading *reading, const struct quantity *quantity) {
    if (quantity->kind != QUANTITY_DIGITS || memchr(quantity->written.at, ',', quantity->written.length)) return false;
    if (quantity->to >= reading->count) return true;
    const struct sense *after = reading->tokens[quantity->to].senses;
    return quantity->scale == 1 && !sense_of(after, ROLE_UNIT);
}

/* Returns whether the number is the first or the last one of "14/06/2024" in the source. English may also have the
 * month first; the other languages have it in the middle. */
static bool is_at_edge(const struct reading *reading, const struct quantities *quantities, size_t i) {
    if (quantities->english || i >= quantities->count) return false;
    const struct quantity *quantity = &quantities->items[i];
    bool before =
        quantity->from > 1 && is_date_sign(reading, quantity->from - 1) && is_number_at(reading, quantity->from - 2);
    bool after = is_date_sign(reading, quantity->to) && is_number_at(reading, quantity->to + 1);
    bool leads = after && is_date_sign(reading, quantity->to + 2) && is_number_at(reading, quantity->to + 3);
    bool ends = before && quantity->from > 3 && is_date_sign(reading, quantity->from - 3) &&
                is_number_at(reading, quantity->from - 4);
    return (leads && !before) || (ends && !after);
}

/* Returns whether a part of a date such as "14.06.2024" may be this month. */
static bool has_month_part(const struct reading *reading, const struct quantities *quantities,
                           const struct quantity *quantity, double value) {
    if (!may_be_date(reading, quantity)) return false;
    if (quantity->part_count == 3 && !quantities->english) return quantity_same(quantity->parts[1], value);
    for (size_t j = 0; j < quantity->part_count; j++)
        if (quantity_same(quantity->parts[j], value)) return true;
    return false;
}

/* Returns whether the text gives the month as a number, on its own or as part of a date. */
static bool has_month_number(const struct reading *reading, const struct quantities *quantities, double value) {
    for (size_t i = 0; i < quantities->count; i++) {
        const struct quantity *quantity = &quantities->items[i];
        bool alone = quantity_has(quantity, value) && may_be_month(reading, quantity);
        if (alone && !is_at_edge(reading, quantities, i)) return true;
        if (has_month_part(reading, quantities, quantity, value)) return true;
    }
    return false;
}

/* ---------------------------------------------------------------- comparing the texts */

static bool is_in_source(const struct pair *pair, const struct date_kind *kind, double value) {
    if (names(&pair->source_reading, kind, value)) return true;
    return kind == &months && has_month_number(&pair->source_reading, &pair->source_numbers, value);
}

static double day_after(double weekday) {
    return weekday == 7 ? 1 : weekday + 1;
}

/* Returns whether the weekday of the source ends a night: Russian "the night to Friday" is Thursday night in English.
 */
static bool ends_night(const struct reading *source, double value) {
    for (size_t i = 1; i < source->count; i++)
        if (sense_of(source->tokens[i - 1].senses, ROLE_EVE) && means(source->tokens[i].senses, &weekdays, value))
            return true;
    return false;
}

static bool is_night(const struct reading *target, size_t i) {
    return i + 1 < target->count && span_is(target->tokens[i + 1].folded, "night");
}

/* Returns whether the English has the night before this weekday of the source. */
static bool is_night_in_english(const struct pair *pair, double value) {
    const struct reading *target = &pair->target_reading;
    if (!ends_night(&pair->source_reading, value)) return false;
    for (size_t i = 0; i < target->count; i++) {
        const struct sense *day = is_night(target, i) ? english_sense(target, i, &weekdays) : NULL;
        if (day && quantity_same(day_after(day->value), value)) return true;
    }
    return false;
}

/* Returns the first month or weekday of the English that the source does not have. */
static const struct token *find_invented(const struct pair *pair, const struct date_kind *kind) {
    const struct reading *target = &pair->target_reading;
    for (size_t i = 0, named = 0; i < target->count && named < MAX_NAMED; i++) {
        const struct sense *said = english_sense(target, i, kind);
        named += said != NULL;
        if (!said || is_in_source(pair, kind, said->value)) continue;
        bool night =
            kind == &weekdays && is_night(target, i) && ends_night(&pair->source_reading, day_after(said->value));
        if (!night) return &target->tokens[i];
    }
    return NULL;
}

/* Returns whether the English has any of the months or weekdays that the word of the source may mean. */
static bool is_in_english(const struct pair *pair, const struct date_kind *kind, const struct sense *senses) {
    for (; senses; senses = senses->next) {
        if (senses->role != kind->sure && senses->role != kind->maybe) continue;
        if (names(&pair->target_reading, kind, senses->value)) return true;
        if (kind == &weekdays && is_night_in_english(pair, senses->value)) return true;
        if (kind == &months && has_month_number(&pair->target_reading, &pair->target_numbers, senses->value))
            return true;
    }
    return false;
}

/* Returns whether token `i` of the source and token `j` of the English exist and differ at most in capitals. */
static bool is_kept(const struct pair *pair, size_t i, size_t j) {
    const struct reading *source = &pair->source_reading, *target = &pair->target_reading;
    return i < source->count && j < target->count && span_equal(source->tokens[i].folded, target->tokens[j].folded);
}

static bool is_capital_word(const struct reading *reading, size_t i) {
    return i < reading->count && reading->tokens[i].kind == TOKEN_WORD && is_capital(&reading->tokens[i]);
}

/* Returns whether the kept word, near a month, shows that both belong to a name: "Avenida", but not the weekday of a
 * date. */
static bool shows_name(const struct pair *pair, size_t i, size_t j) {
    const struct sense *senses = pair->source_reading.tokens[i].senses;
    return is_capital_word(&pair->target_reading, j) && !sense_of(senses, ROLE_WEEKDAY) &&
           !sense_of(senses, ROLE_MONTH);
}

/* Returns whether token `i` of the source, which is token `j` of the English, is part of a name in both. After a kept
 * number the name may go on in English. */
static bool is_kept_in_name(const struct pair *pair, size_t i, size_t j) {
    bool name = false, number = false;
    for (size_t back = 1; back <= NAME_REACH && back <= i && back <= j && is_kept(pair, i - back, j - back); back++) {
        number = number || pair->source_reading.tokens[i - back].kind == TOKEN_NUMBER;
        name = name || shows_name(pair, i - back, j - back);
    }
    if (name || is_kept(pair, i + 1, j + 1)) return name || shows_name(pair, i + 1, j + 1);
    return number && is_capital_word(&pair->target_reading, j + 1);
}

/* Returns whether the English keeps the word in a name: "Avenida 24 de Julho", "Via XX Settembre", "25 de Abril
 * Square". English writes it with a capital even if the source does not. */
static bool is_name(const struct pair *pair, size_t i) {
    const struct reading *target = &pair->target_reading;
    for (size_t j = 0; j < target->count; j++)
        if (is_capital_word(target, j) && is_kept(pair, i, j) && is_kept_in_name(pair, i, j)) return true;
    return false;
}

/* Returns the first month or weekday that the source certainly names and the English does not have. */
static const struct token *find_lost(const struct pair *pair, const struct date_kind *kind) {
    const struct reading *source = &pair->source_reading;
    for (size_t i = 0, named = 0; i < source->count && named < MAX_NAMED; i++) {
        const struct sense *senses = source->tokens[i].senses;
        named += sense_of(senses, kind->sure) != NULL;
        if (!sense_of(senses, kind->sure) || sense_of(senses, kind->maybe)) continue;
        if (!is_in_english(pair, kind, senses) && !is_name(pair, i)) return &source->tokens[i];
    }
    return NULL;
}

static const struct token *first_of(const struct reading *reading, enum role role) {
    for (size_t i = 0; i < reading->count; i++)
        if (sense_of(reading->tokens[i].senses, role)) return &reading->tokens[i];
    return NULL;
}

static size_t count_named(const struct reading *reading, const struct date_kind *kind, double value) {
    size_t count = 0;
    for (size_t i = 0; i < reading->count; i++) count += means(reading->tokens[i].senses, kind, value);
    return count;
}

/* Returns the first month or weekday that the English has more often than the source, as "June" in "June was worse than
 * June". Only of use where the source has one that the English lacks. */
static const struct token *find_doubled(const struct pair *pair, const struct date_kind *kind) {
    const struct reading *target = &pair->target_reading;
    for (size_t i = 0, named = 0; i < target->count && named < MAX_NAMED; i++) {
        const struct sense *said = english_sense(target, i, kind);
        named += said != NULL;
        size_t count = said ? count_named(target, kind, said->value) : 0;
        if (count > 1 && count > count_named(&pair->source_reading, kind, said->value)) return &target->tokens[i];
    }
    return NULL;
}

/* Returns whether the English has a month or weekday, or a word such as "yesterday" that may stand for one. */
static bool english_has_any(const struct pair *pair, const struct date_kind *kind) {
    const struct reading *target = &pair->target_reading;
    return first_of(target, kind->sure) || first_of(target, kind->maybe) || first_of(target, ROLE_RELATIVE);
}

static bool report(const struct token *source, const struct token *english, struct buffer *message) {
    if (source && english)
        buffer_print(message, "the source says %.*s, the English says %.*s", SPAN_ARGS(text_clip(source->written, 80)),
                     SPAN_ARGS(text_clip(english->written, 80)));
    else if (english)
        buffer_print(message, "the English says %.*s, the source does not", SPAN_ARGS(text_clip(english->written, 80)));
    else
        buffer_print(message, "the source says %.*s, which is missing from the English",
                     SPAN_ARGS(text_clip(source->written, 80)));
    return true;
}

/* Returns whether the source has a number that may be a month. */
static bool source_has_number(const struct pair *pair) {
    for (size_t i = 0; i < pair->source_numbers.count; i++) {
        const struct quantity *quantity = &pair->source_numbers.items[i];
        if (may_be_month(&pair->source_reading, quantity)) return true;
        if (quantity->part_count == 3 && may_be_date(&pair->source_reading, quantity)) return true;
    }
    return false;
}

/* Finds a month or a weekday that was replaced, invented or lost. A source that has none at all may have one in a word
 * that the tables lack, and translators also add them. */
static bool finds_other(const struct pair *pair, const struct date_kind *kind, struct buffer *message) {
    const struct token *invented = find_invented(pair, kind), *lost = find_lost(pair, kind);
    if (!invented && lost) invented = find_doubled(pair, kind);
    if (!invented) return lost && !english_has_any(pair, kind) && report(lost, NULL, message);
    if (!lost) lost = first_of(&pair->source_reading, kind->sure);
    if (!lost) lost = first_of(&pair->source_reading, kind->maybe);
    return (lost || (kind == &months && source_has_number(pair))) && report(lost, invented, message);
}

bool check_dates(const struct pair *pair, struct buffer *message) {
    if (span_equal(pair->source, pair->target)) return false; /* an untranslated text is reported by the check "echo" */
    if (finds_other(pair, &weekdays, message)) return true;
    /* a month of another calendar overlaps two English months */
    return !first_of(&pair->source_reading, ROLE_OTHER_MONTH) && finds_other(pair, &months, message);
}
