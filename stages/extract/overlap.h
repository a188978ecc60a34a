/* Measures how much of one text occurs in another, ignoring spaces, punctuation, quotes and ASCII case. Hashes every
 * window of OVERLAP_WINDOW bytes of letters and digits with a rolling hash (Karp and Rabin), so it takes linear time.
 */
#ifndef STAGES_EXTRACT_OVERLAP_H
#define STAGES_EXTRACT_OVERLAP_H

#include "pipeline/base/arena.h"

enum { OVERLAP_WINDOW = 24 };

struct overlap {
    uint32_t *slots; /* open addressing; the number of slots is a power of two; 0 is free */
    size_t size;
    size_t columns; /* width in columns of the text that the table was made from */
};

/* Makes the table of a text's windows in the arena. */
struct overlap overlap_make(struct span text, struct arena *arena);
/* Returns the share of the windows of `text` that also occur in the text of the table, from 0 to 1. Returns 0 if `text`
 * is too short for one window. */
double overlap_share(const struct overlap *overlap, struct span text);

#endif
