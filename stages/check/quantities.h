/* The numbers of a text, in digits and in words, each as the set of values that it can mean: "2.300" is 2300 or 2.3,
 * "35 millones" is 35,000,000, "five" in "five to six million" is 5 or 5,000,000, "the 1980s" are 1980 or 80, "8:15 pm"
 * is 8 or 20. */
#ifndef STAGES_CHECK_QUANTITIES_H
#define STAGES_CHECK_QUANTITIES_H

#include "stages/check/reading.h"

enum { MAX_QUANTITIES = 128, MAX_VALUES = 8, MAX_PARTS = 4 };

enum quantity_kind {
    QUANTITY_DIGITS,
    QUANTITY_WORDS,   /* a count in words */
    QUANTITY_ORDINAL, /* in words */
    QUANTITY_SCALE,   /* "thousands of", "billions": at least that many */
    QUANTITY_PERHAPS  /* a word that may stand for a number, a Roman numeral */
};

struct quantity {
    enum quantity_kind kind;
    struct span written;
    double values[MAX_VALUES];
    size_t value_count;
    double
        parts[MAX_PARTS]; /* a date or a time in one piece ("14.06.2024"): its numbers, which may be said one by one */
    size_t part_count;
    double scale;       /* of the word behind it, or 1 */
    unsigned precision; /* significant digits as written */
    size_t from, to;    /* tokens */
};

struct quantities {
    struct quantity items[MAX_QUANTITIES];
    size_t count;
    bool full; /* there are more */
    bool english;
};

void quantities_read(const struct word_tables *word_tables, const struct reading *reading, bool english,
                     struct quantities *ret_quantities);
bool quantity_has(const struct quantity *quantity, double value);
bool quantity_same(double a, double b);

#endif
