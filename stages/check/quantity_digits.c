/* Reads numbers in digits, with their separators and the words after them. */
#include <math.h>
#include <string.h>

#include "stages/check/quantity_finder.h"

/* ---------------------------------------------------------------- digits and their separators */

enum { MAX_GROUPS = 8 };

struct groups {
    double value[MAX_GROUPS]; /* the value of each run of digits */
    unsigned digits[MAX_GROUPS];
    uint32_t separator[MAX_GROUPS]; /* after the run */
    size_t count;
};

/* Splits a number at its separators. */
static struct groups split_groups(struct span folded) {
    struct groups groups = {.count = 1};
    for (size_t i = 0; i < folded.length;) {
        uint32_t rune;
        i += text_next(folded, i, &rune);
        size_t last = groups.count - 1;
        if (rune - '0' < 10) {
            groups.value[last] = groups.value[last] * 10 + (rune - '0');
            groups.digits[last]++;
        } else {
            groups.separator[last] = rune;
            if (groups.count == MAX_GROUPS) break;
            groups.count++;
        }
    }
    return groups;
}

/* Returns the value of the digits of the first `count` groups, read as one number. */
static double join_groups(const struct groups *groups, size_t count) {
    double value = 0;
    for (size_t i = 0; i < count; i++) value = value * pow(10, groups->digits[i]) + groups->value[i];
    return value;
}

/* Returns whether the separators are thousands separators: all must be the same, and the groups between them must have
 * three digits, or four as in China, or two except in the last group, which has three, as in India. */
static bool is_grouped(const struct groups *groups, size_t count) {
    if (count < 2 || groups->digits[0] > 4 || groups->digits[count - 1] < 3 || groups->digits[count - 1] > 4)
        return false;
    for (size_t i = 1; i < count; i++) {
        bool width = groups->digits[i] == groups->digits[count - 1] || (i + 1 < count && groups->digits[i] == 2);
        if (!width || (i + 1 < count && groups->separator[i] != groups->separator[0])) return false;
    }
    return groups->digits[0] <= 3 || groups->digits[count - 1] == 4;
}

/* Returns whether the separator cannot be a decimal separator, which is always a comma or a point (ASCII or Arabic). */
static bool is_space_like(uint32_t separator) {
    return separator != '.' && separator != ',' && separator != 0x66B && separator != 0x60C;
}

/* Adds the value that results if the last separator is a decimal separator. The decimal separator must differ from the
 * thousands separators before it. */
static void add_decimal(struct quantity *quantity, const struct groups *groups) {
    size_t last = groups->count - 1;
    bool whole = last == 1 || is_grouped(groups, last);
    bool other = last == 1 || groups->separator[last - 1] != groups->separator[last - 2];
    if (!whole || !other || is_space_like(groups->separator[last - 1])) return;
    quantity_add_value(quantity, join_groups(groups, last) + groups->value[last] / pow(10, groups->digits[last]));
}

/* Counts the significant digits: leading zeros do not count, and trailing ones only after a decimal mark ("2.0"). */
static unsigned count_significant(struct span folded, const struct groups *groups) {
    unsigned count = 0, zeros = 0;
    for (size_t i = 0; i < folded.length; i++) {
        if ((unsigned)(folded.at[i] - '0') >= 10) continue;
        zeros = folded.at[i] == '0' ? zeros + 1 : 0;
        if (count || folded.at[i] != '0') count++;
    }
    bool decimal = groups->count == 2 && groups->digits[1] < 3;
    return count - (zeros < count && !decimal ? zeros : 0);
}

/* Reads a number in digits. Groups beyond MAX_GROUPS, which no real number has, are ignored. A number that has several
 * groups of digits, or no possible value so far, may be a date or a time, so its groups are also kept as parts. */
static void read_digits(struct quantity *quantity, const struct token *token) {
    struct groups groups = split_groups(token->folded);
    quantity->precision = count_significant(token->folded, &groups);
    if (groups.count == 1)
        quantity_add_value(quantity, groups.value[0]);
    else if (is_grouped(&groups, groups.count))
        quantity_add_value(quantity, join_groups(&groups, groups.count));
    if (groups.count > 1) add_decimal(quantity, &groups);
    bool pieces = groups.count > 1 && groups.count <= MAX_PARTS;
    if (!pieces && quantity->value_count) return;
    quantity->part_count = groups.count < MAX_PARTS ? groups.count : MAX_PARTS;
    memcpy(quantity->parts, groups.value, quantity->part_count * sizeof *groups.value);
}

/* ---------------------------------------------------------------- the words after the digits */

/* Returns the value of a scale word ("thousand", "million", 万), or 0. In scripts with spaces between words the scales
 * are a hundred, a thousand, higher powers of ten and the tens of the tables; in others, all powers of ten. */
static double scale_of(const struct token *token) {
    if (!token || token->kind != TOKEN_WORD) return 0;
    const struct sense *sense = sense_of(token->senses, ROLE_SCALE);
    if (!sense) sense = sense_of(token->senses, ROLE_CARDINAL);
    bool cardinal = sense != NULL;
    if (!sense) sense = sense_of(token->senses, ROLE_PERHAPS);
    if (!sense) return 0;
    bool hundred = sense->value == 100 && cardinal;
    bool ten = sense_of(token->senses, ROLE_TENS) != NULL;
    bool small = token->letters == LETTER_SPACED ? sense->value < 1000 && !hundred && !ten : sense->value < 10;
    return small || fmod(log10(sense->value), 1) != 0 ? 0 : sense->value;
}

/* Multiplies the number. The parts are removed, because a multiplied number is not a date. */
static void multiply(struct quantity *quantity, double factor) {
    for (size_t i = 0; i < quantity->value_count; i++) quantity->values[i] *= factor;
    quantity->scale *= factor;
    quantity->part_count = 0;
}

/* Multiplies the number by the scale words after it: "35 mil millones", "5 thousand", "100余万", "1.5 lakh crore". */
void finder_take_scales(const struct finder *finder, struct quantity *quantity) {
    for (;;) {
        const struct token *token = finder_token(finder, quantity->to);
        size_t vague = token && sense_of(token->senses, ROLE_VAGUE) ? 1 : 0;
        if (reading_has_sign(finder->reading, quantity->to, "-")) vague = 1;
        token = finder_token(finder, quantity->to + vague);
        double factor = scale_of(token);
        if (factor == 0) return;
        if (quantity_is_year(quantity) && !token->glued)
            quantity_add_scaled(quantity, factor);
        else
            multiply(quantity, factor);
        quantity->to += vague + 1;
    }
}

/* Adds the value for an "m" after the number: "$2.5m" means millions, but "2.5m" may mean metres, so both values are
 * kept. */
static void take_maybe_scale(const struct finder *finder, struct quantity *quantity) {
    const struct token *token = finder_token(finder, quantity->to);
    const struct sense *sense = token && token->glued ? sense_of(token->senses, ROLE_MAYBE_SCALE) : NULL;
    if (!sense) return;
    quantity_add_scaled(quantity, sense->value);
    quantity->to++;
}

/* Adds the half in "2 с половиной миллиона", "2 triệu rưỡi" and "2½". */
static void take_half(const struct finder *finder, struct quantity *quantity) {
    const struct token *token = finder_token(finder, quantity->to);
    bool sign = token && token->kind == TOKEN_SIGN && span_is(token->written, "½");
    bool words = token && sense_of(token->senses, ROLE_JOINS);
    bool unspaced = token && token->letters != LETTER_SPACED && token->glued && sense_of(token->senses, ROLE_HALF);
    double half = 0.5;
    size_t end = sign || unspaced ? quantity->to + 1 : finder_take_half(finder, quantity->to, &half);
    if (end == quantity->to || (!sign && !unspaced && !words && quantity->scale == 1)) return;
    for (size_t i = 0; i < quantity->value_count; i++) quantity->values[i] += half * quantity->scale;
    quantity->to = end;
}

/* Adds the fraction in "2 1/2 million". */
static void take_fraction(const struct finder *finder, struct quantity *quantity) {
    size_t i = quantity->to;
    const struct token *above = finder_token(finder, i), *below = finder_token(finder, i + 2);
    if (!below || above->kind != TOKEN_NUMBER || below->kind != TOKEN_NUMBER || !below->glued) return;
    if (!reading_has_sign(finder->reading, i + 1, "/") || above->folded.length > 1 || below->folded.length > 1) return;
    if (above->folded.at[0] >= below->folded.at[0] || quantity->value_count != 1) return;
    quantity->values[0] += (double)(above->folded.at[0] - '0') / (below->folded.at[0] - '0');
    quantity->to = i + 3;
}

/* Reads the Persian "2/5", which is 2.5 as well as two numbers. */
static void take_slash_decimal(const struct finder *finder, struct quantity *quantity) {
    size_t i = quantity->to;
    const struct token *after = finder_token(finder, i + 1);
    if (!word_tables_have(finder->word_tables, finder->reading->language, ROLE_SLASH_DECIMAL)) return;
    if (!reading_has_sign(finder->reading, i, "/") || !after || after->kind != TOKEN_NUMBER || !after->glued) return;
    if (quantity->value_count != 1 || quantity->part_count || after->folded.length > 2) return;
    if (reading_has_sign(finder->reading, i + 2, "/")) return; /* a date */
    struct quantity fraction = {.scale = 1};
    read_digits(&fraction, after);
    if (fraction.value_count != 1) return;
    quantity->parts[0] = quantity->values[0];
    quantity->parts[1] = fraction.values[0];
    quantity->part_count = 2;
    quantity->values[0] += fraction.values[0] / pow(10, (double)after->folded.length);
    quantity->precision += fraction.precision;
    quantity->to = i + 2;
}

/* Returns whether the number is the offset of a time zone ("GMT+0100"), which translators leave out. */
static bool is_zone_offset(const struct finder *finder, size_t i) {
    if (i < 2 || !(reading_has_sign(finder->reading, i - 1, "+") || reading_has_sign(finder->reading, i - 1, "-")))
        return false;
    const struct token *zone = finder_token(finder, i - 2);
    return token_is_word(zone, "gmt") || token_is_word(zone, "utc");
}

static bool is_measured(const struct token *token) {
    return token && (sense_of(token->senses, ROLE_UNIT) || sense_of(token->senses, ROLE_LENGTH));
}

/* Returns the token of the unit after the number, or NULL: "100 miles", "6-foot", "90 degrees Fahrenheit". */
static const struct token *unit_after(const struct finder *finder, const struct quantity *quantity) {
    size_t at = quantity->to;
    if (reading_has_sign(finder->reading, at, "-") || reading_has_sign(finder->reading, at, "°")) at++;
    const struct token *unit = finder_token(finder, at);
    return token_is_word(unit, "degrees") ? finder_token(finder, at + 1) : unit;
}

/* Returns how long a metric unit is, or 0 if it is no length. The numbers of the units are those of units.tsv. */
static double metres_in(const struct token *unit) {
    static const double metres[] = {[2] = 1000, [3] = 1, [4] = 0.01};
    const struct sense *sense = unit ? sense_of(unit->senses, ROLE_UNIT) : NULL;
    return sense && sense->value < sizeof metres / sizeof *metres ? metres[(size_t)sense->value] : 0;
}

/* The second number of "6-foot-6" is part of the same measure. */
void finder_note_unit(const struct finder *finder, struct quantity *quantity) {
    const struct token *unit = unit_after(finder, quantity);
    if (!finder->found->english) quantity->metres = metres_in(unit);
    if (!finder->found->english) return;
    if (unit) quantity->imperial = sense_of(unit->senses, ROLE_IMPERIAL);
    quantity->is_length = quantity->imperial && sense_of(unit->senses, ROLE_LENGTH);
    size_t before = quantity->from > 1 && reading_has_sign(finder->reading, quantity->from - 1, "-") ? 2 : 1;
    const struct token *feet = quantity->from >= before ? finder_token(finder, quantity->from - before) : NULL;
    if (feet && sense_of(feet->senses, ROLE_IMPERIAL)) quantity->kind = QUANTITY_PERHAPS;
}

/* Notes a measure that is converted in brackets after another one: "300 km (180 miles)". */
static void note_brackets(const struct finder *finder, struct quantity *quantity) {
    size_t from = quantity->from, to = quantity->to;
    bool opened = from > 1 && reading_has_sign(finder->reading, from - 1, "(");
    bool closed = reading_has_sign(finder->reading, to + 1, ")") || reading_has_sign(finder->reading, to + 2, ")");
    quantity->in_brackets = opened && closed && is_measured(finder_token(finder, from - 2));
}

/* Applies a scale word before the number, where some languages put it: "milioni 3". */
static void take_scale_before(const struct finder *finder, struct quantity *quantity) {
    if (quantity->from == 0 || !word_tables_have(finder->word_tables, finder->reading->language, ROLE_SCALES_FIRST))
        return;
    double factor = scale_of(finder_token(finder, quantity->from - 1));
    if (factor > 0) quantity_add_scaled(quantity, factor);
}

/* Adds the hour of the 24-hour clock to one of the 12-hour clock, and the reverse. */
static void take_hour(const struct finder *finder, struct quantity *quantity) {
    size_t i = quantity->to;
    double hour = quantity->part_count == 2 ? quantity->parts[0] : quantity->values[0];
    bool colon = reading_has_sign(finder->reading, i, ":") && finder_token(finder, i + 1) &&
                 finder_token(finder, i + 1)->kind == TOKEN_NUMBER;
    if (colon) i += 2;
    const struct token *token = finder_token(finder, i);
    bool after_noon =
        token_is_word(token, "pm") || (token_is_word(token, "p") && reading_has_sign(finder->reading, i + 1, "."));
    bool before_noon =
        token_is_word(token, "am") || (token_is_word(token, "a") && reading_has_sign(finder->reading, i + 1, "."));
    if (!colon && !after_noon && !before_noon) return;
    double other = hour >= 13 ? hour - 12 : hour + 12;
    if (hour > 24) return;
    if (quantity->part_count == 2)
        quantity->parts[0] = other;
    else
        quantity_add_value(quantity, other);
    if (hour == 12 || hour == 24 || hour == 0) quantity_add_value(quantity, hour == 0 ? 12 : 0);
}

/* Returns whether the rest of a number may follow its scale word: directly in "1億2000万", after a space in "3만 5천"
 * and, in some languages, in "2 mil 500". */
static bool may_continue(const struct token *scale, const struct token *next) {
    if (!next || next->kind != TOKEN_NUMBER) return false;
    if (scale->letters == LETTER_SPACED) return !next->glued && sense_of(scale->senses, ROLE_SPLITS);
    return next->glued || scale->letters == LETTER_HANGUL;
}

/* Adds the next number if its scale is smaller, as in "1億2000万" and "3천500만". */
static void take_smaller(const struct finder *finder, struct quantity *quantity) {
    while (quantity->scale > 1) {
        const struct token *token = finder_token(finder, quantity->to);
        const struct token *scale = &finder->reading->tokens[quantity->to - 1];
        if (!may_continue(scale, token)) return;
        struct quantity next = {.scale = 1, .from = quantity->to, .to = quantity->to + 1};
        read_digits(&next, token);
        if (scale->letters != LETTER_SPACED) finder_take_scales(finder, &next);
        if (next.value_count == 0 || next.values[0] >= quantity->scale) return;
        for (size_t i = 0; i < quantity->value_count; i++) quantity->values[i] += next.values[0];
        quantity->scale = next.scale;
        quantity->precision += next.precision;
        quantity->to = next.to;
    }
}

/* Returns whether the digit is part of a unit such as "km2" or "m3", and so not a number of its own. */
static bool is_power(const struct finder *finder, size_t i) {
    const struct token *token = finder_token(finder, i), *before = i ? finder_token(finder, i - 1) : NULL;
    bool power = span_is(token->folded, "2") || span_is(token->folded, "3");
    return power && token->glued && before && sense_of(before->senses, ROLE_LENGTH);
}

/* Reads a number in digits and the words that belong to it. The order of the steps matters, because each one starts at
 * the first token that the previous steps have not consumed. */
size_t finder_find_digits(const struct finder *finder, size_t i) {
    bool optional = is_power(finder, i) || is_zone_offset(finder, i);
    struct quantity *quantity = finder_add(finder, optional ? QUANTITY_PERHAPS : QUANTITY_DIGITS, i);
    read_digits(quantity, finder_token(finder, i));
    if (quantity->value_count) {
        finder_take_addition_before(finder, quantity);
        take_slash_decimal(finder, quantity);
        take_fraction(finder, quantity);
        finder_take_era(finder, quantity);
        take_scale_before(finder, quantity);
        finder_take_scales(finder, quantity);
        take_smaller(finder, quantity);
        take_half(finder, quantity);
        if (quantity->scale > 1)
            finder_take_scales(finder, quantity);
        else
            take_maybe_scale(finder, quantity);
        finder_take_short_year(finder, quantity);
    }
    if (quantity->value_count && quantity->scale == 1) take_hour(finder, quantity);
    finder_take_late_half(finder, quantity);
    finder_note_unit(finder, quantity);
    note_brackets(finder, quantity);
    finder_set_written(finder, quantity);
    return quantity->to;
}
