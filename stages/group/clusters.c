#include "stages/group/clusters.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "stages/group/matcher.h"
#include "stages/group/neighbours.h"
#include "stages/group/numbering.h"
#include "stages/group/usual.h"

enum {
    MAX_NEIGHBOURS = 256, /* maximum number of neighbours of a story, with which it is compared */
    STORY_WORDS = 256,    /* number of features stored for a story */
    SAME_DAYS = 3         /* articles published at most this many days apart count as simultaneous */
};

/* Related stories need this share of the similarity that the articles of a story need. */
static const double LOOSER = 0.5;

/* Two stories that could be merged. */
struct pair {
    double likeness;
    uint32_t one, other;           /* stories */
    uint32_t one_size, other_size; /* sizes when the stories were compared; if a size has changed since, the pair is
                                      outdated and is skipped */
};

/* A group of articles. Every article begins as a story of its own. */
struct story {
    struct vector sum;
    bool owned;         /* whether `sum`, the sum of the vectors of its articles, is on the heap and must be freed */
    struct party party; /* see event.h */
    double days;        /* sum of the known dates of its articles; `dated` is their number */
    size_t dated, size; /* if `size` is 0, this story has been merged into the story with the index `into` */
    uint32_t into;
    uint32_t *neighbours;
    size_t neighbour_count;
};

struct clusters {
    struct story *stories;
    size_t count;
    struct group_limits limits;
    struct numbering numbering; /* the words of all vectors are numbers while stories are merged */
    struct matcher *matcher;
    struct pair *heap;
    size_t heap_count, heap_capacity;
};

/* Returns the story into which `story` has been merged, or `story` itself if there is none. */
static uint32_t find_story(struct clusters *clusters, uint32_t story) {
    struct story *stories = clusters->stories;
    while (stories[story].size == 0) {
        uint32_t into = stories[story].into;
        if (stories[into].size == 0) stories[story].into = stories[into].into; /* shortens the path for later calls */
        story = into;
    }
    return story;
}

/* What two stories have in common. */
struct match {
    struct common common[STORY_WORDS];
    size_t count;
};

/* Returns the average cosine between the articles of two stories, reduced if the stories are more than SAME_DAYS apart.
 * The dot product of two sums of vectors equals the sum of the dot products of all pairs. */
static double likeness(const struct clusters *clusters, const struct story *a, const struct story *b,
                       const struct match *match) {
    double alike = vector_dot(match->common, match->count) / (double)(a->size * b->size);
    if (!a->dated || !b->dated) return alike;
    double apart = fabs(a->days / (double)a->dated - b->days / (double)b->dated);
    return apart > SAME_DAYS ? alike / (1 + (apart - SAME_DAYS) / clusters->limits.days) : alike;
}

/* ---------------------------------------------------------------- a heap of candidate pairs, the most similar first */

/* Compares pairs by similarity. Equal pairs are compared by index, so that the result is the same in every run. */
static bool before(const struct pair *a, const struct pair *b) {
    if (a->likeness > b->likeness || a->likeness < b->likeness) return a->likeness > b->likeness;
    return a->one != b->one ? a->one < b->one : a->other < b->other;
}

/* Adds a pair to a binary heap. */
static void push(struct clusters *clusters, struct pair pair) {
    if (clusters->heap_count == clusters->heap_capacity) {
        clusters->heap_capacity = clusters->heap_capacity ? clusters->heap_capacity * 2 : 1024;
        clusters->heap = memory_resize(clusters->heap, clusters->heap_capacity * sizeof *clusters->heap);
    }
    size_t place = clusters->heap_count++;
    for (; place > 0 && before(&pair, &clusters->heap[(place - 1) / 2]); place = (place - 1) / 2)
        clusters->heap[place] = clusters->heap[(place - 1) / 2];
    clusters->heap[place] = pair;
}

/* Removes and returns the most similar pair. */
static struct pair pop(struct clusters *clusters) {
    struct pair first = clusters->heap[0], last = clusters->heap[--clusters->heap_count];
    size_t place = 0;
    for (size_t child; (child = 2 * place + 1) < clusters->heap_count; place = child) {
        if (child + 1 < clusters->heap_count && before(&clusters->heap[child + 1], &clusters->heap[child])) child++;
        if (!before(&clusters->heap[child], &last)) break;
        clusters->heap[place] = clusters->heap[child];
    }
    clusters->heap[place] = last;
    return first;
}

/* ---------------------------------------------------------------- candidate pairs */

/* Compares a story with the one that the matcher holds. */
static void find_match(const struct clusters *clusters, uint32_t other, struct match *ret_match) {
    ret_match->count = matcher_find(clusters->matcher, &clusters->stories[other].sum, ret_match->common);
}

/* The matcher holds the story `self`. */
static void add_candidate(struct clusters *clusters, uint32_t self, uint32_t other) {
    const struct story *a = &clusters->stories[self], *b = &clusters->stories[other];
    struct match match;
    find_match(clusters, other, &match);
    struct pair pair = {.likeness = likeness(clusters, a, b, &match),
                        .one = self < other ? self : other,
                        .other = self < other ? other : self};
    if (pair.likeness < clusters->limits.likeness) return;
    if (!event_is_one(a->party, b->party, match.common, match.count, clusters->limits.event)) return;
    pair.one_size = (uint32_t)clusters->stories[pair.one].size;
    pair.other_size = (uint32_t)clusters->stories[pair.other].size;
    push(clusters, pair);
}

/* Adds a neighbour. The capacity is always a power of two, so it need not be stored. */
static void add_neighbour(struct story *story, uint32_t neighbour) {
    if (story->neighbour_count == MAX_NEIGHBOURS) return;
    size_t count = story->neighbour_count++;
    if ((count & (count - 1)) == 0)
        story->neighbours = memory_resize(story->neighbours, (count ? count * 2 : 1) * sizeof *story->neighbours);
    story->neighbours[count] = neighbour;
}

/* Compares every article with the earlier articles that share rare features with it. */
static void find_pairs(struct clusters *clusters, const struct grouped *articles) {
    const struct vector **vectors = memory_take((clusters->count + 1) * sizeof *vectors);
    for (size_t i = 0; i < clusters->count; i++) vectors[i] = &articles[i].vector;
    clusters->numbering = numbering_begin(vectors, clusters->count);
    clusters->matcher = matcher_new(clusters->numbering.count);
    struct neighbours *neighbours = neighbours_new(vectors, clusters->count, clusters->numbering.count);
    clusters->limits.event.usual = usual_measure(neighbours, clusters->matcher, vectors, clusters->count);
    for (uint32_t i = 0; i < clusters->count; i++) {
        uint32_t found[NEIGHBOURS];
        size_t count = neighbours_find(neighbours, vectors[i], i, found);
        matcher_begin(clusters->matcher, vectors[i]);
        for (size_t j = 0; j < count; j++) {
            add_neighbour(&clusters->stories[i], found[j]);
            add_neighbour(&clusters->stories[found[j]], i);
            add_candidate(clusters, i, found[j]);
        }
        matcher_end(clusters->matcher);
    }
    neighbours_free(neighbours);
    free(vectors);
}

/* ---------------------------------------------------------------- merging */

static int by_number(const void *a, const void *b) {
    uint32_t one = *(const uint32_t *)a, other = *(const uint32_t *)b;
    return one < other ? -1 : one > other;
}

/* Adds the neighbours of `other` to those of `story`. Replaces neighbours that have been merged by the stories that
 * contain them, and removes duplicates. */
static void join_neighbours(struct clusters *clusters, struct story *story, struct story *other) {
    for (size_t i = 0; i < other->neighbour_count; i++) add_neighbour(story, other->neighbours[i]);
    for (size_t i = 0; i < story->neighbour_count; i++)
        story->neighbours[i] = find_story(clusters, story->neighbours[i]);
    if (story->neighbour_count) qsort(story->neighbours, story->neighbour_count, sizeof *story->neighbours, by_number);
    size_t kept = 0;
    for (size_t i = 0; i < story->neighbour_count; i++) {
        bool again = i > 0 && story->neighbours[i] == story->neighbours[i - 1];
        if (!again && &clusters->stories[story->neighbours[i]] != story)
            story->neighbours[kept++] = story->neighbours[i];
    }
    story->neighbour_count = kept;
    free(other->neighbours);
    other->neighbours = NULL;
}

/* Merges `other` into `one`. Pairs that contain either story are outdated from now on, so `one` is compared with all
 * its neighbours again. */
static void merge(struct clusters *clusters, uint32_t one, uint32_t other) {
    struct story *story = &clusters->stories[one], *gone = &clusters->stories[other];
    struct vector sum = vector_add(&story->sum, &gone->sum, STORY_WORDS);
    if (story->owned) free(story->sum.features);
    if (gone->owned) free(gone->sum.features);
    story->sum = sum;
    story->owned = true;
    gone->owned = false;
    story->size += gone->size;
    story->days += gone->days;
    story->dated += gone->dated;
    gone->size = 0;
    gone->into = one;
    story->party = event_party(&story->sum, story->size);
    join_neighbours(clusters, story, gone);
    matcher_begin(clusters->matcher, &story->sum);
    for (size_t i = 0; i < story->neighbour_count; i++) add_candidate(clusters, one, story->neighbours[i]);
    matcher_end(clusters->matcher);
}

/* Merges the most similar pair again and again, until no pair is above the threshold. */
static void merge_all(struct clusters *clusters) {
    while (clusters->heap_count) {
        struct pair pair = pop(clusters);
        const struct story *one = &clusters->stories[pair.one], *other = &clusters->stories[pair.other];
        if (one->size == pair.one_size && other->size == pair.other_size) merge(clusters, pair.one, pair.other);
    }
}

/* ---------------------------------------------------------------- results */

/* Inserts a story into the list of related ones, which is sorted by similarity and keeps the most similar. */
static void add_related(struct grouped *article, double alike[RELATED], uint32_t story, double likeness) {
    size_t place = article->related_count;
    for (; place > 0 && alike[place - 1] < likeness; place--) {
        if (place == RELATED) continue;
        alike[place] = alike[place - 1];
        article->related[place] = article->related[place - 1];
    }
    if (place == RELATED) return;
    alike[place] = likeness;
    article->related[place] = story;
    article->related_count += article->related_count < RELATED;
}

/* A related story may be another event, or a little less similar than the articles of one story are. */
static void find_related(struct clusters *clusters, uint32_t self, struct grouped *article) {
    struct story *story = &clusters->stories[self], none = {0};
    double alike[RELATED];
    join_neighbours(clusters, story, &none);
    matcher_begin(clusters->matcher, &story->sum);
    for (size_t i = 0; i < story->neighbour_count; i++) {
        struct match match;
        find_match(clusters, story->neighbours[i], &match);
        double found = likeness(clusters, story, &clusters->stories[story->neighbours[i]], &match);
        if (found >= clusters->limits.likeness * LOOSER) add_related(article, alike, story->neighbours[i], found);
    }
    matcher_end(clusters->matcher);
}

static void copy_sum(const struct clusters *clusters, const struct story *story, struct grouped *article,
                     struct arena *arena) {
    size_t bytes = story->sum.count * sizeof *story->sum.features;
    article->size = story->size;
    article->sum = (struct vector){arena_take(arena, bytes + 1), story->sum.count};
    if (bytes) memcpy(article->sum.features, story->sum.features, bytes);
    numbering_restore(&clusters->numbering, &article->sum);
}

static void find_results(struct clusters *clusters, struct grouped *articles, struct arena *arena) {
    for (uint32_t i = 0; i < clusters->count; i++) articles[i].story = find_story(clusters, i);
    for (uint32_t i = 0; i < clusters->count; i++) {
        if (articles[i].story != i) continue;
        find_related(clusters, i, &articles[i]);
        copy_sum(clusters, &clusters->stories[i], &articles[i], arena);
    }
}

static void close(struct clusters *clusters, struct grouped *articles) {
    for (uint32_t i = 0; i < clusters->count; i++) {
        numbering_restore(&clusters->numbering, &articles[i].vector);
        free(clusters->stories[i].neighbours);
        if (clusters->stories[i].owned) free(clusters->stories[i].sum.features);
    }
    matcher_free(clusters->matcher);
    numbering_free(&clusters->numbering);
    free(clusters->stories);
    free(clusters->heap);
}

double clusters_find(struct grouped *articles, size_t count, struct group_limits limits, struct arena *arena) {
    struct clusters clusters = {
        .stories = memory_take((count + 1) * sizeof *clusters.stories), .count = count, .limits = limits};
    for (size_t i = 0; i < count; i++) {
        bool dated = articles[i].day >= 0;
        clusters.stories[i] = (struct story){.sum = articles[i].vector, .size = 1, .dated = dated};
        clusters.stories[i].days = dated ? articles[i].day : 0;
        clusters.stories[i].party = event_party(&articles[i].vector, 1);
    }
    find_pairs(&clusters, articles);
    merge_all(&clusters);
    find_results(&clusters, articles, arena);
    close(&clusters, articles);
    return clusters.limits.event.usual;
}
