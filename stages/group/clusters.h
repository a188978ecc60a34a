/* Groups articles into stories by agglomerative clustering with average linkage: the two stories whose articles are
 * most similar on average are merged, again and again, until no two are similar enough and report on one event (see
 * event.h). Stories that are similar but remain apart are related. Only pairs that share rare
 * features are compared; the number of pairs per article and the size of a story's vector are limited. The time is
 * therefore nearly linear in the number of articles. */
#ifndef STAGES_GROUP_CLUSTERS_H
#define STAGES_GROUP_CLUSTERS_H

#include "stages/group/event.h"

enum { RELATED = 5 };

struct grouped {
    struct vector vector; /* in: the features of the article (see vector.h) */
    double day;           /* in: the date of publication as a number of days, negative if unknown */
    size_t story;         /* out: the index of the first article of its story */
    /* out, for an article that is the first of its story: the first articles of related stories, the most similar
     * first; in: `related_count` is 0 */
    uint32_t related[RELATED];
    size_t related_count;
    struct vector sum; /* out, for the same articles: the sum of the vectors of the story's articles, in the arena */
    size_t size;       /* out: the number of these articles */
};

struct group_limits {
    double likeness;           /* minimum average cosine between the articles of a story */
    double days;               /* number of days between two articles that halves their similarity */
    struct event_limits event; /* `usual` is found, not set by the caller */
};

/* Sets the members marked "out" of all articles. Returns how much articles about different events usually have in
 * common (see usual.h). */
double clusters_find(struct grouped *articles, size_t count, struct group_limits limits, struct arena *arena);

#endif
