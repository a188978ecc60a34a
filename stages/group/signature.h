/* What is kept of a story so that a later day recognizes what continues it: its most important features, as bytes. */
#ifndef STAGES_GROUP_SIGNATURE_H
#define STAGES_GROUP_SIGNATURE_H

#include "stages/group/clusters.h"

/* Writes the signature of a story, a sum of the vectors of `size` articles. */
struct span signature_write(const struct vector *sum, size_t size, struct arena *arena);
/* Reads a signature. The result is the sum of the vectors of `ret_size` articles; it is empty if the bytes are not a
 * valid signature. */
struct vector signature_read(struct span signature, struct arena *arena, size_t *ret_size);

#endif
