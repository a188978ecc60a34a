/* Decides whether two stories that are similar report on one event. Articles about the same kind of thing (two matches,
 * two elections, two fires) are similar too, and average similarity lets them form chains.
 *
 * The core of a story is what at least half of its articles have. Two stories are one event if they have more than
 * one thing in common, if each has most of the other's core, and if the articles have a name in common that the rest of
 * the day does not share. The larger the stories, the better their cores are known, and the more is demanded. */
#ifndef STAGES_GROUP_EVENT_H
#define STAGES_GROUP_EVENT_H

#include "stages/group/vector.h"

/* One of two stories that are compared. */
struct party {
    size_t size; /* number of articles */
    double core; /* event_core() */
};

/* Returns the weight of the core of a story: a sum of the vectors of `size` articles. */
double event_core(const struct vector *sum, size_t size);
/* `common` is what the stories have in common, as `a` and as `b` has it; `section` is vectors_section(). */
bool event_is_one(struct party a, struct party b, const struct common *common, size_t count, double section);

#endif
