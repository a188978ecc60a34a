#include "stages/check/word_eras.h"

#include <stdlib.h>
#include <string.h>

/* MIN_MONTH: bytes of the name or the abbreviation of a month, since shorter ones are common words. MIN_NAME:
 * characters of a name that means nothing but the month. */
enum { MIN_MONTH = 3, MIN_NAME = 5 };

/* Abbreviations are often words of the language too (French "sept": seven). */
static enum role role_of_month(struct span form) {
    return text_count(form) < MIN_NAME ? ROLE_MAYBE_MONTH : ROLE_MONTH;
}

/* Adds the month names from the table with which the extract stage reads dates: language, month (or "persian 1" for
 * another calendar), and forms separated by bars. The English ones come from our own tables, which also have the words
 * that must precede "may". Chinese has the same months in both scripts. */
static void add_month(struct word_tables *word_tables, const struct row *row) {
    if (row->count < 3 || row->cells[1].length == 0 || span_is(row->cells[0], "en")) return;
    struct span code = span_starts(row->cells[0], SPAN("zh-")) ? SPAN("zh") : row->cells[0];
    bool other = (unsigned)(row->cells[1].at[0] - '0') >= 10;
    double month = other ? 0 : strtod(row->cells[1].at, NULL);
    struct span rest = row->cells[2], form;
    while (span_next(&rest, '|', &form))
        if (form.length >= MIN_MONTH && !memchr(form.at, ' ', form.length))
            word_tables_add(word_tables, code, form, other ? ROLE_OTHER_MONTH : role_of_month(form), month);
}

/* Adds the forms of a calendar, which are separated by bars. One letter such as the "R" of Reiwa is too little. */
static void add_forms(struct word_tables *word_tables, struct span code, struct span forms, enum role role,
                      double value) {
    struct span form;
    while (span_next(&forms, '|', &form))
        if (form.length > 1) word_tables_add(word_tables, code, form, role, value);
}

/* Adds a row of the table of calendars for one language: "era 2018" or "years -543 2400 2600". */
static void add_calendar(struct word_tables *word_tables, struct span code, const struct row *row,
                         struct word_eras *eras) {
    static const struct {
        const char *name;
        enum role role;
    } items[] = {
        {"era", ROLE_ERA},         {"after", ROLE_YEAR_END},   {"named", ROLE_ERA},   {"beside", ROLE_BESIDE_YEAR},
        {"years", ROLE_YEAR_MARK}, {"marked", ROLE_YEAR_MARK}, {"year", ROLE_PERHAPS}};
    struct span rest = row->cells[1], name, part;
    double numbers[3] = {0};
    if (!span_next(&rest, ' ', &name)) return;
    for (size_t i = 0; i < 3 && span_next(&rest, ' ', &part); i++) numbers[i] = strtod(part.at, NULL);
    bool marked = span_is(name, "marked"), years = span_is(name, "years") || marked;
    for (size_t i = 0; i < sizeof items / sizeof *items; i++)
        if (span_is(name, items[i].name)) add_forms(word_tables, code, row->cells[2], items[i].role, numbers[0]);
    if (!years || eras->count == MAX_ERAS) return;
    unsigned language = word_tables_language(word_tables, code);
    eras->items[eras->count++] = (struct era_years){language, numbers[0], numbers[1], numbers[2], marked};
}

void word_eras_read(struct word_tables *word_tables, const struct table *months, const struct table *calendars,
                    struct word_eras *ret_eras) {
    for (size_t i = 0; i < months->count; i++) add_month(word_tables, &months->rows[i]);
    for (size_t i = 0; i < calendars->count; i++) {
        struct span codes = calendars->rows[i].cells[0], code;
        while (span_next(&codes, '|', &code)) add_calendar(word_tables, code, &calendars->rows[i], ret_eras);
    }
}

double word_eras_gregorian(const struct word_eras *eras, unsigned language, double year, bool marked, size_t nth) {
    for (size_t i = 0; i < eras->count; i++) {
        const struct era_years *era = &eras->items[i];
        bool fits = era->language == language && year >= era->min && year <= era->max && (marked || !era->marked);
        if (fits && nth-- == 0) return year + era->offset;
    }
    return 0;
}
