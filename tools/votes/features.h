/* The most informative features (n-grams) for the languages of one family of scripts, each with weights for the
 * languages that use it most. */
#ifndef TOOLS_VOTES_FEATURES_H
#define TOOLS_VOTES_FEATURES_H

#include "tools/votes/corpus.h"

#define FEATURES_NONE UINT32_MAX

struct features {
    size_t first, languages; /* of the corpus */
    size_t count;
    uint64_t *grams;
    uint32_t *starts;   /* count + 1 entries: the range of each feature in the next two arrays */
    unsigned char *ids; /* index of the language within the family */
    float *weights;     /* log odds */
    uint32_t *slots;    /* open addressing by hash: feature + 1, or 0 */
    size_t slot_count;  /* a power of two */
};

/* For languages [first, first + languages) of the corpus; weights begin as those of naive Bayes. */
void features_choose(const struct corpus *corpus, size_t first, size_t languages, struct features *ret_features);
uint32_t features_find(const struct features *features, uint64_t gram); /* or FEATURES_NONE */
void features_free(struct features *features);

#endif
