/* Groups articles into stories by agglomerative clustering with average linkage: the two stories whose articles are
 * most similar on average are merged, again and again, until no two are similar enough. Only pairs that share rare
 * features are compared; the number of pairs per article and the size of a story's vector are limited. The time is
 * therefore nearly linear in the number of articles. */
#ifndef STAGES_GROUP_CLUSTERS_H
#define STAGES_GROUP_CLUSTERS_H

#include "stages/group/vector.h"

struct grouped {
    struct vector vector; /* in: the features of the article (see vector.h) */
    double day;           /* in: the date of publication as a number of days, negative if unknown */
    size_t story;         /* out: the index of the first article of its story */
};

struct group_limits {
    double likeness; /* minimum average cosine between the articles of a story */
    double days;     /* number of days between two articles that halves their similarity */
};

/* Sets the member `story` of all articles. */
void clusters_find(struct grouped *articles, size_t count, struct group_limits limits);

#endif
