/* Articles to stories: agglomerative clustering by average link. The two stories whose articles are most alike on
 * average become one, until none are alike enough. Only pairs that share telling features are looked at, each article
 * has a bounded number of them, and each story a bounded vector: the time is near linear in the number of articles. */
#ifndef STAGES_GROUP_CLUSTERS_H
#define STAGES_GROUP_CLUSTERS_H

#include "stages/group/vector.h"

struct grouped {
    struct vector vector; /* in: what it is about */
    double day;           /* in: when it appeared, in days; negative when not known */
    size_t story;         /* out: the index of the story's first article */
};

struct group_limits {
    double likeness; /* of the articles of a story, on average (cosine) */
    double days;     /* apart that halve it */
};

void clusters_find(struct grouped *articles, size_t count, struct group_limits limits);

#endif
