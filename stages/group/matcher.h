/* Finds what one vector has in common with many others. The features of the one are spread over an array, so that each
 * feature of another one costs one look, and none of the branches that walking along both would need. */
#ifndef STAGES_GROUP_MATCHER_H
#define STAGES_GROUP_MATCHER_H

#include "stages/group/vector.h"

struct matcher;

/* The words of all vectors must be numbers below `numbers` (see numbering.h). */
struct matcher *matcher_new(size_t numbers);
void matcher_free(struct matcher *matcher); /* accepts NULL */
/* Sets the vector with which others are compared until matcher_end(). It is borrowed, must not change, and has fewer
 * than UINT16_MAX features. */
void matcher_begin(struct matcher *matcher, const struct vector *one);
void matcher_end(struct matcher *matcher);
/* Returns what the vector has in common with `other`, in the order of the words. `ret_common` must have room for
 * all features of the smaller one. */
size_t matcher_find(const struct matcher *matcher, const struct vector *other, struct common *ret_common);

#endif
