/* How long the English of a text has to be expected to be, from config/tables/check/lengths.tsv. */
#ifndef STAGES_CHECK_LENGTHS_H
#define STAGES_CHECK_LENGTHS_H

#include "pipeline/base/arena.h"
#include "pipeline/base/failure.h"
#include "pipeline/base/text.h"

struct lengths;

struct length_rule {
    double letter, han; /* English characters for one of the source; han is 0 where Han is written by nobody */
    double spread;      /* standard deviation of the logarithm of the ratio, in paragraphs */
};

/* The table belongs to the arena. */
bool lengths_read(const char *data_folder, struct arena *arena, struct lengths **ret_lengths,
                  struct failure *ret_failure);
/* The language's rule, its base language's, or that of "*". */
const struct length_rule *lengths_of(const struct lengths *lengths, struct span code);

double length_expected(const struct length_rule *rule, struct span source);
/* How many standard deviations `length` lies off `expected`: below zero when it is too short. Short texts vary more. */
double length_deviation(const struct length_rule *rule, double expected, double length);

#endif
