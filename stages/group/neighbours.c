#include "stages/group/neighbours.h"

#include <stdlib.h>
#include <string.h>

enum { LONGEST_POSTING = 256 /* a feature that more articles have says little about the topic and is ignored */ };

/* An entry of the inverted index: a feature and an article that has it. */
struct posting {
    uint32_t word, article;
    float weight;
};

struct neighbours {
    struct posting *postings; /* all features of all vectors, sorted by feature */
    size_t posting_count;
    float *alike;      /* for each indexed vector: what the current vector has in common with it; 0 between calls */
    uint32_t *touched; /* the vectors for which `alike` is set */
};

static int by_word(const void *a, const void *b) {
    const struct posting *one = a, *other = b;
    if (one->word != other->word) return one->word < other->word ? -1 : 1;
    return one->article < other->article ? -1 : one->article > other->article;
}

struct neighbours *neighbours_new(const struct vector *const *vectors, size_t count) {
    struct neighbours *neighbours = memory_take(sizeof *neighbours);
    size_t total = 0;
    for (size_t i = 0; i < count; i++) total += vectors[i]->count;
    neighbours->postings = memory_take((total + 1) * sizeof *neighbours->postings);
    neighbours->alike = memory_take((count + 1) * sizeof *neighbours->alike);
    neighbours->touched = memory_take((count + 1) * sizeof *neighbours->touched);
    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; j < vectors[i]->count; j++) {
            struct feature feature = vectors[i]->features[j];
            neighbours->postings[neighbours->posting_count++] =
                (struct posting){feature.word, (uint32_t)i, feature.weight};
        }
    if (total) qsort(neighbours->postings, total, sizeof *neighbours->postings, by_word);
    return neighbours;
}

void neighbours_free(struct neighbours *neighbours) {
    if (!neighbours) return;
    free(neighbours->postings);
    free(neighbours->alike);
    free(neighbours->touched);
    free(neighbours);
}

/* Returns the index of the first entry for `word` in the inverted index, or where that entry would be. */
static size_t find_posting(const struct posting *postings, size_t count, uint32_t word) {
    size_t low = 0, high = count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (postings[middle].word < word)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* Adds what a feature contributes to the similarity of each vector that has it. Returns the new number of vectors in
 * `touched`. */
static size_t add_feature(struct neighbours *neighbours, struct feature feature, uint32_t limit, size_t found) {
    const struct posting *postings = neighbours->postings;
    size_t count = neighbours->posting_count, first = find_posting(postings, count, feature.word), end = first;
    while (end < count && postings[end].word == feature.word && end - first <= LONGEST_POSTING) end++;
    if (end - first > LONGEST_POSTING) return found;
    for (size_t i = first; i < end && postings[i].article < limit; i++) {
        float *alike = &neighbours->alike[postings[i].article];
        if (*alike <= 0) neighbours->touched[found++] = postings[i].article;
        /* the small constant keeps the value above 0, because 0 means "not in `touched` yet" */
        *alike += feature.weight * postings[i].weight + 1e-9f;
    }
    return found;
}

/* Moves the most similar vectors to the front and returns how many to keep. NEIGHBOURS is small, so a partial selection
 * sort is fast enough. */
static size_t choose(uint32_t *touched, size_t count, const float *alike) {
    size_t kept = count < NEIGHBOURS ? count : NEIGHBOURS;
    for (size_t i = 0; i < kept && count > NEIGHBOURS; i++) {
        size_t best = i;
        for (size_t j = i + 1; j < count; j++)
            if (alike[touched[j]] > alike[touched[best]]) best = j;
        uint32_t swap = touched[i];
        touched[i] = touched[best];
        touched[best] = swap;
    }
    return kept;
}

/* Only the elements of `alike` that were set are cleared, so the time is proportional to the number of matches. */
size_t neighbours_find(struct neighbours *neighbours, const struct vector *vector, uint32_t end,
                       uint32_t ret_found[NEIGHBOURS]) {
    size_t found = 0;
    for (size_t i = 0; i < vector->count; i++) found = add_feature(neighbours, vector->features[i], end, found);
    size_t kept = choose(neighbours->touched, found, neighbours->alike);
    memcpy(ret_found, neighbours->touched, kept * sizeof *ret_found);
    for (size_t i = 0; i < found; i++) neighbours->alike[neighbours->touched[i]] = 0;
    return kept;
}
