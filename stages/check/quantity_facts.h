/* The possible meanings of the numbers of a text, in lists that are looked up by value, so that many numbers can be
 * compared in n log n steps. Only for stages/check. */
#ifndef STAGES_CHECK_QUANTITY_FACTS_H
#define STAGES_CHECK_QUANTITY_FACTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct quantities;

enum { FACT_PRECISIONS = 24 }; /* more digits count as so many */

/* The lists, and what the key of an entry is. */
enum fact_list {
    FACT_VALUE,     /* a possible value */
    FACT_PART,      /* a part of a date or time */
    FACT_PARTS,     /* a hash of all parts; see facts_parts_key() */
    FACT_FIGURE,    /* the first value of a number in digits */
    FACT_PLAIN,     /* the same, of a number with one value */
    FACT_SCALED,    /* the scale word after a number in digits */
    FACT_SCALE,     /* a possible value of a scale word for ten or a hundred of another ("万") */
    FACT_METRIC,    /* a possible value that an English measure may convert (source only) */
    FACT_UNKNOWN,   /* the same, of a number without a unit of length that the tables have (source only) */
    FACT_METRES,    /* a length in metres, if its unit is known */
    FACT_CONVERTED, /* an English measure that is no length in metric units, in steps of ten (English only) */
    FACT_LENGTH,    /* an English length in metres, in steps of ten (English only) */
    FACT_CELSIUS,   /* degrees Fahrenheit in degrees Celsius (English only) */
    FACT_ROUGH, /* the first value of a number before a scale word, in the list FACT_ROUGH + its precision (English) */
    FACT_EXACT = FACT_ROUGH + FACT_PRECISIONS, /* a possible value, in the list FACT_EXACT + its precision (source) */
    FACT_LISTS = FACT_EXACT + FACT_PRECISIONS
};

struct fact {
    unsigned list;
    double key;
};

/* The entries are sorted if there are many; few are searched faster as they are. */
struct facts {
    struct fact *items;
    size_t count, capacity;
    uint64_t lists; /* bit n is set if list n is not empty */
    bool sorted;
};

/* What a metre, kilogram, litre or hectare may be multiplied by to be in a unit that the tables do not know. */
enum { METRIC_STEPS = 8 };
extern const double metric_steps[METRIC_STEPS];

/* Makes the lists for the numbers. Free the result with facts_free(). */
struct facts facts_make(const struct quantities *quantities);
void facts_free(struct facts *facts);

/* Counts the entries of a list from `low` to `high`. */
size_t facts_count(const struct facts *facts, unsigned list, double low, double high);
/* Returns whether the list has an entry from `low` to `high`. */
bool facts_between(const struct facts *facts, unsigned list, double low, double high);
/* Returns whether the list has the value, allowing for rounding errors. */
bool facts_have(const struct facts *facts, unsigned list, double value);
/* The key in FACT_PARTS. */
double facts_parts_key(const double *parts, size_t count);

#endif
