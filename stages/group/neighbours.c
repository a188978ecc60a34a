#include "stages/group/neighbours.h"

#include <stdlib.h>
#include <string.h>

enum { LONGEST_POSTING = 256 /* a feature that more articles have says little about the topic and is ignored */ };

/* An entry of the inverted index: an article that has the feature. */
struct posting {
    uint32_t article;
    float weight;
};

struct neighbours {
    struct posting *postings; /* all features of all vectors, by feature, then by article */
    uint32_t *starts;         /* for each feature: where its postings begin; one more says where the last ones end */
    float *alike;      /* for each indexed vector: what the current vector has in common with it; 0 between calls */
    uint32_t *touched; /* the vectors for which `alike` is set */
};

/* Leaves in starts[feature + 1] where the postings of the feature begin. */
static void count_postings(struct neighbours *neighbours, const struct vector *const *vectors, size_t count,
                           size_t numbers) {
    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; j < vectors[i]->count; j++) neighbours->starts[vectors[i]->features[j].word + 2]++;
    for (size_t i = 0; i < numbers; i++) neighbours->starts[i + 1] += neighbours->starts[i];
}

/* Moves starts[feature + 1] to where the postings of the feature end, which is where the next ones begin. */
static void add_postings(struct neighbours *neighbours, const struct vector *const *vectors, size_t count) {
    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; j < vectors[i]->count; j++) {
            const struct feature *feature = &vectors[i]->features[j];
            neighbours->postings[neighbours->starts[feature->word + 1]++] =
                (struct posting){(uint32_t)i, feature->weight};
        }
}

struct neighbours *neighbours_new(const struct vector *const *vectors, size_t count, size_t numbers) {
    struct neighbours *neighbours = memory_take(sizeof *neighbours);
    size_t total = 0;
    neighbours->starts = memory_take((numbers + 2) * sizeof *neighbours->starts);
    for (size_t i = 0; i < count; i++) total += vectors[i]->count;
    neighbours->postings = memory_take((total + 1) * sizeof *neighbours->postings);
    neighbours->alike = memory_take((count + 1) * sizeof *neighbours->alike);
    neighbours->touched = memory_take((count + 1) * sizeof *neighbours->touched);
    count_postings(neighbours, vectors, count, numbers);
    add_postings(neighbours, vectors, count);
    return neighbours;
}

void neighbours_free(struct neighbours *neighbours) {
    if (!neighbours) return;
    free(neighbours->postings);
    free(neighbours->starts);
    free(neighbours->alike);
    free(neighbours->touched);
    free(neighbours);
}

/* Adds what a feature contributes to the similarity of each vector that has it. Returns the new number of vectors in
 * `touched`. */
static size_t add_feature(struct neighbours *neighbours, struct feature feature, uint32_t limit, size_t found) {
    const struct posting *postings = neighbours->postings;
    size_t first = neighbours->starts[feature.word], end = neighbours->starts[feature.word + 1];
    if (end - first > LONGEST_POSTING) return found;
    for (size_t i = first; i < end && postings[i].article < limit; i++) {
        float *alike = &neighbours->alike[postings[i].article];
        if (*alike <= 0) neighbours->touched[found++] = postings[i].article;
        /* the small constant keeps the value above 0, because 0 means "not in `touched` yet" */
        *alike += feature.weight * postings[i].weight + 1e-9f;
    }
    return found;
}

/* Selects the most similar vectors, the most similar first. Nearly all others are refused by the first comparison. */
static size_t choose(const struct neighbours *neighbours, size_t found, uint32_t ret_chosen[NEIGHBOURS]) {
    const float *alike = neighbours->alike;
    size_t kept = 0;
    for (size_t i = 0; i < found; i++) {
        uint32_t vector = neighbours->touched[i];
        if (kept == NEIGHBOURS && alike[vector] <= alike[ret_chosen[kept - 1]]) continue;
        size_t place = kept < NEIGHBOURS ? kept++ : kept - 1;
        for (; place > 0 && alike[ret_chosen[place - 1]] < alike[vector]; place--)
            ret_chosen[place] = ret_chosen[place - 1];
        ret_chosen[place] = vector;
    }
    return kept;
}

/* Only the elements of `alike` that were set are cleared, so the time is proportional to the number of matches. */
size_t neighbours_find(struct neighbours *neighbours, const struct vector *vector, uint32_t end,
                       uint32_t ret_found[NEIGHBOURS]) {
    size_t found = 0;
    for (size_t i = 0; i < vector->count; i++) found = add_feature(neighbours, vector->features[i], end, found);
    size_t kept = choose(neighbours, found, ret_found);
    for (size_t i = 0; i < found; i++) neighbours->alike[neighbours->touched[i]] = 0;
    return kept;
}
