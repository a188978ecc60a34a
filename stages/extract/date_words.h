/* The words that occur in dates, read from the tables. Used only by date.c and its parts. */
#ifndef STAGES_EXTRACT_DATE_WORDS_H
#define STAGES_EXTRACT_DATE_WORDS_H

#include "stages/extract/date.h"

enum date_word_kind {
    DATE_MONTH,
    DATE_UNIT,    /* unit that follows a number: 年, tháng */
    DATE_BETWEEN, /* filler between the parts of a date: de, gada, th */
    DATE_HOUR,
    DATE_MINUTE,
    DATE_AM,
    DATE_PM,
    DATE_CLOCK, /* word before a time of day: kl, um */
    DATE_ZONE,
    DATE_ERA
};

enum calendar { CALENDAR_GREGORIAN, CALENDAR_PERSIAN, CALENDAR_ETHIOPIC };

struct date_word {
    enum date_word_kind kind;
    enum calendar calendar;
    int number;                   /* a month; minutes east of Greenwich; or the year before the first year of an era */
    struct span language;         /* empty if the word applies to any language */
    const struct date_word *next; /* next word with the same spelling */
};

enum date_order { ORDER_DMY, ORDER_MDY, ORDER_YMD };

/* What the tables state about the dates of one language. */
struct date_conventions {
    struct span language; /* canonical code in lower case, with '-' */
    enum date_order order;
    struct span calendar; /* "persian" for years from 1300 to 1499; "buddhist" for two-digit years; or empty */
};

/* Returns the conventions for a BCP 47 tag, resolving aliases. `scratch` holds the language code and must live as long
 * as the result. */
struct date_conventions date_conventions(const struct date_words *words, struct span language, char scratch[16]);

/* Returns the list of all words with this spelling (folded, parts joined by a space), or NULL. */
const struct date_word *date_word_find(const struct date_words *words, struct span spelling);
/* Returns the word of this kind in the language. Otherwise returns a word whose meaning is the same in all languages
 * that have it, or NULL. */
const struct date_word *date_word_choose(const struct date_word *list, enum date_word_kind kind, struct span language);

/* Returns the value, 0 to 9, of a digit of any script in the tables, or -1. */
int date_digit(const struct date_words *words, uint32_t rune);
/* Appends a character in the spelling of the tables: lower case, without accents, with compatibility forms resolved.
 * Appends nothing if there is no room. */
void date_fold(uint32_t rune, char *to, size_t room, size_t *length);

#endif
