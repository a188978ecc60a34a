#include "stages/check/quantities.h"

#include <stdio.h>
#include <stdlib.h>

#include "stages/check/quantity_finder.h"

/* ---------------------------------------------------------------- Roman numerals */

/* Returns the value of a Roman digit, or 0. Cyrillic texts often have the Cyrillic letters that look alike. */
static double roman_digit(uint32_t rune) {
    if (rune < 'C' || (rune > 'X' && rune < 0x406)) return 0; /* most letters */
    static const uint32_t letters[] = {'I', 'V', 'X', 'L', 'C', 'D', 'M', 0x406, 0x425, 0x421, 0x41C};
    static const double values[] = {1, 5, 10, 50, 100, 500, 1000, 1, 10, 100, 1000};
    for (size_t i = 0; i < sizeof letters / sizeof *letters; i++)
        if (rune == letters[i]) return values[i];
    return 0;
}

/* Returns the value of a Roman numeral, or 0 if the word is none. */
static double roman_value(struct span written) {
    double value = 0, last = 0;
    for (size_t i = 0; i < written.length;) {
        uint32_t rune;
        i += text_next(written, i, &rune);
        double digit = roman_digit(rune);
        if (digit == 0) return 0;
        /* the digit before counts negative: take it back and subtract it */
        value += digit > last && last > 0 ? digit - 2 * last : digit;
        last = digit;
    }
    return value;
}

/* Returns whether this is the way to write the number, which is below a hundred. Words such as "VIVID" are not. */
static bool is_usual_roman(struct span written, double value) {
    static const char *const tens[] = {"", "X", "XX", "XXX", "XL", "L", "LX", "LXX", "LXXX", "XC"};
    static const char *const ones[] = {"", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX"};
    char usual[16];
    size_t number = (size_t)value, at = 0;
    snprintf(usual, sizeof usual, "%s%s", tens[number / 10], ones[number % 10]);
    for (size_t i = 0; i < written.length; at++) {
        uint32_t rune;
        i += text_next(written, i, &rune);
        if (!usual[at] || roman_digit(rune) != roman_digit((unsigned char)usual[at])) return false;
    }
    return !usual[at];
}

/* Returns the length of a Roman numeral's ordinal ending in small letters ("XIXe", "Ier", "XXème"), or 0. */
static size_t roman_ending(struct span written) {
    size_t from = written.length;
    while (from > 0 && !((unsigned)(written.at[from - 1] - 'A') < 26)) from--;
    static const char *const endings[] = {"e", "er", "re", "ème", "eme", "ste", "th"};
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++)
        if (span_is(span_cut(written, from, written.length), endings[i])) return written.length - from;
    return 0;
}

/* Reads a Roman numeral. A lone "I" is much more often the English pronoun; any other word that consists of such
 * letters may be a number, and those of several letters below a hundred mean little else. */
static size_t find_roman(const struct finder *finder, size_t i) {
    enum { MAX_BYTES = 16 };
    struct span written = finder->reading->tokens[i].written;
    uint32_t first;
    if (written.length > MAX_BYTES || (written.length == 1 && written.at[0] == 'I')) return i;
    text_next(written, 0, &first);
    if (roman_digit(first) == 0) return i;
    size_t ending = roman_ending(written);
    struct span numeral = span_cut(written, 0, written.length - ending);
    double value = roman_value(numeral);
    if (value == 0) return i;
    bool sure = text_count(numeral) > 1 && value < 100 && is_usual_roman(numeral, value);
    struct quantity *quantity = finder_add(finder, sure ? QUANTITY_ROMAN : QUANTITY_PERHAPS, i);
    quantity_add_value(quantity, value);
    finder_set_written(finder, quantity);
    return i + 1;
}

/* ---------------------------------------------------------------- Hebrew letters */

/* Returns the value of a Hebrew letter, or 0. Final forms have the value of their letter. */
static double hebrew_digit(uint32_t rune) {
    static const double values[] = {1,  2,  3,  4,  5,  6,  7,  8,  9,  10,  20,  20,  30, 40,
                                    40, 50, 50, 60, 70, 80, 80, 90, 90, 100, 200, 300, 400};
    enum { ALEF = 0x5D0, TAV = 0x5EA };
    _Static_assert(sizeof values / sizeof *values == TAV - ALEF + 1, "a value for each letter");
    return rune >= ALEF && rune <= TAV ? values[rune - ALEF] : 0;
}

/* Adds up the letters, the highest of which come first. A lower one before them is a prefix ("in"). */
static double add_hebrew_letters(double value, double *last, struct span written) {
    for (size_t i = 0; i < written.length;) {
        uint32_t rune;
        i += text_next(written, i, &rune);
        double digit = hebrew_digit(rune);
        value = digit > *last ? digit : value + digit;
        *last = digit;
    }
    return value;
}

/* Reads a number in Hebrew letters, which has a quotation mark before its last letter: the תשע of תשע"ד (774) is not
 * the word for nine. It may be a year, of which the thousands are left out, or an abbreviation. */
static size_t find_hebrew(const struct finder *finder, size_t i) {
    enum { MIN_YEAR = 600, MAX_YEAR = 899, OFFSET = 1240 };
    const struct token *token = &finder->reading->tokens[i];
    if ((unsigned char)token->written.at[0] < 0x80) return i; /* most words */
    const struct token *mark = finder_token(finder, i + 1), *end = finder_token(finder, i + 2);
    uint32_t first;
    double last = 1000;
    text_next(token->written, 0, &first);
    if (!end || !mark->glued || !end->glued || end->kind != TOKEN_WORD || hebrew_digit(first) == 0) return i;
    if (!span_is(mark->written, "\"") && !span_is(mark->written, "״") && !span_is(mark->written, "”")) return i;
    double value = add_hebrew_letters(add_hebrew_letters(0, &last, token->written), &last, end->written);
    struct quantity *quantity = finder_add(finder, QUANTITY_PERHAPS, i);
    quantity->to = i + 3;
    quantity_add_value(quantity, value);
    for (int before = 0; before < 2 && value >= MIN_YEAR && value <= MAX_YEAR; before++)
        quantity_add_value(quantity, value + OFFSET - before); /* the year begins in autumn */
    finder_set_written(finder, quantity);
    return i + 3;
}

/* ---------------------------------------------------------------- all kinds together */

/* Adds the values for a scale word that two numbers share: in "5 to 6 million" the first number may also be in
 * millions. */
static void share_scales(const struct finder *finder) {
    for (size_t i = 0; i + 1 < finder->found->count; i++) {
        struct quantity *quantity = &finder->found->items[i];
        const struct quantity *next = quantity + 1;
        if (next->scale > 1 && quantity->scale == 1 && next->from - quantity->to <= 2)
            quantity_add_scaled(quantity, next->scale);
    }
}

/* Adds the sums of two numbers in languages that put the scale first: Swahili "mia mbili na hamsini" is 200 and 50. */
static void add_sums(const struct finder *finder) {
    if (!word_tables_have(finder->word_tables, finder->reading->language, ROLE_SCALES_FIRST)) return;
    for (size_t i = 0; i + 1 < finder->found->count; i++) {
        struct quantity *quantity = &finder->found->items[i];
        const struct quantity *next = quantity + 1;
        if (next->from - quantity->to > 1 || next->value_count == 0) continue;
        for (size_t j = 0, count = quantity->value_count; j < count; j++)
            if (quantity->values[j] >= 100 && next->values[0] < quantity->values[j])
                quantity_add_value(quantity, quantity->values[j] + next->values[0]);
    }
}

/* Returns whether nothing stands between two numbers but a word that joins them, after which Hebrew has a hyphen. */
static bool are_joined(const struct finder *finder, const struct quantity *quantity, const struct quantity *next) {
    size_t apart = next->from - quantity->to;
    if (apart == 0) return true;
    if (apart > 2 || (apart == 2 && !reading_has_sign(finder->reading, quantity->to + 1, "-"))) return false;
    return sense_of(finder_token(finder, quantity->to)->senses, ROLE_JOINS) != NULL;
}

/* Adds the sum of a number with a scale word and of a smaller number after it. The smaller one is then part of the
 * number and need not be in the other text. */
static void add_remainder(struct quantity *quantity, struct quantity *next) {
    for (size_t i = 0, count = quantity->value_count; i < count; i++)
        for (size_t j = 0; j < next->value_count; j++)
            if (next->values[j] < quantity->scale) quantity_add_value(quantity, quantity->values[i] + next->values[j]);
    next->kind = QUANTITY_PERHAPS;
}

/* Joins the parts of numbers that are written with a scale word inside: "2 करोड़ 30 लाख", "3 bin 500", "35 ألفا و984".
 * Not in English, which does not write so. From the end, so that three parts are joined too. */
static void add_remainders(const struct finder *finder) {
    if (finder->found->english) return;
    for (size_t i = finder->found->count; i-- > 1;) {
        struct quantity *next = &finder->found->items[i], *quantity = next - 1;
        bool smaller = next->value_count > 0 && next->values[0] >= 1 && next->values[0] < quantity->scale;
        if (quantity->scale > 1 && smaller && are_joined(finder, quantity, next)) add_remainder(quantity, next);
    }
}

/* Adds the hour of a clock that begins at six in the morning: Swahili "saa nane" (eight) is two o'clock. */
static void shift_hours(const struct finder *finder) {
    if (!word_tables_have(finder->word_tables, finder->reading->language, ROLE_SHIFTED_HOUR)) return;
    for (size_t i = 0; i < finder->found->count; i++) {
        struct quantity *quantity = &finder->found->items[i];
        const struct token *before = quantity->from ? finder_token(finder, quantity->from - 1) : NULL;
        const struct token *after = finder_token(finder, quantity->to);
        bool hour = (before && sense_of(before->senses, ROLE_SHIFTED_HOUR)) ||
                    (after && sense_of(after->senses, ROLE_SHIFTED_HOUR));
        double value = quantity->value_count ? quantity->values[0] : 0;
        if (hour && value >= 1 && value <= 12) quantity_add_value(quantity, value > 6 ? value - 6 : value + 6);
    }
}

/* Reads a lone ½, ¼ or ⅔. */
static size_t find_sign(const struct finder *finder, size_t i) {
    const struct sense *sense = sense_of(finder_token(finder, i)->senses, ROLE_PERHAPS);
    if (!sense) return finder_find_half(finder, i);
    struct quantity *quantity = finder_add(finder, QUANTITY_PERHAPS, i);
    for (; sense; sense = sense->next)
        if (sense->role == ROLE_PERHAPS) quantity_add_value(quantity, sense->value);
    finder_set_written(finder, quantity);
    return i + 1;
}

/* Reads the name of a month as its number, since "6月" and "June" are the same month. */
static size_t find_month(const struct finder *finder, size_t i) {
    const struct token *token = finder_token(finder, i);
    const struct sense *month = sense_of(token->senses, ROLE_MONTH);
    if (!month) month = sense_of(token->senses, ROLE_MAYBE_MONTH);
    struct quantity *quantity = month ? finder_add(finder, QUANTITY_PERHAPS, i) : NULL;
    if (!quantity) return i;
    for (; month; month = month->next)
        if (month->role == ROLE_MONTH || month->role == ROLE_MAYBE_MONTH) quantity_add_value(quantity, month->value);
    finder_set_written(finder, quantity);
    return i + 1;
}

/* Returns whether the token is a half that no scale follows. Tables also list such words as 2 or 50, which must not
 * keep them from being read as the half of what precedes them. */
static bool is_lone_half(const struct finder *finder, size_t i) {
    enum role role;
    double part;
    if (!sense_of(finder_token(finder, i)->senses, ROLE_HALF)) return false;
    finder_number_of(finder_token(finder, i), &role);
    return role == ROLE_PERHAPS && finder_take_part_of_scale(finder, i, &part) == i;
}

/* Tries to read a number at token `i`, the most certain kinds first. Returns the index of the token after it, or `i`.
 */
static size_t find_at(const struct finder *finder, size_t i) {
    const struct token *token = finder_token(finder, i);
    if (token->kind == TOKEN_NUMBER) return finder_find_digits(finder, i);
    if (token->kind == TOKEN_SIGN) return token->senses ? find_sign(finder, i) : i;
    if (token->kind != TOKEN_WORD) return i;
    size_t end = find_hebrew(finder, i);
    if (end == i) end = finder_find_compound(finder, i);
    if (end == i && is_lone_half(finder, i)) end = finder_find_half(finder, i);
    if (end == i && token->senses) end = finder_find_words(finder, i);
    if (end == i) end = find_month(finder, i);
    return end > i ? end : find_roman(finder, i);
}

void quantities_read(const struct word_tables *word_tables, const struct reading *reading, bool english,
                     struct quantities *ret_quantities) {
    struct finder finder = {word_tables, reading, ret_quantities};
    *ret_quantities = (struct quantities){.english = english};
    for (size_t i = 0; i < reading->count;) {
        size_t end = find_at(&finder, i);
        i = end > i ? end : i + 1;
    }
    share_scales(&finder);
    add_remainders(&finder);
    add_sums(&finder);
    shift_hours(&finder);
}

void quantities_compare(struct quantities *source, struct quantities *english) {
    source->facts = facts_make(source);
    for (size_t i = 0; i < english->count; i++) {
        struct quantity *quantity = &english->items[i];
        if (quantity->imperial && quantity->value_count && facts_have(&source->facts, FACT_VALUE, quantity->values[0]))
            quantity->imperial = NULL;
        if (source->other_calendar && quantity->is_day) quantity->kind = QUANTITY_PERHAPS;
    }
    english->facts = facts_make(english);
}

void quantities_free(struct quantities *quantities) {
    facts_free(&quantities->facts);
    free(quantities->items);
    *quantities = (struct quantities){0};
}
