#include "tools/votes/learn.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "pipeline/base/arena.h"

/* SNIPPETS are counted per language and round. */
enum { ROUNDS = 4, SNIPPETS = 40000, MAX_FOUND = 4096 };
static const double FIRST_STEP = 0.4, LAST_STEP = 1e-4;
/* Snippets identified with at least this probability change nothing. */
static const double SURE = 0.998;
static const uint64_t SEED = 88172645463325252u;

struct found {
    uint32_t feature;
    float factor; /* the weight of the word that it was found in */
};

struct lesson {
    struct features *features;
    float *slopes; /* sum of squared gradients, by feature */
    struct found found[MAX_FOUND];
    size_t count;
};

static void find_features(struct lesson *lesson, unsigned family, struct span text) {
    uint64_t grams[GRAMS_MAX];
    struct word word;
    lesson->count = 0;
    for (size_t position = 0; grams_next_word(text, &position, &word);) {
        size_t count = word.family == family ? grams_of_word(&word, grams) : 0;
        float factor = word.capital ? (float)VOTES_CAPITAL / VOTES_FULL : 1;
        for (size_t i = 0; i < count && lesson->count < MAX_FOUND; i++) {
            uint32_t feature = features_find(lesson->features, grams[i]);
            if (feature != FEATURES_NONE) lesson->found[lesson->count++] = (struct found){feature, factor};
        }
    }
}

/* Computes the probability of each language. */
static void predict(const struct lesson *lesson, float shares[VOTES_LANGUAGES]) {
    const struct features *features = lesson->features;
    float most = -INFINITY, total = 0;
    for (size_t i = 0; i < features->languages; i++) shares[i] = 0;
    for (size_t i = 0; i < lesson->count; i++) {
        const struct found *found = &lesson->found[i];
        for (uint32_t j = features->starts[found->feature]; j < features->starts[found->feature + 1]; j++)
            shares[features->ids[j]] += found->factor * features->weights[j];
    }
    for (size_t i = 0; i < features->languages; i++)
        if (shares[i] > most) most = shares[i];
    for (size_t i = 0; i < features->languages; i++) total += shares[i] = expf(shares[i] - most);
    for (size_t i = 0; i < features->languages; i++) shares[i] /= total;
}

static void correct(struct lesson *lesson, const float errors[VOTES_LANGUAGES], double step) {
    const struct features *features = lesson->features;
    float slope = 0;
    for (size_t i = 0; i < features->languages; i++) slope += errors[i] * errors[i];
    for (size_t i = 0; i < lesson->count; i++) {
        const struct found *found = &lesson->found[i];
        lesson->slopes[found->feature] += slope;
        float move = (float)step * found->factor / sqrtf(1 + lesson->slopes[found->feature]);
        for (uint32_t j = features->starts[found->feature]; j < features->starts[found->feature + 1]; j++)
            features->weights[j] -= move * errors[features->ids[j]];
    }
}

/* Adjusts the weights. Returns whether the snippet was identified correctly before that. */
static bool learn_snippet(struct lesson *lesson, size_t right, double step) {
    float shares[VOTES_LANGUAGES];
    bool identified = true;
    predict(lesson, shares);
    for (size_t i = 0; i < lesson->features->languages; i++) identified = identified && shares[i] <= shares[right];
    if (lesson->count == 0 || shares[right] > SURE) return identified;
    shares[right] -= 1;
    correct(lesson, shares, step);
    return identified;
}

void learn_weights(const struct corpus *corpus, struct features *features) {
    struct lesson *lesson = memory_take(sizeof *lesson);
    struct random random = {SEED};
    struct buffer snippet = BUFFER(SNIPPET_MAX);
    lesson->features = features;
    lesson->slopes = memory_take((features->count + 1) * sizeof *lesson->slopes);
    size_t all = features->languages * SNIPPETS * ROUNDS, identified = 0;
    for (size_t i = 0; i < all; i++) {
        size_t right = i % features->languages;
        const struct language *language = corpus->languages[features->first + right];
        corpus_snippet(language, &random, &snippet);
        find_features(lesson, language->family, buffer_span(&snippet));
        identified += learn_snippet(lesson, right, FIRST_STEP * (1 - (double)i / (double)all) + LAST_STEP);
        if ((i + 1) % (all / ROUNDS) != 0) continue;
        fprintf(stderr, "%s: %.4f of the snippets identified\n",
                letters_code(corpus->languages[features->first]->family), (double)identified / (double)(all / ROUNDS));
        identified = 0;
    }
    buffer_free(&snippet);
    free(lesson->slopes);
    free(lesson);
}
