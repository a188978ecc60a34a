#include "stages/group/vector.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "pipeline/base/table.h"
#include "stages/group/words.h"

enum {
    COUNTERS = 1 << 20, /* number of counters, each of which counts the articles that have a feature. Two features may
                           share a counter; both then seem more frequent than they are. */
    PLACES = 1 << 13,   /* slots in the hash table of one article */
    MAX_FEATURES = PLACES / 2, /* keeps the hash table sparse; any further features of the article are ignored */
    LEAD_WORDS = 200, /* number of words with full weight: the beginning of a news article contains the main points */
    IMAGINARY = 300,  /* number of imaginary articles that represent general English (see vector.h) */
    /* A feature that more than SECTION articles have, or more than one in SECTION_SHARE of a very large edition,
     * belongs to a section. */
    SECTION = 25,
    SECTION_SHARE = 400
};

/* Vectors shorter than this are not scaled to length 1. Otherwise two short texts of common words would seem similar
 * because they contain nothing else. */
static const float MIN_LENGTH = 20;
/* RARE: a word is rare if at most this share of general English articles contains it. NAMELESS: factor for the
 * similarity of two articles that share no name. TITLE, BODY, NAME and PAIR are weights relative to a word among the
 * first LEAD_WORDS words. */
static const float RARE = 0.05f;
static const double NAMELESS = 0.7;
static const float TITLE = 3, BODY = 0.3f, NAME = 1.5f, PAIR = 0.5f;

struct counted {
    uint64_t hash; /* 0 if the slot is free */
    float times;
    float common; /* number of imaginary articles (see vector.h) that have the feature; for a pair of words, the number
                     expected by chance */
    bool name;    /* a rare word that is capitalized and does not begin the text */
};

struct vectors {
    float *common;  /* for each counter: number of imaginary articles (see vector.h) that have the feature */
    uint32_t *real; /* for each counter: number of articles of the edition that have the feature */
    size_t articles;
    struct counted *places; /* hash table of the current article */
    uint32_t *used;         /* the slots in use, so that the table can be cleared quickly */
    size_t used_count;
};

static size_t counter_of(uint64_t hash) {
    return (hash >> 20) & (COUNTERS - 1);
}

/* Counts a feature of the current article. */
static void add_feature(struct vectors *vectors, uint64_t hash, float times, float common, bool name) {
    size_t place = hash & (PLACES - 1);
    hash |= hash == 0;
    while (vectors->places[place].hash && vectors->places[place].hash != hash) place = (place + 1) & (PLACES - 1);
    if (!vectors->places[place].hash) {
        if (vectors->used_count == MAX_FEATURES) return;
        vectors->used[vectors->used_count++] = (uint32_t)place;
        vectors->places[place] = (struct counted){.hash = hash, .common = common};
    }
    vectors->places[place].times += times;
    vectors->places[place].name = vectors->places[place].name || name;
}

/* Adds the words and the pairs of adjacent words of a text. Returns the number of words. */
static size_t read_text(struct vectors *vectors, struct span text, float times) {
    struct word word, before = {0};
    size_t position = 0, count = 0;
    float common = 0, common_before = 0;
    for (; words_next(text, &position, &word); before = word, common_before = common, count++) {
        common = vectors->common[counter_of(word.hash)];
        add_feature(vectors, word.hash, times * (word.capital ? NAME : 1), common,
                    word.capital && count && common < RARE * IMAGINARY);
        if (count && word.follows)
            add_feature(vectors, words_pair(before.hash, word.hash), times * PAIR, common_before * common / IMAGINARY,
                        false);
    }
    return count;
}

/* Counts the features of an article. The headline has the greatest weight, then the first LEAD_WORDS words, then the
 * rest. */
static void read_article(struct vectors *vectors, const struct article *article) {
    size_t words = 0;
    for (size_t i = 0; i < vectors->used_count; i++) vectors->places[vectors->used[i]] = (struct counted){0};
    vectors->used_count = 0;
    for (struct segment_walk walk = {0}; segment_walk_next(article, &walk);) {
        /* skip captions: a picture may show something other than the event */
        if (walk.block && walk.block->kind == BLOCK_CAPTION) continue;
        float times = walk.block ? (words < LEAD_WORDS ? 1 : BODY) : TITLE;
        words += read_text(vectors, walk.segment->target, times);
    }
}

void vectors_reset(struct vectors *vectors) {
    memset(vectors->real, 0, COUNTERS * sizeof *vectors->real);
    vectors->articles = 0;
}

void vectors_count(struct vectors *vectors, const struct article *article) {
    read_article(vectors, article);
    for (size_t i = 0; i < vectors->used_count; i++)
        vectors->real[counter_of(vectors->places[vectors->used[i]].hash)]++;
    vectors->articles++;
}

double vectors_section(const struct vectors *vectors) {
    return fmax(SECTION, (double)vectors->articles / SECTION_SHARE);
}

/* Computes TF-IDF weights. The logarithm limits the weight of a word that is repeated often. */
static struct feature weigh(const struct vectors *vectors, const struct counted *counted) {
    uint32_t having = vectors->real[counter_of(counted->hash)];
    float rarity = logf(((float)vectors->articles + IMAGINARY + 1) / ((float)having + counted->common + 0.5f));
    float weight = rarity > 0 ? logf(1 + counted->times) * rarity : 0, section = (float)vectors_section(vectors);
    if ((float)having > section) weight *= section / (float)having;
    return (struct feature){(uint32_t)(counted->hash >> 32), weight, 1, having, counted->name};
}

static int by_weight(const void *a, const void *b) {
    const struct feature *one = a, *other = b;
    if (one->weight < other->weight || one->weight > other->weight) return one->weight < other->weight ? 1 : -1;
    return one->word < other->word ? -1 : one->word > other->word;
}

static int by_word(const void *a, const void *b) {
    const struct feature *one = a, *other = b;
    return one->word < other->word ? -1 : one->word > other->word;
}

/* Keeps the features with the greatest weight and sorts them by word. */
static size_t keep_heaviest(struct feature *features, size_t count, size_t max_count) {
    if (count > max_count) qsort(features, count, sizeof *features, by_weight);
    if (count > max_count) count = max_count;
    qsort(features, count, sizeof *features, by_word);
    return count;
}

struct vector vectors_weigh(struct vectors *vectors, const struct article *article, struct arena *arena) {
    float square = 0;
    read_article(vectors, article);
    struct feature *all = memory_take_many(vectors->used_count, sizeof *all);
    for (size_t i = 0; i < vectors->used_count; i++) all[i] = weigh(vectors, &vectors->places[vectors->used[i]]);
    struct vector vector = {.count = keep_heaviest(all, vectors->used_count, VECTOR_WORDS)};
    vector.features = arena_take(arena, (vector.count + 1) * sizeof *vector.features);
    for (size_t i = 0; i < vector.count; i++) square += all[i].weight * all[i].weight;
    float length = fmaxf(sqrtf(square), MIN_LENGTH);
    for (size_t i = 0; i < vector.count; i++) {
        vector.features[i] = all[i];
        vector.features[i].weight /= length;
    }
    free(all);
    return vector;
}

double vector_dot(const struct common *common, size_t count) {
    double dot = 0;
    bool named = false;
    for (size_t i = 0; i < count; i++) {
        dot += (double)common[i].one->weight * (double)common[i].other->weight;
        named = named || (common[i].one->name && common[i].other->name);
    }
    return named ? dot : dot * NAMELESS;
}

struct vector vector_add(const struct vector *a, const struct vector *b, size_t max_count) {
    struct vector sum = {.features = memory_take((a->count + b->count + 1) * sizeof *sum.features)};
    for (size_t i = 0, j = 0; i < a->count || j < b->count;) {
        bool first = j == b->count || (i < a->count && a->features[i].word <= b->features[j].word);
        bool second = i == a->count || (j < b->count && b->features[j].word <= a->features[i].word);
        struct feature *feature = &sum.features[sum.count++];
        feature->word = first ? a->features[i].word : b->features[j].word;
        feature->having = first ? a->features[i].having : b->features[j].having;
        feature->articles = (first ? a->features[i].articles : 0) + (second ? b->features[j].articles : 0);
        feature->name = (first && a->features[i].name) || (second && b->features[j].name);
        if (first) feature->weight += a->features[i++].weight;
        if (second) feature->weight += b->features[j++].weight;
    }
    sum.count = keep_heaviest(sum.features, sum.count, max_count);
    return sum;
}

/* Reads the table of common words, which gives for each word the number of articles per thousand that contain it. */
static bool read_common(struct vectors *vectors, const char *data_folder, const char *name,
                        struct failure *ret_failure) {
    struct arena *arena = arena_new();
    struct table table;
    bool read = table_read(data_folder, name, arena, &table, ret_failure);
    for (size_t i = 0; read && i < table.count; i++) {
        struct word word;
        size_t position = 0;
        long long permille;
        if (!words_next(table.rows[i].cells[0], &position, &word) || !span_number(table.rows[i].cells[1], &permille))
            continue;
        float *common = &vectors->common[counter_of(word.hash)];
        *common = fmaxf(*common, (float)permille * IMAGINARY / 1000);
    }
    arena_free(arena);
    return read;
}

struct vectors *vectors_open(const char *data_folder, struct failure *ret_failure) {
    struct vectors *vectors = memory_take(sizeof *vectors);
    vectors->common = memory_take(COUNTERS * sizeof *vectors->common);
    vectors->real = memory_take(COUNTERS * sizeof *vectors->real);
    vectors->places = memory_take(PLACES * sizeof *vectors->places);
    vectors->used = memory_take(MAX_FEATURES * sizeof *vectors->used);
    if (read_common(vectors, data_folder, "group/common.tsv", ret_failure) &&
        read_common(vectors, data_folder, "group/everyday.tsv", ret_failure))
        return vectors;
    vectors_close(vectors);
    return NULL;
}

void vectors_close(struct vectors *vectors) {
    if (!vectors) return;
    free(vectors->common);
    free(vectors->real);
    free(vectors->places);
    free(vectors->used);
    free(vectors);
}
