#include "config/nearest.h"

#include <stdint.h>

/* Words longer than LONGEST_WORD are not compared. A name that needs more than NEAR changes is not worth suggesting. */
enum { LONGEST_WORD = 40, NEAR = 3 };

/* Levenshtein distance, keeping one row of the matrix at a time. */
static size_t distance(struct span a, struct span b) {
    size_t row[LONGEST_WORD + 1];
    if (a.length > LONGEST_WORD || b.length > LONGEST_WORD) return SIZE_MAX;
    for (size_t j = 0; j <= b.length; j++) row[j] = j;
    for (size_t i = 1; i <= a.length; i++) {
        size_t diagonal = row[0];
        row[0] = i;
        for (size_t j = 1; j <= b.length; j++) {
            size_t change = diagonal + (a.at[i - 1] != b.at[j - 1]);
            size_t gap = (row[j] < row[j - 1] ? row[j] : row[j - 1]) + 1;
            diagonal = row[j];
            row[j] = change < gap ? change : gap;
        }
    }
    return row[b.length];
}

/* The first of several equally similar names wins, which is the one that comes first in its table. */
const char *nearest_name(struct span word, const char *const *names, size_t count) {
    const char *nearest = NULL;
    size_t least = NEAR + 1;
    for (size_t i = 0; i < count; i++) {
        struct span name = span_of(names[i]);
        size_t own = distance(word, name), longer = word.length > name.length ? word.length : name.length;
        /* Any two short words are within three changes of each other, so at least a third of the longer word must also
         * be unchanged. */
        if (own >= least || own * 3 > longer * 2) continue;
        least = own;
        nearest = names[i];
    }
    return nearest;
}
