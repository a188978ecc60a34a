#include "tools/votes/features.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "pipeline/base/arena.h"

enum {
    PER_LANGUAGE = 4450,  /* features per language of the family ... */
    MIN_FEATURES = 16384, /* ... but at least this many in all */
    MIN_SEEN = 4,         /* occurrences that a feature needs to be considered */
    WORD_SEEN = 5,        /* occurrences that a listed word counts as */
    MAX_VOTES = 8,        /* weights per feature, for the languages that use it most ... */
    DENSE = 32            /* ... unless this many languages use it: then it has a weight for each language */
};
/* Naive Bayes: the count added to all counts, and the share of the resulting weights to start from. They overstate the
 * evidence, because features overlap. */
static const double SMOOTHING = 0.5, TRUST = 0.15;
/* The weight of the list of words relative to the text, and the mean length of a word. */
static const double WORDS_SHARE = 0.25, WORD_LETTERS = 5.5;

struct count {
    uint64_t gram;
    uint32_t seen, row; /* row: 1 + the index into counts.rows, or 0 if not frequent */
};

/* A hash table with open addressing that grows when it is two thirds full. */
struct counts {
    struct count *slots;
    size_t used, size;
    float *rows; /* one row per frequent feature: its count in each language */
    size_t row_count, languages;
    double *totals; /* sum of all counts, by language */
};

static struct count *find_count(const struct counts *counts, uint64_t gram) {
    size_t at = (gram >> 20) & (counts->size - 1);
    while (counts->slots[at].seen && counts->slots[at].gram != gram) at = (at + 1) & (counts->size - 1);
    return &counts->slots[at];
}

static void grow_counts(struct counts *counts) {
    struct counts old = *counts;
    counts->size = old.size ? old.size * 2 : (size_t)1 << 20;
    counts->slots = memory_take(counts->size * sizeof *counts->slots);
    for (size_t i = 0; i < old.size; i++)
        if (old.slots[i].seen) *find_count(counts, old.slots[i].gram) = old.slots[i];
    free(old.slots);
}

struct pass {
    struct counts *counts;
    size_t language;
    double weight; /* 0 in the first pass, which finds the frequent features */
    uint32_t seen;
};

static void count_gram(const struct pass *pass, uint64_t gram) {
    struct counts *counts = pass->counts;
    if (pass->weight > 0) {
        const struct count *count = find_count(counts, gram);
        counts->totals[pass->language] += pass->weight;
        if (count->seen && count->row)
            counts->rows[(count->row - 1) * counts->languages + pass->language] += (float)pass->weight;
        return;
    }
    if (counts->used * 3 >= counts->size * 2) grow_counts(counts);
    struct count *count = find_count(counts, gram);
    counts->used += count->seen == 0;
    count->gram = gram;
    count->seen += pass->seen;
}

static void count_text(const struct pass *pass, unsigned family, struct span text) {
    uint64_t grams[GRAMS_MAX];
    struct word word;
    for (size_t position = 0; grams_next_word(text, &position, &word);) {
        size_t count = word.family == family ? grams_of_word(&word, grams) : 0;
        for (size_t i = 0; i < count; i++) count_gram(pass, grams[i]);
    }
}

static void count_lines(struct pass pass, const struct language *language) {
    for (size_t i = 0; i < language->line_count; i++) count_text(&pass, language->family, language->lines[i]);
}

/* Weights each word by its frequency, so that the list as a whole counts WORDS_SHARE of the text. */
static void count_words(struct pass pass, const struct language *language) {
    double text = pass.counts->totals[pass.language];
    bool first = pass.weight == 0;
    uint64_t total = language->word_count ? language->word_ends[language->word_count - 1] : 0;
    for (size_t i = 0; i < language->word_count; i++) {
        uint64_t seen = language->word_ends[i] - (i ? language->word_ends[i - 1] : 0);
        if (!first) pass.weight = (double)seen / (double)total * text * WORDS_SHARE / WORD_LETTERS;
        count_text(&pass, language->family, language->words[i]);
    }
}

static void number_rows(struct counts *counts) {
    for (size_t i = 0; i < counts->size; i++)
        if (counts->slots[i].seen >= MIN_SEEN) counts->slots[i].row = (uint32_t)++counts->row_count;
    counts->rows = memory_take((counts->row_count * counts->languages + 1) * sizeof *counts->rows);
}

static void count_corpus(const struct corpus *corpus, size_t first, struct counts *counts) {
    grow_counts(counts);
    for (int again = 0; again < 2; again++) {
        for (size_t i = 0; i < counts->languages; i++) {
            struct pass pass = {counts, i, again, 1};
            count_lines(pass, corpus->languages[first + i]);
            pass.seen = WORD_SEEN;
            count_words(pass, corpus->languages[first + i]);
        }
        if (!again) number_rows(counts);
    }
}

/* Returns how informative a feature is: its frequency times the divergence of its languages from equal likelihood. */
static double value_of(const struct counts *counts, const float *row) {
    double mean = 0, value = 0;
    for (size_t i = 0; i < counts->languages; i++) mean += row[i] / counts->totals[i] / (double)counts->languages;
    for (size_t i = 0; i < counts->languages; i++)
        if (row[i] > 0) value += row[i] / counts->totals[i] * log(row[i] / counts->totals[i] / mean);
    return value;
}

struct candidate {
    double value;
    uint64_t gram;
    const float *row;
};

static int by_value(const void *a, const void *b) {
    const struct candidate *one = a, *other = b;
    if (one->value != other->value) return one->value > other->value ? -1 : 1;
    return one->gram < other->gram ? -1 : 1;
}

static struct candidate *rank_candidates(const struct counts *counts) {
    struct candidate *all = memory_take((counts->row_count + 1) * sizeof *all);
    for (size_t i = 0; i < counts->size; i++) {
        const struct count *count = &counts->slots[i];
        if (count->row == 0) continue;
        const float *row = counts->rows + (count->row - 1) * counts->languages;
        all[count->row - 1] = (struct candidate){value_of(counts, row), count->gram, row};
    }
    qsort(all, counts->row_count, sizeof *all, by_value);
    return all;
}

static void add_dense(struct features *features, const struct counts *counts, const float *row, uint32_t *at) {
    double mean = 0, weights[VOTES_LANGUAGES];
    for (size_t i = 0; i < counts->languages; i++) {
        weights[i] = log((row[i] + SMOOTHING) / counts->totals[i]);
        mean += weights[i] / (double)counts->languages;
    }
    for (size_t i = 0; i < counts->languages; i++, ++*at) {
        features->ids[*at] = (unsigned char)i;
        features->weights[*at] = (float)((weights[i] - mean) * TRUST);
    }
}

/* Adds weights for the languages that use the feature most, relative to a language that never uses it. */
static void add_sparse(struct features *features, const struct counts *counts, const float *row, uint32_t *at) {
    double text = 0;
    bool taken[VOTES_LANGUAGES] = {false};
    for (size_t i = 0; i < counts->languages; i++) text += counts->totals[i] / (double)counts->languages;
    for (size_t votes = 0; votes < MAX_VOTES; votes++) {
        size_t best = VOTES_LANGUAGES;
        for (size_t i = 0; i < counts->languages; i++)
            if (!taken[i] && row[i] > 0 &&
                (best == VOTES_LANGUAGES || row[i] / counts->totals[i] > row[best] / counts->totals[best]))
                best = i;
        if (best == VOTES_LANGUAGES) return;
        taken[best] = true;
        features->ids[*at] = (unsigned char)best;
        features->weights[(*at)++] =
            (float)(log((row[best] + SMOOTHING) / counts->totals[best] * text / SMOOTHING) * TRUST);
    }
}

static void add_feature(struct features *features, const struct counts *counts, const struct candidate *candidate) {
    size_t number = features->count++, users = 0;
    uint32_t at = features->starts[number];
    for (size_t i = 0; i < counts->languages; i++) users += candidate->row[i] > 0;
    features->grams[number] = candidate->gram;
    if (users >= DENSE)
        add_dense(features, counts, candidate->row, &at);
    else
        add_sparse(features, counts, candidate->row, &at);
    features->starts[number + 1] = at;
    size_t slot = (candidate->gram >> 20) & (features->slot_count - 1);
    while (features->slots[slot]) slot = (slot + 1) & (features->slot_count - 1);
    features->slots[slot] = (uint32_t)number + 1;
}

void features_choose(const struct corpus *corpus, size_t first, size_t languages, struct features *ret_features) {
    double totals[VOTES_LANGUAGES] = {0};
    struct counts counts = {.languages = languages, .totals = totals};
    struct features *features = ret_features;
    count_corpus(corpus, first, &counts);
    struct candidate *candidates = rank_candidates(&counts);
    size_t most = languages * PER_LANGUAGE < MIN_FEATURES ? MIN_FEATURES : languages * PER_LANGUAGE;
    if (most > counts.row_count) most = counts.row_count;
    *features = (struct features){.first = first, .languages = languages, .slot_count = 1};
    while (features->slot_count < most * 3) features->slot_count *= 2;
    features->grams = memory_take((most + 1) * sizeof *features->grams);
    features->starts = memory_take((most + 1) * sizeof *features->starts);
    features->ids = memory_take(most * languages + 1);
    features->weights = memory_take((most * languages + 1) * sizeof *features->weights);
    features->slots = memory_take(features->slot_count * sizeof *features->slots);
    for (size_t i = 0; i < most; i++) add_feature(features, &counts, &candidates[i]);
    free(candidates);
    free(counts.slots);
    free(counts.rows);
}

uint32_t features_find(const struct features *features, uint64_t gram) {
    size_t slot = (gram >> 20) & (features->slot_count - 1);
    for (; features->slots[slot]; slot = (slot + 1) & (features->slot_count - 1))
        if (features->grams[features->slots[slot] - 1] == gram) return features->slots[slot] - 1;
    return FEATURES_NONE;
}

void features_free(struct features *features) {
    free(features->grams);
    free(features->starts);
    free(features->ids);
    free(features->weights);
    free(features->slots);
}
