/* How much of one text stands in another, whatever stands between the letters: spaces, punctuation and quotes do not
 * count. Windows of OVERLAP_WINDOW bytes of letters are hashed as they roll (Karp and Rabin), so the work is linear. */
#ifndef STAGES_EXTRACT_OVERLAP_H
#define STAGES_EXTRACT_OVERLAP_H

#include "pipeline/base/arena.h"

enum { OVERLAP_WINDOW = 24 };

struct overlap {
    uint32_t *slots; /* open addressing, a power of two of them; 0: free */
    size_t size;
    size_t columns; /* the width of the text it was made from */
};

struct overlap overlap_make(struct span text, struct arena *arena);
/* Share of the windows of `text` that the other has, 0 to 1; 0 when it is too short for one window. */
double overlap_share(const struct overlap *overlap, struct span text);

#endif
