/* Finds the vectors that share rare features with a given one, by an inverted index. Features that very many vectors
 * have are ignored and few neighbours are returned, so that the time is nearly linear in the number of vectors. */
#ifndef STAGES_GROUP_NEIGHBOURS_H
#define STAGES_GROUP_NEIGHBOURS_H

#include "stages/group/vector.h"

enum { NEIGHBOURS = 32 };

struct neighbours;

/* Indexes the vectors, whose words are numbers below `numbers` (see numbering.h). */
struct neighbours *neighbours_new(const struct vector *const *vectors, size_t count, size_t numbers);
void neighbours_free(struct neighbours *neighbours); /* accepts NULL */
/* Finds the NEIGHBOURS indexed vectors with an index below `end` that have most in common with `vector`. Returns their
 * number. */
size_t neighbours_find(struct neighbours *neighbours, const struct vector *vector, uint32_t end,
                       uint32_t ret_found[NEIGHBOURS]);

#endif
