/* Finds years that were left in the calendar of the source without saying so. */
#include <string.h>

#include "stages/check/checks.h"
#include "stages/check/quantities.h"

/* Letters of the longest abbreviation of an era, and tokens of it when it is written with stops ("B.E."). */
enum { MAX_LETTERS = 3, MAX_STOPPED = 2 * MAX_LETTERS, MAX_YEARS = 64 };

/* Returns whether the English has the year of the source's own calendar and no Gregorian one for it. */
static bool is_unconverted(const struct quantity *year, const struct facts *english) {
    if (!facts_have(english, FACT_VALUE, year->own_year)) return false;
    for (size_t i = 0; i < year->value_count; i++)
        if (!quantity_same(year->values[i], year->own_year) && facts_have(english, FACT_VALUE, year->values[i]))
            return false;
    return true;
}

static bool is_capital(char letter) {
    return letter >= 'A' && letter <= 'Z';
}

/* Returns whether the table has the word for years of another calendar. Abbreviations must be in capital letters, since
 * "be" and "am" are words. */
static bool names_calendar(const struct pair *pair, struct span written, struct span folded) {
    for (size_t i = 0; i < written.length && (i == 0 || written.length <= MAX_LETTERS); i++)
        if (!is_capital(written.at[i])) return false;
    return sense_of(word_tables_find(pair->word_tables, pair->target_reading.language, folded), ROLE_BESIDE_YEAR);
}

/* Returns whether the tokens from `from` to `to` are one word that names a calendar, or its letters with stops. */
static bool tokens_name_calendar(const struct pair *pair, size_t from, size_t to) {
    const struct token *tokens = pair->target_reading.tokens;
    char written[MAX_LETTERS], folded[MAX_LETTERS];
    size_t length = 0;
    if (to == from + 1) return names_calendar(pair, tokens[from].written, tokens[from].folded);
    for (size_t i = from; i < to; i++) {
        if (tokens[i].written.length != 1 || (i > from && !tokens[i].glued) || length == MAX_LETTERS) return false;
        if (tokens[i].written.at[0] == '.') continue;
        written[length] = tokens[i].written.at[0];
        folded[length++] = tokens[i].folded.at[0];
    }
    return names_calendar(pair, (struct span){written, length}, (struct span){folded, length});
}

/* Returns whether a word directly before or after the year names its calendar: "1445 AH", "B.E. 2569". */
static bool is_named_beside(const struct pair *pair, const struct quantity *year) {
    for (size_t count = 1; count <= MAX_STOPPED; count++) {
        if (year->from >= count && tokens_name_calendar(pair, year->from - count, year->from)) return true;
        if (year->to + count <= pair->target_reading.count && tokens_name_calendar(pair, year->to, year->to + count))
            return true;
    }
    return false;
}

/* Returns whether the English says of which calendar the year is. */
static bool is_named(const struct pair *pair, double year) {
    const struct reading *target = &pair->target_reading;
    for (size_t i = 0; i < target->count; i++)
        if (sense_of(target->tokens[i].senses, ROLE_ERA)) return true;
    for (size_t i = 0; i < pair->target_numbers.count; i++)
        if (quantity_has(&pair->target_numbers.items[i], year) && is_named_beside(pair, &pair->target_numbers.items[i]))
            return true;
    return false;
}

/* "In 2570" for the year 2570 of the Buddhist era is 2027 in English. The English may also name the era. */
bool calendars_mislead(const struct pair *pair, struct buffer *message) {
    size_t seen = 0; /* each of them is looked for in the whole English */
    for (size_t i = 0; i < pair->source_numbers.count && seen < MAX_YEARS; i++) {
        const struct quantity *year = &pair->source_numbers.items[i];
        if (year->own_year == 0 || year->value_count < 2 || !is_unconverted(year, &pair->target_numbers.facts))
            continue;
        seen++;
        if (is_named(pair, year->own_year)) continue;
        buffer_print(message, "the year %.*s of the source's calendar is %.0f", SPAN_ARGS(year->written),
                     year->values[1]);
        if (year->value_count > 2) buffer_print(message, " or %.0f", year->values[2]);
        buffer_add_string(message, " in English");
        return true;
    }
    return false;
}
