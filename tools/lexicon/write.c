#include "tools/lexicon/write.h"

#include <stdlib.h>
#include <string.h>

#include "pipeline/base/arena.h"
#include "tools/lexicon/coverage.h"
#include "tools/lexicon/prune.h"

enum { SPARE = 16 /* padding and the last offset, per language */ };

static void pad(struct buffer *file) {
    static const char zeros[4];
    buffer_add(file, zeros, lexicon_padding(file->length));
}

/* ---------------------------------------------------------------- buckets */

/* A translation and the unit that it belongs to. */
struct place {
    uint32_t bucket;
    uint64_t hash;
    struct translation translation;
};

static int compare(uint64_t left, uint64_t right) {
    return left < right ? -1 : left > right;
}

/* By bucket and fingerprint, as look-ups expect it; within an entry the most probable translation is first. */
static int compare_places(const void *a, const void *b) {
    const struct place *left = a, *right = b;
    int order = compare(left->bucket, right->bucket);
    if (order == 0) order = compare(lexicon_fingerprint(left->hash), lexicon_fingerprint(right->hash));
    if (order == 0) order = compare(left->hash, right->hash);
    if (order == 0) order = compare(left->translation.steps, right->translation.steps);
    return order != 0 ? order : compare(left->translation.word, right->translation.word);
}

static struct place *sort_places(const struct language *language, const struct choices *choices, uint32_t buckets) {
    struct place *places = memory_take((choices->count + 1) * sizeof *places);
    for (size_t i = 0; i < choices->count; i++) {
        uint64_t hash = language->known[choices->at[i].unit].hash;
        places[i] = (struct place){lexicon_bucket(hash, buckets), hash, choices->at[i].translation};
    }
    qsort(places, choices->count, sizeof *places, compare_places);
    return places;
}

struct halves {
    struct buffer bytes;
    size_t count;
};

static void add_halves(struct halves *halves, uint32_t number, size_t count) {
    for (; count > 0; count--, halves->count++, number >>= 4) {
        char byte = (char)(number & 0xF);
        if (halves->count % 2 == 0)
            buffer_add(&halves->bytes, &byte, 1);
        else if (!halves->bytes.full)
            halves->bytes.at[halves->count / 2] |= (char)(byte << 4);
    }
}

static void add_place(const struct place *place, bool first, bool last, struct halves *buckets) {
    struct translation found = place->translation;
    if (first) add_halves(buckets, lexicon_fingerprint(place->hash), LEXICON_FINGERPRINT);
    add_halves(buckets,
               found.word | (last ? LEXICON_LAST : 0U) | (uint32_t)lexicon_level(found.steps) << LEXICON_LEVEL_BIT,
               LEXICON_TRANSLATION);
}

static void add_offset(const struct halves *buckets, struct buffer *file) {
    uint32_t offset = (uint32_t)buckets->count;
    buffer_add(file, &offset, sizeof offset);
}

static void add_buckets(const struct language *language, const struct choices *choices, struct lexicon_language *head,
                        struct buffer *file) {
    size_t count = choices->count;
    struct halves buckets = {BUFFER(file->limit), 0};
    head->buckets = (uint32_t)(choices->units / UNITS_IN_BUCKET + 1);
    struct place *places = sort_places(language, choices, head->buckets);
    add_offset(&buckets, file);
    for (uint32_t bucket = 0, i = 0; bucket < head->buckets; bucket++) {
        for (; i < count && places[i].bucket == bucket; i++)
            add_place(&places[i], i == 0 || places[i - 1].hash != places[i].hash,
                      i + 1 == count || places[i + 1].hash != places[i].hash, &buckets);
        add_offset(&buckets, file);
    }
    head->size = (uint32_t)buckets.count;
    buffer_add_span(file, buffer_span(&buckets.bytes));
    pad(file);
    buffer_free(&buckets.bytes);
    free(places);
}

/* ---------------------------------------------------------------- the file */

/* The levels are packed in place: a byte is read before it is overwritten. */
static void add_coverage(const struct language *language, const struct vocabulary *vocabulary,
                         const struct choices *choices, struct buffer *file) {
    uint8_t *levels = memory_take(vocabulary->count + 2);
    size_t size = lexicon_bytes(vocabulary->count);
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
    size_t share = choices_share(choices, corpus->count, 2 * budget);
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
           corpus->count * (sizeof(struct lexicon_language) + lexicon_bytes(vocabulary->count) + SPARE) +
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
