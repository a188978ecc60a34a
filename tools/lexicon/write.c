#include "tools/lexicon/write.h"

#include <stdlib.h>
#include <string.h>

#include "pipeline/base/arena.h"
#include "tools/lexicon/coverage.h"
#include "tools/lexicon/prune.h"

enum { UNITS_IN_BUCKET = 4, SPARE = 16 /* padding and the last offset, per language */ };

static void pad(struct buffer *file) {
    static const char zeros[4];
    buffer_add(file, zeros, lexicon_padding(file->length));
}

/* ---------------------------------------------------------------- buckets */

/* A translation and the unit that it belongs to. */
struct place {
    uint64_t hash;
    struct translation translation;
};

/* Buckets follow the order of the hashes; within an entry the most probable translation is first. */
static int compare_places(const void *a, const void *b) {
    const struct place *left = a, *right = b;
    if (left->hash != right->hash) return left->hash < right->hash ? -1 : 1;
    if (left->translation.steps != right->translation.steps)
        return left->translation.steps < right->translation.steps ? -1 : 1;
    return left->translation.word < right->translation.word ? -1 : 1;
}

static struct place *sort_places(const struct language *language, const struct choices *choices) {
    struct place *places = memory_take((choices->count + 1) * sizeof *places);
    for (size_t i = 0; i < choices->count; i++)
        places[i] = (struct place){language->known[choices->at[i].unit].hash, choices->at[i].translation};
    qsort(places, choices->count, sizeof *places, compare_places);
    return places;
}

static size_t end_of_unit(const struct place *places, size_t count, size_t at) {
    size_t end = at;
    while (end < count && places[end].hash == places[at].hash) end++;
    return end;
}

static void add_entry(const struct place *places, size_t count, struct buffer *buckets) {
    unsigned char head[LEXICON_ENTRY] = {(unsigned char)places->hash, (unsigned char)(places->hash >> 8),
                                         (unsigned char)count};
    buffer_add(buckets, head, sizeof head);
    for (size_t i = 0; i < count; i++) {
        struct translation found = places[i].translation;
        unsigned char bytes[LEXICON_TRANSLATION] = {(unsigned char)found.word, (unsigned char)(found.word >> 8),
                                                    found.steps};
        buffer_add(buckets, bytes, sizeof bytes);
    }
}

static uint32_t count_buckets(const struct place *places, size_t count) {
    size_t units = 0;
    for (size_t at = 0; at < count; at = end_of_unit(places, count, at)) units++;
    return (uint32_t)(units / UNITS_IN_BUCKET + 1);
}

static void add_buckets(const struct language *language, const struct choices *choices, struct lexicon_language *head,
                        struct buffer *file) {
    struct place *places = sort_places(language, choices);
    struct buffer buckets = BUFFER(file->limit);
    head->buckets = count_buckets(places, choices->count);
    for (size_t bucket = 0, at = 0, end; bucket <= head->buckets; bucket++) {
        for (; at < choices->count && lexicon_bucket(places[at].hash, head->buckets) < bucket; at = end) {
            end = end_of_unit(places, choices->count, at);
            add_entry(places + at, end - at, &buckets);
        }
        uint32_t offset = (uint32_t)buckets.length;
        buffer_add(file, &offset, sizeof offset);
    }
    head->size = (uint32_t)buckets.length;
    buffer_add_span(file, buffer_span(&buckets));
    pad(file);
    buffer_free(&buckets);
    free(places);
}

/* ---------------------------------------------------------------- the file */

/* The levels are packed in place: a byte is read before it is overwritten. */
static void add_coverage(const struct language *language, const struct vocabulary *vocabulary,
                         const struct choices *choices, struct buffer *file) {
    uint8_t *levels = memory_take(vocabulary->count + 2);
    size_t size = lexicon_coverage_size(vocabulary->count);
    coverage_measure(language, vocabulary, choices, levels);
    for (size_t i = 0; i < size; i++) levels[i] = (uint8_t)(levels[2 * i] | levels[2 * i + 1] << 4);
    buffer_add(file, levels, size);
    pad(file);
    free(levels);
}

static struct choices *choose_translations(const struct corpus *corpus, const struct vocabulary *vocabulary,
                                           const struct translations *learned, size_t budget) {
    struct choices *choices = memory_take((corpus->count + 1) * sizeof *choices);
    for (size_t i = 0; i < corpus->count; i++)
        choices_list(corpus, vocabulary, corpus->languages[i]->known_count, &learned[i], &choices[i]);
    size_t share = choices_share(choices, corpus->count, budget);
    for (size_t i = 0; i < corpus->count; i++) choices_prune(&choices[i], corpus->languages[i]->known_count, share);
    return choices;
}

static void add_words(const struct vocabulary *vocabulary, struct buffer *file) {
    buffer_add(file, vocabulary->units, vocabulary->count * sizeof *vocabulary->units);
    buffer_add(file, vocabulary->rarities, vocabulary->count);
    pad(file);
}

/* The heads are written again when the sizes are known. */
static void add_languages(const struct corpus *corpus, const struct vocabulary *vocabulary,
                          const struct choices *choices, struct buffer *file) {
    struct lexicon_head head = {LEXICON_MAGIC, 0, (uint32_t)corpus->count, (uint32_t)vocabulary->count};
    size_t size = (corpus->count + 1) * sizeof(struct lexicon_language);
    struct lexicon_language *languages = memory_take(size);
    size -= sizeof *languages;
    buffer_add(file, &head, sizeof head);
    buffer_add(file, languages, size);
    add_words(vocabulary, file);
    for (size_t i = 0; i < corpus->count; i++) {
        memcpy(languages[i].code, corpus->languages[i]->code, sizeof languages[i].code);
        add_coverage(corpus->languages[i], vocabulary, &choices[i], file);
        add_buckets(corpus->languages[i], &choices[i], &languages[i], file);
    }
    head.size = (uint32_t)file->length;
    memcpy(file->at, &head, sizeof head);
    memcpy(file->at + sizeof head, languages, size);
    free(languages);
}

static size_t size_of_heads(const struct corpus *corpus, const struct vocabulary *vocabulary) {
    return sizeof(struct lexicon_head) +
           corpus->count * (sizeof(struct lexicon_language) + lexicon_coverage_size(vocabulary->count) + SPARE) +
           vocabulary->count * (sizeof(uint32_t) + sizeof(uint8_t)) + SPARE;
}

bool lexicon_write(const struct corpus *corpus, const struct translations *learned, size_t budget,
                   struct buffer *ret_file) {
    struct vocabulary vocabulary;
    vocabulary_choose(corpus, &vocabulary);
    size_t heads = size_of_heads(corpus, &vocabulary);
    bool fits = heads < budget;
    if (fits) {
        struct choices *choices = choose_translations(corpus, &vocabulary, learned, budget - heads);
        add_languages(corpus, &vocabulary, choices, ret_file);
        for (size_t i = 0; i < corpus->count; i++) free(choices[i].at);
        free(choices);
    }
    vocabulary_free(&vocabulary);
    return fits && !ret_file->full;
}
