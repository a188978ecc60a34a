/* The checks: one table entry each. Pure, linear in the size of the texts. */
#ifndef STAGES_CHECK_CHECKS_H
#define STAGES_CHECK_CHECKS_H

#include "pipeline/article.h"

struct check {
    const char *name;
    enum severity severity;
    /* Whether there is something to tell, and what, as a sentence for the reader. */
    bool (*finds)(const struct segment *segment, struct buffer *message);
};

extern const struct check checks[]; /* ended by an entry without name */

/* numbers.c: numbers in digits of source and target as sets of possible readings ("2.300" is 2300 or 2.3). */
bool check_numbers(const struct segment *segment, struct buffer *message);

#endif
