/* Helpers shared by the code that finds numbers in digits and in words; only for stages/check/quantit*.c. */
#ifndef STAGES_CHECK_QUANTITY_FINDER_H
#define STAGES_CHECK_QUANTITY_FINDER_H

#include "stages/check/quantities.h"

struct finder {
    const struct word_tables *word_tables;
    const struct reading *reading;
    struct quantities *found;
};

const struct token *finder_token(const struct finder *finder, size_t i); /* returns NULL past the end */
bool token_is_word(const struct token *token, const char *folded);       /* accepts NULL */
/* Adds a quantity that consists of the token `from`. It moves when another one is added. */
struct quantity *finder_add(const struct finder *finder, enum quantity_kind kind, size_t from);
void finder_set_written(const struct finder *finder, struct quantity *quantity); /* sets its text from its tokens */
/* Adds a possible value, unless the quantity has that value or MAX_VALUES others. */
void quantity_add_value(struct quantity *quantity, double value);
/* Returns whether the number may be a year. A scale word after a year may belong to something else ("in 2019 thousands
 * fled"), so the year is kept as a possible value. */
bool quantity_is_year(const struct quantity *quantity);
/* Makes the century of the year a part of the number: the 1800s are the 19th century. */
void quantity_add_century(struct quantity *quantity);
/* For every value, adds the value multiplied by `factor`. */
void quantity_add_scaled(struct quantity *quantity, double factor);
/* Multiplies the number by the scale words after it ("35 mil millones", "100余万") and includes those words in it. */
void finder_take_scales(const struct finder *finder, struct quantity *quantity);

/* Returns the value of a number word and its role, or -1 if the token is NULL or not a number. */
double finder_number_of(const struct token *token, enum role *ret_role);

/* Halves and quarters, in quantity_halves.c. Each of the first four reads tokens from `i` on, sets its result and
 * returns the index of the token after them, or returns `i` and sets nothing if there is nothing to read. */
/* Reads "half", "and half", "and a half". */
size_t finder_take_half(const struct finder *finder, size_t i, double *ret_half);
/* Reads the "half a" of "half a million". */
size_t finder_take_part_of_scale(const struct finder *finder, size_t i, double *ret_part);
/* Reads साढ़े तीन (3.5) and the सवा of सवा लाख (1.25 lakh). */
size_t finder_take_addition(const struct finder *finder, size_t i, double *ret_value);
/* Reads "one and a half" where the table lists "one" only as an article. */
size_t finder_take_one_and_half(const struct finder *finder, size_t i, double *ret_value);
/* Adds the साढ़े before a number in digits. */
void finder_take_addition_before(const struct finder *finder, struct quantity *quantity);
/* Adds the half after what is counted: "dos años y medio" may be 2.5. */
void finder_take_late_half(const struct finder *finder, struct quantity *quantity);
/* Adds what the number means as a time of day: "halb acht" is half past seven, and so is "siete y media". */
void finder_add_hours(const struct finder *finder, struct quantity *quantity);
/* Reads a lone "half", which may correspond to 1/2, to 50 (percent), to 30 (minutes), to 2 or, in "a year and a half",
 * to 1.5 in the other text. */
size_t finder_find_half(const struct finder *finder, size_t i);

/* Adds the Gregorian year for a year of an era or of the language's own calendar, and notes the day of a date. */
void finder_take_era(const struct finder *finder, struct quantity *quantity);
/* Adds the year for "1980s", "80er", "2019/20", "'98" and "SS19", and includes the ending in the number. */
void finder_take_short_year(const struct finder *finder, struct quantity *quantity);

/* Notes an English unit after the number, which the source may have in a metric one, or the metric length that the
 * source has. In quantity_digits.c. */
void finder_note_unit(const struct finder *finder, struct quantity *quantity);

/* Each of these tries to read a number at token `i`. Returns the index of the token after the number, or `i` if there
 * is none. */
size_t finder_find_digits(const struct finder *finder, size_t i);
size_t finder_find_words(const struct finder *finder, size_t i);
size_t finder_find_compound(const struct finder *finder, size_t i);

#endif
