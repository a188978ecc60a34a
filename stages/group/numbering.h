/* Replaces the words of vectors by consecutive numbers, which can be indexes of arrays. The numbers are in the order of
 * the words, so the features stay sorted. A table of hashed words would do too, but news from outside could be written
 * so that its words collide. */
#ifndef STAGES_GROUP_NUMBERING_H
#define STAGES_GROUP_NUMBERING_H

#include "stages/group/vector.h"

struct numbering {
    uint32_t *words; /* the word of each number */
    size_t count;
};

/* Numbers the words of all the vectors and replaces them. */
struct numbering numbering_begin(const struct vector *const *vectors, size_t count);
/* Puts the words of a vector back. */
void numbering_restore(const struct numbering *numbering, const struct vector *vector);
void numbering_free(struct numbering *numbering);

#endif
