/* The words that occur in by-lines, read from bylines.tsv. Used only by authors.c. */
#ifndef STAGES_EXTRACT_AUTHOR_WORDS_H
#define STAGES_EXTRACT_AUTHOR_WORDS_H

#include "stages/extract/authors.h"

struct author_list {
    struct span *words; /* in lower case */
    size_t count, capacity;
};

/* One list of words for each kind in bylines.tsv. "Controls" are labels of buttons and links, such as "follow" or
 * "share". */
struct author_words {
    struct author_list prefixes, labels, joined, ands, roles, reporters, organizations, desks, placeholders, controls,
        credits;
};

#endif
