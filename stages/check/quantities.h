/* The numbers in a text, written in digits or in words. Each number is a set of the values that it can mean: "2.300" is
 * 2300 or 2.3, "35 millones" is 35,000,000, "five" in "five to six million" is 5 or 5,000,000, "the 1980s" is 1980 or
 * 80, and "8:15 pm" is 8 or 20. */
#ifndef STAGES_CHECK_QUANTITIES_H
#define STAGES_CHECK_QUANTITIES_H

#include "stages/check/quantity_facts.h"
#include "stages/check/reading.h"

enum { MAX_VALUES = 8, MAX_PARTS = 4 };

enum quantity_kind {
    QUANTITY_DIGITS,
    QUANTITY_WORDS,   /* a cardinal in words */
    QUANTITY_ORDINAL, /* an ordinal in words */
    QUANTITY_SCALE,   /* a scale word without a number: "thousands of", "billions" */
    QUANTITY_ROMAN,   /* a Roman numeral of several letters, below a hundred */
    QUANTITY_PERHAPS  /* a word that may or may not be a number, such as a Roman numeral */
};

struct quantity {
    enum quantity_kind kind;
    struct span written;
    double values[MAX_VALUES];
    size_t value_count;
    double parts[MAX_PARTS]; /* the numbers in "14.06.2024", which may be separate numbers in the other text */
    size_t part_count;
    double own_year; /* the year in the source's own calendar, for which the values also have the Gregorian one; or 0 */
    const struct sense *imperial; /* "miles" after it, or NULL */
    bool is_length;               /* `imperial` is a length */
    double metres;                /* the length of the metric unit after it in the source, or 0 */
    bool is_day;                  /* a number up to 31 next to the name of a month */
    bool in_brackets;             /* "(180 miles)" after "300 km" */
    double scale;                 /* the value of the scale word after it, or 1 */
    unsigned precision;           /* number of significant digits as written */
    size_t from, to;              /* its first token, and the one after its last */
};

struct quantities {
    struct quantity *items;
    size_t count, capacity;
    struct facts facts;  /* made by quantities_compare() */
    bool other_calendar; /* a day in a month of another calendar, which has another number in English */
    bool english;
};

/* Finds the numbers in a text. `english` is true for the English and false for the source. Takes linear time. Free the
 * result with quantities_free(). */
void quantities_read(const struct word_tables *word_tables, const struct reading *reading, bool english,
                     struct quantities *ret_quantities);
/* Compares the English with its source: removes `imperial` from the measures whose number the source has too, since
 * these are not converted, and makes days optional if the source has them in another calendar. Makes the facts of both.
 */
void quantities_compare(struct quantities *source, struct quantities *english);
void quantities_free(struct quantities *quantities);
/* Returns whether the quantity can mean this value. */
bool quantity_has(const struct quantity *quantity, double value);
/* Compares two values, allowing for rounding errors. */
bool quantity_same(double a, double b);

#endif
