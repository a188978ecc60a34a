/* Measures how much articles about different events have in common on a day. Reports on events of one kind are told in
 * the same words, the more so when one engine has translated all of them; what has no more in common than that is not
 * one event. */
#ifndef STAGES_GROUP_USUAL_H
#define STAGES_GROUP_USUAL_H

#include "stages/group/matcher.h"
#include "stages/group/neighbours.h"

/* Returns the share of an article's words, from 0 to 1, that usually occur in the article about somebody else that has
 * most of them. `neighbours` and `matcher` are for the vectors. */
double usual_measure(struct neighbours *neighbours, struct matcher *matcher, const struct vector *const *vectors,
                     size_t count);

#endif
