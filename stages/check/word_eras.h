/* Months and years that the checks share with the dates of the extract stage; only for word_tables.c. */
#ifndef STAGES_CHECK_WORD_ERAS_H
#define STAGES_CHECK_WORD_ERAS_H

#include "pipeline/base/table.h"
#include "stages/check/word_tables.h"

enum { MAX_ERAS = 192 };

/* A year of another era: from `min` to `max`, and `offset` less than the Gregorian year. */
struct era_years {
    unsigned language;
    double offset, min, max;
    bool marked; /* only with a word that marks the year */
};

struct word_eras {
    struct era_years items[MAX_ERAS];
    size_t count;
};

/* Adds the forms of extract/months.tsv and calendars.tsv to the word tables, and the years to *ret_eras. */
void word_eras_read(struct word_tables *word_tables, const struct table *months, const struct table *calendars,
                    struct word_eras *ret_eras);
/* See word_tables_gregorian(). */
double word_eras_gregorian(const struct word_eras *eras, unsigned language, double year, bool marked, size_t nth);

/* In word_tables.c: adds a meaning to a form. Returns the index of the language. */
unsigned word_tables_add(struct word_tables *word_tables, struct span code, struct span form, enum role role,
                         double value);

#endif
