/* The day's articles to stories: articles whose English words are much alike, weighed by how rare the words are
 * (TF-IDF, cosine), joined when close enough to a story's mean. One event, one entry. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "config/setting.h"
#include "pipeline/stage.h"

enum { BUCKETS = 1 << 15, SHORTEST_WORD = 3, TITLE_WEIGHT = 3 };

static const struct setting group_settings[] = {
    {"likeness", SETTING_DECIMAL, "0.22", NULL, 0, 1, "how alike the articles of a story are at least (cosine)"}, SETTINGS_END};

struct grouper {
    double likeness;
};

/* A sparse vector: hashed words in order, and their weights. */
struct vector {
    uint32_t *words;
    float *weights;
    size_t count;
};

static bool group_open(const struct stage_context *context, void **ret_state, struct failure *ret_failure) {
    (void)ret_failure;
    struct grouper *grouper = memory_take(sizeof *grouper);
    grouper->likeness = setting_decimal(context->settings, "likeness");
    *ret_state = grouper;
    return true;
}

static void count_text(struct span text, float *counts, float weight) {
    uint64_t hash = 0;
    size_t length = 0;
    for (size_t i = 0; i <= text.length; i++) {
        char c = i < text.length ? text.at[i] : ' ';
        if (c >= 'A' && c <= 'Z') c = (char)(c + 32);
        bool letter = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (unsigned char)c >= 0x80;
        if (letter) {
            hash = (hash ^ (unsigned char)c) * 0x9E3779B97F4A7C15u;
            hash ^= hash >> 32;
            length++;
            continue;
        }
        if (length >= SHORTEST_WORD) counts[hash % BUCKETS] += weight;
        hash = length = 0;
    }
}

static struct vector make_vector(const struct article *article, struct arena *arena, float *counts) {
    memset(counts, 0, BUCKETS * sizeof *counts);
    for (struct segment_walk walk = {0}; segment_walk_next(article, &walk);)
        count_text(walk.segment->target, counts, walk.block ? 1 : TITLE_WEIGHT);
    struct vector vector = {0};
    for (size_t i = 0; i < BUCKETS; i++) vector.count += counts[i] > 0;
    vector.words = arena_take(arena, (vector.count + 1) * sizeof *vector.words);
    vector.weights = arena_take(arena, (vector.count + 1) * sizeof *vector.weights);
    for (size_t i = 0, at = 0; i < BUCKETS; i++)
        if (counts[i] > 0) {
            vector.words[at] = (uint32_t)i;
            vector.weights[at++] = 1 + logf(counts[i]);
        }
    return vector;
}

static void weigh(struct vector *vectors, size_t count) {
    float *seen_in = memory_take(BUCKETS * sizeof *seen_in);
    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; j < vectors[i].count; j++) seen_in[vectors[i].words[j]]++;
    for (size_t i = 0; i < count; i++) {
        float length = 0;
        for (size_t j = 0; j < vectors[i].count; j++) {
            float *weight = &vectors[i].weights[j];
            *weight *= logf((1 + (float)count) / (0.5f + seen_in[vectors[i].words[j]]));
            length += *weight * *weight;
        }
        for (size_t j = 0; j < vectors[i].count && length > 0; j++) vectors[i].weights[j] /= sqrtf(length);
    }
    free(seen_in);
}

/* A story's mean is kept dense; its length is kept beside it. */
struct story {
    float *sum;
    double square;
    size_t count;
    struct span name;
    struct story *next;
};

static double likeness(const struct story *story, const struct vector *vector) {
    double dot = 0;
    for (size_t i = 0; i < vector->count; i++) dot += (double)(story->sum[vector->words[i]] * vector->weights[i]);
    return story->square > 0 ? dot / sqrt(story->square) : 0;
}

static void join(struct story *story, const struct vector *vector) {
    for (size_t i = 0; i < vector->count; i++) {
        float *sum = &story->sum[vector->words[i]];
        story->square -= (double)(*sum * *sum);
        *sum += vector->weights[i];
        story->square += (double)(*sum * *sum);
    }
    story->count++;
}

static void find_story(const struct grouper *grouper, struct edition *edition, struct article *article,
                       const struct vector *vector, struct story **stories) {
    struct story *best = NULL;
    double most = grouper->likeness;
    for (struct story *story = *stories; story; story = story->next) {
        double own = likeness(story, vector);
        if (own < most) continue;
        most = own;
        best = story;
    }
    if (!best) {
        best = arena_take(edition->arena, sizeof *best);
        best->sum = memory_take(BUCKETS * sizeof *best->sum);
        best->name = span_of(article->id);
        best->next = *stories;
        *stories = best;
    }
    join(best, vector);
    article->story = arena_copy(article->arena, best->name);
}

static bool group_edit(void *state, struct edition *edition, struct failure *ret_failure) {
    (void)ret_failure;
    struct story *stories = NULL;
    float *counts = memory_take(BUCKETS * sizeof *counts);
    struct vector *vectors = arena_take(edition->arena, (edition->count + 1) * sizeof *vectors);
    for (size_t i = 0; i < edition->count; i++) vectors[i] = make_vector(edition->articles[i], edition->arena, counts);
    weigh(vectors, edition->count);
    for (size_t i = 0; i < edition->count; i++) find_story(state, edition, edition->articles[i], &vectors[i], &stories);
    for (struct story *story = stories; story; story = story->next) free(story->sum);
    free(counts);
    return true;
}

const struct stage stage_group = {
    .name = "group",
    .help = "edition: articles to stories",
    .settings = group_settings,
    .open = group_open,
    .close = free,
    .edit = group_edit,
};
