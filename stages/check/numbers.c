/* Finds numbers in the source that the English lacks, and numbers in the English that the source lacks. */
#include <math.h>

#include "stages/check/checks.h"
#include "stages/check/quantities.h"

/* Numbers up to this value may translate number words that the tables lack. */
enum { MAX_SMALL_NUMBER = 12 };

static bool has_value(const struct facts *others, double value) {
    return facts_have(others, FACT_VALUE, value) || facts_have(others, FACT_PART, value);
}

/* Returns whether the value is zero or one, which have too many translations to be compared ("a", "no", "only", "one
 * o'clock"). */
static bool is_small(double value) {
    return value == 0 || value == 1;
}

/* Returns whether the other text has the part as a number. The hour of "2.30 pm" is the part 14, and may be 2 in the
 * other text. */
static bool has_part(const struct quantity *quantity, size_t part, const struct facts *others) {
    double value = quantity->parts[part], hour = value - 12;
    bool afternoon = part == 0 && quantity->value_count && floor(quantity->values[0]) == hour;
    return is_small(value) || facts_have(others, FACT_VALUE, value) ||
           (afternoon && (is_small(hour) || facts_have(others, FACT_VALUE, hour)));
}

/* Returns whether the other text has all parts of the number: "14.06.2024" matches "14/06/2024", or the numbers 14, 6
 * and 2024, but "4.7" does not match "7.4". */
static bool all_parts_in(const struct quantity *quantity, const struct facts *others) {
    if (quantity->part_count == 0) return false;
    if (facts_have(others, FACT_PARTS, facts_parts_key(quantity->parts, quantity->part_count))) return true;
    for (size_t i = 0; i < quantity->part_count; i++)
        if (!has_part(quantity, i, others)) return false;
    return true;
}

/* One unit in the last significant digit of a number of this order of magnitude, just not reached. */
static double unit_below(double magnitude, unsigned precision) {
    return pow(10, magnitude + 1 - precision) * (1 - 1e-9);
}

/* Returns whether the English has the value rounded to `precision` digits before a word such as "million": "2.3
 * million" for 2,345,678. The rounded number may be of the next order of magnitude. */
static bool has_rounded(const struct facts *english, double value, unsigned precision) {
    if (value <= 0) return false;
    double magnitude = floor(log10(value));
    for (double m = magnitude - 1; m <= magnitude + 1; m++) {
        double unit = unit_below(m, precision), low = pow(10, m), high = pow(10, m + 1) * (1 - 1e-12);
        if (facts_between(english, FACT_ROUGH + precision, fmax(value - unit, low), fmin(value + unit, high)))
            return true;
    }
    return false;
}

static bool is_rounded_in_english(const struct quantity *exact, const struct facts *english) {
    for (unsigned precision = 1; precision < FACT_PRECISIONS && precision < exact->precision; precision++)
        for (size_t i = 0; i < exact->value_count && english->lists >> (FACT_ROUGH + precision) & 1; i++)
            if (has_rounded(english, exact->values[i], precision)) return true;
    return false;
}

/* Returns whether the English number is one of the source rounded. */
static bool rounds(const struct quantity *rough, const struct facts *source) {
    if (rough->scale < 1000 || rough->value_count == 0 || rough->precision == 0) return false;
    double value = rough->values[0], unit = unit_below(floor(log10(value)), rough->precision);
    for (unsigned precision = rough->precision + 1; precision < FACT_PRECISIONS; precision++)
        if (facts_between(source, FACT_EXACT + precision, value - unit, value + unit)) return true;
    return false;
}

static bool is_rounded(const struct quantity *quantity, const struct quantities *others) {
    return others->english ? is_rounded_in_english(quantity, &others->facts) : rounds(quantity, &others->facts);
}

/* Returns whether one number is a year and the other one its last two digits. */
static bool is_short_year(const struct quantity *quantity, const struct facts *others) {
    double value = quantity->values[0], digits = fmod(value, 100);
    if (quantity->value_count != 1 || quantity->scale != 1 || digits < 10) return false;
    if (value < 100)
        return facts_have(others, FACT_PLAIN, 1900 + value) || facts_have(others, FACT_PLAIN, 2000 + value);
    return value >= 1900 && value < 2100 && facts_have(others, FACT_PLAIN, digits);
}

/* Returns whether the source has the value of an English measure in a metric unit, give or take a tenth: 160 km or 160
 * of an unknown unit for 100 miles, but 160 m only for a tenth of a mile. */
static bool is_converted_from(const struct quantity *english, const struct facts *source) {
    if (english->value_count == 0) return false;
    double value = english->imperial->value * english->values[0], celsius = (english->values[0] - 32) * 5 / 9;
    if (english->imperial->value == 0) return facts_between(source, FACT_METRIC, celsius - 1, celsius + 1);
    if (english->is_length && facts_between(source, FACT_METRES, value / 1.1, value / 0.9)) return true;
    enum fact_list list = english->is_length ? FACT_UNKNOWN : FACT_METRIC;
    for (int i = 0; i < METRIC_STEPS; i++)
        if (facts_between(source, list, value * metric_steps[i] / 1.1, value * metric_steps[i] / 0.9)) return true;
    return false;
}

static bool is_converted_to(const struct quantity *metric, const struct facts *english) {
    bool known = metric->metres > 0;
    for (size_t i = 0; i < metric->value_count && metric->kind != QUANTITY_PERHAPS; i++) {
        double value = metric->values[i], length = known ? value * metric->metres : value;
        if (facts_between(english, FACT_CONVERTED, value * 0.9, value * 1.1) ||
            facts_between(english, known ? FACT_METRES : FACT_LENGTH, length * 0.9, length * 1.1) ||
            facts_between(english, FACT_CELSIUS, value - 1, value + 1))
            return true;
    }
    return false;
}

static bool is_converted(const struct quantity *quantity, const struct facts *others) {
    return quantity->imperial ? is_converted_from(quantity, others) : is_converted_to(quantity, others);
}

/* Returns whether the other text has any possible value of the number, all its parts, or the number rounded. */
static bool is_matched(const struct quantity *quantity, const struct quantities *others) {
    const struct facts *facts = &others->facts;
    for (size_t i = 0; i < quantity->value_count; i++)
        if (is_small(quantity->values[i]) || has_value(facts, quantity->values[i])) return true;
    return all_parts_in(quantity, facts) || is_rounded(quantity, others) || is_short_year(quantity, facts) ||
           is_converted(quantity, facts);
}

/* Returns whether a scale word has a counterpart. "billions" matches any number from one billion to a thousand billion.
 * English has no word for ten thousand or a hundred thousand, so such a scale may also match the next larger English
 * one. */
static bool is_scale_matched(const struct quantity *quantity, const struct facts *others) {
    double scale = pow(1000, floor(log10(quantity->values[0]) / 3 + 1e-9)), high = scale * 1000 * (1 - 1e-12);
    return facts_between(others, FACT_VALUE, scale, high) || facts_between(others, FACT_SCALE, scale / 10, high);
}

/* Returns whether the number is missing from the other text and should be there. */
static bool is_unmatched(const struct quantity *quantity, const struct quantities *others) {
    /* a word that may or may not be a number need not have a counterpart */
    if (quantity->kind == QUANTITY_PERHAPS) return false;
    if (quantity->kind == QUANTITY_SCALE) return !is_scale_matched(quantity, &others->facts);
    return !is_matched(quantity, others);
}

static bool is_counted(const struct quantity *quantity) {
    return quantity->kind == QUANTITY_WORDS && quantity->value_count && quantity->values[0] > 1;
}

typedef bool (*quantity_test)(const struct quantity *quantity);

static bool is_digits(const struct quantity *quantity) {
    return quantity->kind == QUANTITY_DIGITS;
}

/* Measures that are converted in brackets may be left out or added with their brackets. */
static bool is_required(const struct quantity *quantity) {
    return is_digits(quantity) && !quantity->in_brackets;
}

/* Returns which numbers in digits must have a counterpart in the other text. */
static quantity_test test_against(struct span other) {
    return span_find(other, SPAN("(")) == SIZE_MAX ? is_required : is_digits;
}

static bool is_ordinal(const struct quantity *quantity) {
    return quantity->kind == QUANTITY_ORDINAL && quantity->values[0] > 2;
}

static bool is_roman(const struct quantity *quantity) {
    return quantity->kind == QUANTITY_ROMAN;
}

static bool is_number(const struct quantity *quantity) {
    return is_digits(quantity) || is_counted(quantity) || quantity->kind == QUANTITY_SCALE;
}

/* Returns whether the number is at least a million. Smaller numbers in words may have been added for style. */
static bool is_huge(const struct quantity *quantity) {
    return is_number(quantity) && quantity->value_count && quantity->values[0] >= 1e6;
}

static const struct quantity *first_unmatched(const struct quantities *items, const struct quantities *others,
                                              quantity_test test) {
    for (size_t i = 0; i < items->count; i++)
        if (test(&items->items[i]) && is_unmatched(&items->items[i], others)) return &items->items[i];
    return NULL;
}

/* Finds a number that replaced another one: each text has a number that the other lacks. A Roman numeral by itself may
 * be an abbreviation. */
static bool finds_replaced(const struct pair *pair, struct buffer *message) {
    static const struct {
        quantity_test source, english;
    } tests[] = {{is_number, is_number},  {is_ordinal, is_ordinal}, {is_roman, is_roman},
                 {is_ordinal, is_number}, {is_roman, is_number},    {is_number, is_ordinal}};
    for (size_t i = 0; i < sizeof tests / sizeof *tests; i++) {
        const struct quantity *wanted = first_unmatched(&pair->source_numbers, &pair->target_numbers, tests[i].source);
        const struct quantity *found = first_unmatched(&pair->target_numbers, &pair->source_numbers, tests[i].english);
        if (!wanted || !found) continue;
        buffer_print(message, "the source says %.*s, the English says %.*s", SPAN_ARGS(text_clip(wanted->written, 80)),
                     SPAN_ARGS(text_clip(found->written, 80)));
        return true;
    }
    return false;
}

/* Returns whether the number is the year of a date that the English writes in two numbers: "9/11" for 11 September
 * 2001. */
static bool has_short_date(const struct pair *pair, const struct quantity *year) {
    const struct reading *source = &pair->source_reading, *target = &pair->target_reading;
    if (year->value_count == 0 || year->values[0] < 1900 || year->values[0] > 2100 || year->from == 0) return false;
    const struct sense *month = sense_of(source->tokens[year->from - 1].senses, ROLE_MONTH);
    for (size_t i = 0; month && i + 1 < pair->target_numbers.count; i++) {
        const struct quantity *first = &pair->target_numbers.items[i], *second = first + 1;
        if (quantity_has(first, month->value) && reading_has_sign(target, first->to, "/") &&
            second->from == first->to + 1)
            return true;
    }
    return false;
}

/* Finds a number in digits that the English lacks. Number words are not required, since translators often leave them
 * out. */
static bool finds_missing(const struct pair *pair, struct buffer *message) {
    const struct quantity *wanted =
        first_unmatched(&pair->source_numbers, &pair->target_numbers, test_against(pair->target));
    if (!wanted || has_short_date(pair, wanted)) return false;
    buffer_print(message, "the source says %.*s, which is missing from the English",
                 SPAN_ARGS(text_clip(wanted->written, 80)));
    return true;
}

/* Finds a number that only the English has. A small one may translate a number word that the tables lack. */
static bool finds_invented(const struct pair *pair, struct buffer *message) {
    bool counts = word_tables_have(pair->word_tables, pair->source_reading.language, ROLE_CARDINAL);
    const struct quantity *found =
        first_unmatched(&pair->target_numbers, &pair->source_numbers, test_against(pair->source));
    if (!found && counts) found = first_unmatched(&pair->target_numbers, &pair->source_numbers, is_huge);
    if (!found || (!counts && found->value_count && found->values[0] <= MAX_SMALL_NUMBER)) return false;
    buffer_print(message, "the English says %.*s, which is not in the source",
                 SPAN_ARGS(text_clip(found->written, 80)));
    return true;
}

/* Counts the numbers. Returns 0 if any of them has several possible values, because then frequencies mean nothing. */
static size_t count_plain_figures(const struct quantities *quantities) {
    size_t count = 0;
    for (size_t i = 0; i < quantities->count; i++) {
        if (quantities->items[i].kind != QUANTITY_DIGITS) continue;
        if (quantities->items[i].value_count != 1 || quantities->items[i].part_count) return 0;
        count++;
    }
    return count;
}

/* Returns how often a number in digits has this value. */
static size_t count_value(const struct quantities *quantities, double value) {
    return facts_count(&quantities->facts, FACT_FIGURE, value, value);
}

/* Finds "between 8 and 8" for "between 0 and 8": both texts have equally many numbers, but the English has one of them
 * more often. */
static bool finds_doubled(const struct pair *pair, struct buffer *message) {
    size_t figures = count_plain_figures(&pair->source_numbers);
    if (figures < 2 || figures != count_plain_figures(&pair->target_numbers)) return false;
    for (size_t i = 0; i < pair->target_numbers.count; i++) {
        const struct quantity *figure = &pair->target_numbers.items[i];
        if (figure->kind != QUANTITY_DIGITS) continue;
        size_t in_source = count_value(&pair->source_numbers, figure->values[0]);
        if (in_source == 0 || count_value(&pair->target_numbers, figure->values[0]) <= in_source) continue;
        buffer_print(message, "the English says %.*s more often than the source",
                     SPAN_ARGS(text_clip(figure->written, 80)));
        return true;
    }
    return false;
}

/* Finds "the  th century", where the digits before the ordinal ending are missing. */
static bool finds_lone_ending(const struct pair *pair, struct buffer *message) {
    const struct reading *target = &pair->target_reading;
    for (size_t i = 0; i < target->count; i++) {
        const struct token *token = &target->tokens[i];
        bool behind = i > 0 && (target->tokens[i - 1].kind == TOKEN_NUMBER || token->glued);
        if (behind || !sense_of(token->senses, ROLE_ORDINAL_END) || token->written.at[0] != token->folded.at[0])
            continue;
        buffer_print(message, "the number before '%.*s' is missing", SPAN_ARGS(token->written));
        return true;
    }
    return false;
}

/* Finds "2- for", where the second half of a score or a range is missing. "5- and 10-year" is correct. */
static bool finds_lone_hyphen(const struct pair *pair, struct buffer *message) {
    const struct reading *target = &pair->target_reading;
    for (size_t i = 0; i + 2 < target->count; i++) {
        const struct token *number = &target->tokens[i], *hyphen = number + 1, *next = number + 2;
        if (number->kind != TOKEN_NUMBER || !reading_has_sign(target, i + 1, "-") || !hyphen->glued || next->glued)
            continue;
        if (next->kind != TOKEN_WORD || sense_of(next->senses, ROLE_JOINS) || sense_of(next->senses, ROLE_RANGES))
            continue;
        buffer_print(message, "the number after '%.*s-' is missing", SPAN_ARGS(text_clip(number->written, 40)));
        return true;
    }
    return false;
}

/* Finds "more than  million". In English, "million" in the singular needs a number or an article before it. */
static bool finds_lone_scale(const struct pair *pair, struct buffer *message) {
    const struct reading *target = &pair->target_reading;
    for (size_t i = 0; i < pair->target_numbers.count; i++) {
        const struct quantity *scale = &pair->target_numbers.items[i];
        if (scale->kind != QUANTITY_SCALE || span_ends(scale->written, SPAN("s")) ||
            reading_has_sign(target, scale->to, "-"))
            continue;
        if (scale->from > 0 && (sense_of(target->tokens[scale->from - 1].senses, ROLE_SOME) ||
                                reading_has_sign(target, scale->from - 1, "-")))
            continue;
        if (!facts_have(&pair->source_numbers.facts, FACT_SCALED, scale->values[0])) continue;
        buffer_print(message, "the number before '%.*s' is missing", SPAN_ARGS(text_clip(scale->written, 40)));
        return true;
    }
    return false;
}

bool numbers_converted(const struct pair *pair, const struct token *unit) {
    size_t at = (size_t)(unit - pair->target_reading.tokens);
    for (size_t i = 0; i < pair->target_numbers.count; i++) {
        const struct quantity *quantity = &pair->target_numbers.items[i];
        if (!quantity->imperial || (at != quantity->to && at != quantity->to + 1)) continue;
        if (is_converted(quantity, &pair->source_numbers.facts)) return true;
    }
    return false;
}

bool check_numbers(const struct pair *pair, struct buffer *message) {
    if (span_equal(pair->source, pair->target)) return false; /* an untranslated text is reported by the check "echo" */
    return finds_replaced(pair, message) || finds_missing(pair, message) || finds_invented(pair, message) ||
           finds_doubled(pair, message) || finds_lone_ending(pair, message) || finds_lone_hyphen(pair, message) ||
           finds_lone_scale(pair, message) || calendars_mislead(pair, message) || figures_mislead(pair, message);
}
