/* Trains config/tables/votes.model from a folder of <language>.txt and <language>.words (votes/corpus.h).
 *
 * usage: train_votes [--held-out] FOLDER PRIORS OUTPUT
 *
 * PRIORS is votes/priors.tsv. The same text always gives the same bytes: languages are processed in the order of their
 * names, and the random generator has a fixed seed. With --held-out, every 20th line is left out of training, and the
 * share of these lines that is identified correctly is printed. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pipeline/base/arena.h"
#include "tools/votes/learn.h"

enum { FEATURES_IN_BUCKET = 2, ENTRY_MAX = 3 + 2 * VOTES_LANGUAGES };

static unsigned char to_byte(float weight) {
    double steps = round(weight / VOTES_STEP);
    return (unsigned char)(signed char)(steps > 127 ? 127 : steps < -127 ? -127 : steps);
}

static void add_entry(const struct features *features, size_t feature, struct buffer *buckets) {
    unsigned char entry[ENTRY_MAX] = {(unsigned char)features->grams[feature],
                                      (unsigned char)(features->grams[feature] >> 8)};
    uint32_t start = features->starts[feature], count = features->starts[feature + 1] - start;
    bool dense = 2 * count > VOTES_LANGUAGES;
    size_t size = 3;
    for (uint32_t i = start; i < start + count; i++) {
        unsigned char weight = to_byte(features->weights[i]);
        if (dense) entry[3 + features->ids[i]] = weight;
        if (dense || weight == 0) continue;
        entry[size++] = features->ids[i];
        entry[size++] = weight;
    }
    entry[2] = dense ? VOTES_DENSE : (unsigned char)((size - 3) / 2);
    buffer_add(buckets, entry, dense ? 3 + VOTES_LANGUAGES : size);
}

struct place {
    uint64_t gram;
    uint32_t bucket, feature;
};

static int by_bucket(const void *a, const void *b) {
    const struct place *one = a, *other = b;
    if (one->bucket != other->bucket) return one->bucket < other->bucket ? -1 : 1;
    return one->gram < other->gram ? -1 : 1;
}

static void add_family(const struct features *features, struct votes_family *family, struct buffer *file) {
    struct place *places = memory_take(features->count * sizeof *places);
    struct buffer buckets = BUFFER((size_t)1 << 30);
    family->buckets = (uint32_t)(features->count / FEATURES_IN_BUCKET + 1);
    while (file->length % sizeof(uint32_t)) buffer_add(file, "", 1);
    family->offsets = (uint32_t)file->length;
    for (uint32_t i = 0; i < features->count; i++)
        places[i] = (struct place){features->grams[i], votes_bucket(features->grams[i], family->buckets), i};
    qsort(places, features->count, sizeof *places, by_bucket);
    uint32_t offset = 0;
    for (uint32_t i = 0, bucket = 0; bucket <= family->buckets; bucket++) {
        for (; i < features->count && places[i].bucket < bucket; i++) add_entry(features, places[i].feature, &buckets);
        offset = (uint32_t)buckets.length;
        buffer_add(file, &offset, sizeof offset);
    }
    family->size = offset;
    buffer_add_span(file, buffer_span(&buckets));
    buffer_free(&buckets);
    free(places);
}

static void find_families(const struct corpus *corpus, struct votes_family families[LETTERS_SCRIPTS],
                          uint32_t *ret_count) {
    uint32_t count = 0;
    for (uint32_t i = 0; i < corpus->count; i++) {
        unsigned family = corpus->languages[i]->family;
        if (count == 0 || families[count - 1].script != family)
            families[count++] = (struct votes_family){family, i, 0, 0, 0, 0};
        families[count - 1].count++;
    }
    *ret_count = count;
}

static void learn_family(const struct corpus *corpus, struct votes_family *family, struct buffer *file) {
    struct features features;
    if (family->count == 1) return;
    features_choose(corpus, family->first, family->count, &features);
    learn_weights(corpus, &features);
    add_family(&features, family, file);
    features_free(&features);
}

static void add_language(const struct language *language, struct buffer *file) {
    struct votes_language entry = {.prior = (int32_t)lround(log(language->prior) * VOTES_FULL / VOTES_STEP)};
    memcpy(entry.code, language->code, VOTES_CODE);
    buffer_add(file, &entry, sizeof entry);
}

static bool write_model(const struct corpus *corpus, const char *path) {
    struct votes_family families[LETTERS_SCRIPTS];
    struct votes_head head = {VOTES_MAGIC, (uint32_t)corpus->count, 0};
    struct buffer file = BUFFER((size_t)1 << 30);
    find_families(corpus, families, &head.families);
    buffer_add(&file, &head, sizeof head);
    for (size_t i = 0; i < corpus->count; i++) add_language(corpus->languages[i], &file);
    size_t at = file.length, size = head.families * sizeof *families;
    buffer_add(&file, families, size);
    for (uint32_t i = 0; i < head.families; i++) learn_family(corpus, &families[i], &file);
    memcpy(file.at + at, families, size);
    FILE *output = fopen(path, "wb");
    bool done = output && fwrite(file.at, 1, file.length, output) == file.length;
    done = output && fclose(output) == 0 && done;
    buffer_free(&file);
    return done;
}

static double share_identified(const struct votes_model *model, const struct language *language, bool whole) {
    struct random random = {1};
    size_t identified = 0;
    for (size_t i = 0; i < language->held_count; i++) {
        struct votes votes = {0};
        struct span line = language->held[i];
        votes_add(model, whole ? line : corpus_cut(language, line, &random, 3), SNIPPET_MAX, NULL, &votes);
        identified += strcmp(votes_guess(model, &votes).code, language->code) == 0;
    }
    return (double)identified / (double)language->held_count;
}

static void report_held(const struct corpus *corpus, const struct votes_model *model) {
    double lines = 0, words = 0;
    for (size_t i = 0; i < corpus->count; i++) {
        double of_lines = share_identified(model, corpus->languages[i], true),
               of_words = share_identified(model, corpus->languages[i], false);
        printf("%-8s %.4f %.4f\n", corpus->languages[i]->code, of_lines, of_words);
        lines += of_lines / (double)corpus->count;
        words += of_words / (double)corpus->count;
    }
    printf("%-8s %.4f %.4f (lines, three words)\n", "mean", lines, words);
}

int main(int count, char **arguments) {
    bool hold_out = count == 5 && strcmp(arguments[1], "--held-out") == 0;
    struct corpus corpus;
    if (count != 4 && !hold_out) {
        fputs("usage: train_votes [--held-out] FOLDER PRIORS OUTPUT\n", stderr);
        return 64;
    }
    const char *folder = arguments[count - 3], *priors = arguments[count - 2], *output = arguments[count - 1];
    if (!corpus_read(folder, hold_out, &corpus) || !corpus_read_priors(priors, &corpus)) return 65;
    bool done = write_model(&corpus, output);
    struct votes_model *model;
    struct failure failure = {0};
    if (done && hold_out && (done = votes_map(output, &model, &failure))) {
        report_held(&corpus, model);
        votes_close(model);
    }
    if (!done)
        fprintf(stderr, "train_votes: %s: %s\n", output, failure.sentence[0] ? failure.sentence : "cannot be written");
    corpus_free(&corpus);
    return done ? 0 : 74;
}
