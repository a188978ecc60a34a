/* Reads years: of eras and other calendars, decades, and years of two digits. */
#include <math.h>

#include "stages/check/quantity_finder.h"

/* Adds the Gregorian year for the year of an era: "明治28年" is 1895. */
static void take_era(const struct finder *finder, struct quantity *quantity) {
    const struct token *before = quantity->from ? finder_token(finder, quantity->from - 1) : NULL;
    const struct sense *era = before ? sense_of(before->senses, ROLE_ERA) : NULL;
    if (!era || era->value == 0) return;
    quantity->own_year = quantity->values[0];
    quantity_add_value(quantity, quantity->values[0] + era->value);
}

/* Returns whether a word before or after the number marks it as a year: "ปี 2570", but not "2570 ปี", which is a time of
 * so many years. */
static bool is_marked(const struct finder *finder, const struct quantity *quantity) {
    size_t i = quantity->from;
    while (i > 0 && reading_has_sign(finder->reading, i - 1, ".")) i--; /* after an abbreviation */
    const struct token *before = i ? finder_token(finder, i - 1) : NULL;
    const struct token *after = finder_token(finder, quantity->to);
    return (after && sense_of(after->senses, ROLE_YEAR_END)) || (before && sense_of(before->senses, ROLE_YEAR_MARK));
}

/* Returns whether the words around the number make it a year. */
static bool is_dated(const struct finder *finder, const struct quantity *quantity) {
    const struct token *before = quantity->from ? finder_token(finder, quantity->from - 1) : NULL;
    if (is_marked(finder, quantity)) return true;
    return before && (sense_of(before->senses, ROLE_MONTH) || sense_of(before->senses, ROLE_MAYBE_MONTH) ||
                      sense_of(before->senses, ROLE_OTHER_MONTH));
}

/* Adds the Gregorian year for a year of the language's own calendar: the Thai 2570 is 2027. Without a word such as
 * "year" next to it, the number may also be one of money. */
static void take_calendar(const struct finder *finder, struct quantity *quantity) {
    double year = quantity->values[0], gregorian;
    const struct word_tables *tables = finder->word_tables;
    unsigned language = finder->reading->language;
    if (quantity->part_count || finder_token(finder, quantity->from)->folded.length != 4) return;
    bool marked = is_marked(finder, quantity), dated = is_dated(finder, quantity);
    for (size_t i = 0; (gregorian = word_tables_gregorian(tables, language, year, marked, i)) > 0; i++) {
        quantity_add_value(quantity, gregorian);
        if (dated) quantity->own_year = year;
    }
}

/* Notes the day of a date. The day of a month of another calendar has another number in English. */
static void note_day(const struct finder *finder, struct quantity *quantity) {
    if (quantity->values[0] < 1 || quantity->values[0] > 31 || quantity->part_count) return;
    const struct token *sides[] = {quantity->from ? finder_token(finder, quantity->from - 1) : NULL,
                                   finder_token(finder, quantity->to)};
    for (size_t i = 0; i < 2; i++) {
        if (!sides[i]) continue;
        quantity->is_day |= sense_of(sides[i]->senses, ROLE_MONTH) || sense_of(sides[i]->senses, ROLE_MAYBE_MONTH);
        if (!sense_of(sides[i]->senses, ROLE_OTHER_MONTH)) continue;
        finder->found->other_calendar = true;
        quantity->kind = QUANTITY_PERHAPS;
    }
}

void finder_take_era(const struct finder *finder, struct quantity *quantity) {
    take_era(finder, quantity);
    take_calendar(finder, quantity);
    note_day(finder, quantity);
}

/* Returns whether the token is the ending of a decade, glued to its number: "80er", "90-х", "1980 s". */
static bool ends_decade(const struct finder *finder, size_t i) {
    const struct token *token = finder_token(finder, i);
    if (reading_has_sign(finder->reading, i, "-")) {
        const struct token *next = finder_token(finder, i + 1);
        return token->glued && next && next->glued && next->kind == TOKEN_WORD;
    }
    return token && token->kind == TOKEN_WORD && (token->glued || token_is_word(token, "s"));
}

void quantity_add_century(struct quantity *quantity) {
    double year = quantity->values[0];
    if (year < 1000 || fmod(year, 10) != 0) return;
    /* other languages may write "the fifties of the 19th century" for "the 1850s" */
    quantity->part_count = fmod(year, 100) > 0 ? 2 : 1;
    quantity->parts[0] = floor(year / 100) + 1;
    quantity->parts[1] = fmod(year, 100);
}

/* Adds the decade with or without its century: "1980s", "80er", "90-х". Names the century for "1800s", "1800-tallet".
 */
static void take_decade(const struct finder *finder, struct quantity *quantity) {
    size_t ending = quantity->to + (reading_has_sign(finder->reading, quantity->to, "'") ? 1 : 0);
    const struct token *token = finder_token(finder, ending);
    double value = quantity->values[0];
    if (quantity->value_count != 1 || quantity->part_count || fmod(value, 10) != 0 || value < 10 || value > 2100)
        return;
    if (!ends_decade(finder, ending)) return;
    if (value >= 1000 && fmod(value, 100) > 0)
        quantity_add_value(quantity, fmod(value, 100));
    else if (value < 100)
        quantity_add_value(quantity, 1900 + value);
    if (reading_has_sign(finder->reading, ending, "-")) token = finder_token(finder, ending + 1);
    if (token_is_word(token, "s") || sense_of(token->senses, ROLE_CENTURY)) quantity_add_century(quantity);
}

/* Adds the full year to the "20" of "2019/20" and "2019-20" and to the "98" of "'98". */
static void take_century(const struct finder *finder, struct quantity *quantity) {
    double value = quantity->values[0];
    if (quantity->value_count != 1 || value >= 100 || quantity->part_count) return;
    size_t i = quantity->from;
    bool mark =
        i > 0 && (reading_has_sign(finder->reading, i - 1, "'") || reading_has_sign(finder->reading, i - 1, "’"));
    if (mark) {
        quantity_add_value(quantity, 1900 + value);
        quantity_add_value(quantity, 2000 + value);
    }
    if (i < 2 || finder->found->count < 2 || finder->reading->tokens[i - 1].kind != TOKEN_SIGN) return;
    const struct quantity *before = quantity - 1;
    if (before->to == i - 1 && quantity_is_year(before))
        quantity_add_value(quantity, floor(before->values[0] / 100) * 100 + value);
}

/* Adds the year that "SS19" and "FY24" abbreviate. */
static void take_glued_year(const struct finder *finder, struct quantity *quantity) {
    const struct token *token = finder_token(finder, quantity->from);
    const struct token *before = quantity->from ? finder_token(finder, quantity->from - 1) : NULL;
    if (!before || before->kind != TOKEN_WORD || !token->glued || token->folded.length != 2) return;
    if (before->letters == LETTER_SPACED) quantity_add_value(quantity, 2000 + quantity->values[0]);
}

void finder_take_short_year(const struct finder *finder, struct quantity *quantity) {
    take_decade(finder, quantity);
    take_century(finder, quantity);
    take_glued_year(finder, quantity);
}
