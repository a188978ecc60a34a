/* Links a day's stories to those of the day before that they continue. */
#ifndef STAGES_GROUP_EARLIER_H
#define STAGES_GROUP_EARLIER_H

#include "pipeline/engine/edition.h"
#include "stages/group/clusters.h"

/* A story as clusters_find() has left it. */
struct found_story {
    struct edition_story *story;
    const struct vector *sum;
    size_t size;
};

/* Sets the signature of each story and, where one of edition.earlier is similar enough and the same event, the members
 * `earlier` and `earlier_day`. */
void earlier_link(struct edition *edition, const struct found_story *stories, size_t count, struct group_limits limits);

#endif
