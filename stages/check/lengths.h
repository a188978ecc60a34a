/* How long the English translation of a text is likely to be, from config/tables/check/lengths.tsv. */
#ifndef STAGES_CHECK_LENGTHS_H
#define STAGES_CHECK_LENGTHS_H

#include "pipeline/base/arena.h"
#include "pipeline/base/failure.h"
#include "pipeline/base/text.h"

struct lengths;

struct length_rule {
    double letter, han; /* English characters per source character; `han` is the ratio for Han characters, or 0 if the
                           language has none */
    double spread;      /* standard deviation of the logarithm of the length ratio, measured on paragraphs */
};

/* Reads the table into the arena. Fails if a row has no usable numbers. */
bool lengths_read(const char *data_folder, struct arena *arena, struct lengths **ret_lengths,
                  struct failure *ret_failure);
/* Returns the rule for the language, for its base language ("pt" for "pt-BR"), or for "*". Never NULL. */
const struct length_rule *lengths_of(const struct lengths *lengths, struct span code);

/* Returns the expected length of the English, in characters. */
double length_expected(const struct length_rule *rule, struct span source);
/* Returns the difference between `length` and `expected` in standard deviations, negative if `length` is shorter. The
 * standard deviation is larger for short texts. */
double length_deviation(const struct length_rule *rule, double expected, double length);

#endif
