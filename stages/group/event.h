/* Decides whether two stories that are similar report on one event. Articles about the same kind of thing (two matches,
 * two elections, two fires) are similar too, and average similarity lets them form chains.
 *
 * The core of a story is what at least half of its articles have. Two stories are one event if they have more than
 * one thing in common, if each has much of the other's core, and if the articles have a name in common that the rest of
 * the day does not share. The larger the stories, the better their cores are known, and the more is demanded.
 *
 * Both who and what have to agree: two earthquakes have their words in common, and an earthquake and an election in one
 * country have its names. How much has to agree depends on the day (see usual.h). */
#ifndef STAGES_GROUP_EVENT_H
#define STAGES_GROUP_EVENT_H

#include "stages/group/vector.h"

/* One of two stories that are compared. */
struct party {
    size_t size;      /* number of articles */
    double who, what; /* weight of the names and of the other features in its core */
};

/* How much of the cores two stories have in common, from 0 to 1: of the names, and of the other features. */
struct overlap {
    double who, what;
};

struct event_limits {
    double section; /* see vectors_section() */
    double usual;   /* see usual_measure() */
};

/* `sum` is the sum of the vectors of `size` articles. */
struct party event_party(const struct vector *sum, size_t size);
/* `common` is what the stories have in common, as `a` and as `b` has it. */
struct overlap event_overlap(struct party a, struct party b, const struct common *common, size_t count);
bool event_is_one(struct party a, struct party b, const struct common *common, size_t count,
                  struct event_limits limits);

#endif
