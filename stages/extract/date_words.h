/* The words that dates are made of, from the tables; used by date.c and its parts only. */
#ifndef STAGES_EXTRACT_DATE_WORDS_H
#define STAGES_EXTRACT_DATE_WORDS_H

#include "stages/extract/date.h"

enum date_word_kind {
    DATE_MONTH,
    DATE_UNIT,    /* between figures: 年, tháng */
    DATE_BETWEEN, /* between day, month's name and year: de, gada, th */
    DATE_HOUR,
    DATE_MINUTE,
    DATE_AM,
    DATE_PM,
    DATE_CLOCK, /* before a time: kl, um */
    DATE_ZONE,
    DATE_ERA
};

enum calendar { CALENDAR_GREGORIAN, CALENDAR_PERSIAN, CALENDAR_ETHIOPIC };

struct date_word {
    enum date_word_kind kind;
    enum calendar calendar;
    int number;                   /* month, minutes east of Greenwich, or year before the era's first */
    struct span language;         /* empty: any */
    const struct date_word *next; /* of the same spelling */
};

enum date_order { ORDER_DMY, ORDER_MDY, ORDER_YMD };

/* What the tables say of one language. */
struct date_conventions {
    struct span language; /* canonical code in lower case, with '-' */
    enum date_order order;
    struct span calendar; /* "persian": of years between 1300 and 1500; "buddhist": of years of two figures */
};

struct date_conventions date_conventions(const struct date_words *words, struct span language, char scratch[16]);

/* All words spelt like this (folded; parts joined by a space), or NULL. */
const struct date_word *date_word_find(const struct date_words *words, struct span spelling);
/* Among them the one of this kind that the language has, or any when all languages agree; NULL otherwise. */
const struct date_word *date_word_choose(const struct date_word *list, enum date_word_kind kind, struct span language);

/* 0 to 9, or -1. */
int date_digit(const struct date_words *words, uint32_t rune);
/* Appends a rune of a word as the tables spell it: case folded, without accents, compatibility forms resolved. */
void date_fold(uint32_t rune, char *to, size_t room, size_t *length);

#endif
