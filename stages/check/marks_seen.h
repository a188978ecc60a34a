/* The punctuation, numbers and letters of a text, counted. */
#ifndef STAGES_CHECK_MARKS_SEEN_H
#define STAGES_CHECK_MARKS_SEEN_H

#include <stddef.h>

#include "stages/language/marks.h"

struct marks_seen {
    size_t questions, quotes, brackets, colons, capitals, letters;
    size_t numbers; /* sequences of digits of any script: "1,250" has two */
    int open;       /* opening brackets minus closing ones */
};

/* Counts them in a single pass. */
struct marks_seen marks_count(const struct marks *marks, struct span text);

#endif
