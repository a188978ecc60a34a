/* Measures how much of one text also occurs in another, ignoring spaces, punctuation, quotes and ASCII case. Every
 * sequence of OVERLAP_WINDOW bytes of letters and digits (a "window") is hashed with a rolling hash (Karp and Rabin),
 * so this takes linear time. */
#ifndef STAGES_EXTRACT_OVERLAP_H
#define STAGES_EXTRACT_OVERLAP_H

#include "pipeline/base/arena.h"

enum { OVERLAP_WINDOW = 24 };

struct overlap {
    uint32_t *slots; /* hash table with open addressing; the number of slots is a power of two; 0 marks a free slot */
    size_t size;
    size_t columns; /* width in columns of the text from which the table was made */
};

/* Makes a table of all windows of a text, in the arena. */
struct overlap overlap_make(struct span text, struct arena *arena);
/* Returns the share, from 0 to 1, of the windows of `text` that also occur in the table. Returns 0 if `text` is too
 * short for a window. */
double overlap_share(const struct overlap *overlap, struct span text);

#endif
