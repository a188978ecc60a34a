/* Decides whether two stories that are similar report on one event. Articles about the same kind of thing (two matches,
 * two elections, two fires) are similar too, and average similarity lets them form chains.
 *
 * The core of a story is what at least half of its articles have. Two stories are one event if they have more than
 * one thing in common, if each has most of the other's core, and if the articles have a name in common that the rest of
 * the day does not share. The larger the stories, the better their cores are known, and the more is demanded. */
#ifndef STAGES_GROUP_EVENT_H
#define STAGES_GROUP_EVENT_H

#include "stages/group/vector.h"

/* `a` and `b` are sums of the vectors of `a_size` and `b_size` articles; `section` is vectors_section(). */
bool event_is_one(const struct vector *a, size_t a_size, const struct vector *b, size_t b_size, double section);

#endif
