#include "stages/language/votes.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "pipeline/base/arena.h"
#include "pipeline/base/mapped.h"

enum {
    ENTRY_HEAD = 3,
    NO_PLACE = 0xFF,
    BYTES_A_LETTER = 16 /* max. bytes of text that are read per letter, including other characters between letters */,
    MAX_PRIOR = 1 << 20
};
/* The log-odds are multiplied by this, because features overlap and texts differ from those with which the weights were
 * trained. */
static const double BELIEF = 0.5;

/* All pointers point into the mapped file. */
struct votes_model {
    struct mapped file;
    const struct votes_head *head;
    const struct votes_language *languages;
    const struct votes_family *families;
    unsigned char family_at[LETTERS_SCRIPTS]; /* for each script, the index of the family whose first script it is, or
                                                 LETTERS_NONE */
    unsigned char place_of[VOTES_MAX]; /* for each family, its index in votes.sums, or NO_PLACE if the family has only
                                          one language */
};

/* Checks all numbers that are later used as an index or an offset, so that no other code must check them. */
static bool family_fits(const struct votes_model *model, const struct votes_family *family) {
    uint64_t end = family->offsets + ((uint64_t)family->buckets + 1) * sizeof(uint32_t) + family->size;
    bool named = family->script < LETTERS_SCRIPTS && family->count > 0 && family->count <= VOTES_LANGUAGES &&
                 family->first <= model->head->languages && family->count <= model->head->languages - family->first;
    return named && (family->buckets == 0 ? family->count == 1
                                          : family->count > 1 && family->offsets % 4 == 0 && end <= model->file.size);
}

/* Gives each family a place in votes.sums if it has several languages. */
static bool place_families(struct votes_model *model) {
    unsigned char places = 0;
    memset(model->family_at, LETTERS_NONE, sizeof model->family_at);
    for (uint32_t i = 0; i < model->head->families; i++) {
        const struct votes_family *family = &model->families[i];
        if (!family_fits(model, family) || (family->buckets && places == VOTES_FAMILIES)) return false;
        model->family_at[family->script] = (unsigned char)i;
        model->place_of[i] = family->buckets ? places++ : NO_PLACE;
    }
    return true;
}

/* Checks everything that later code reads without checking. */
static bool read_head(struct votes_model *model) {
    const struct votes_head *head = model->head = (const void *)model->file.at;
    if (memcmp(head->magic, VOTES_MAGIC, sizeof head->magic) != 0) return false;
    if (head->languages > VOTES_MAX || head->families > LETTERS_SCRIPTS) return false;
    size_t languages = head->languages * sizeof *model->languages;
    if (model->file.size < sizeof *head + languages + head->families * sizeof(struct votes_family)) return false;
    model->languages = (const void *)(head + 1);
    for (size_t i = 0; i < head->languages; i++)
        if (model->languages[i].code[VOTES_CODE - 1] != '\0' || abs(model->languages[i].prior) > MAX_PRIOR)
            return false;
    model->families = (const void *)(model->file.at + sizeof *head + languages);
    return place_families(model);
}

bool votes_map(const char *path, struct votes_model **ret_model, struct failure *ret_failure) {
    static const char what[] = "the language model";
    struct votes_model *model = memory_take(sizeof *model);
    bool good = mapped_open(path, sizeof(struct votes_head), what, &model->file, ret_failure) &&
                (read_head(model) || mapped_refuse(path, what, ret_failure));
    if (good)
        *ret_model = model;
    else
        votes_close(model);
    return good;
}

void votes_close(struct votes_model *model) {
    if (!model) return;
    mapped_close(&model->file);
    free(model);
}

/* Adds the votes of an entry. A dense entry has a weight for every language; its loop has a fixed length, so that the
 * compiler can vectorize it. */
static void add_entry(const unsigned char *entry, int16_t sums[VOTES_LANGUAGES]) {
    const unsigned char *votes = entry + ENTRY_HEAD;
    if (entry[2] == VOTES_DENSE) {
        for (size_t i = 0; i < VOTES_LANGUAGES; i++) sums[i] = (int16_t)(sums[i] + (signed char)votes[i]);
        return;
    }
    for (size_t i = 0; i < entry[2]; i++) {
        int16_t *sum = &sums[votes[2 * i] % VOTES_LANGUAGES];
        *sum = (int16_t)(*sum + (signed char)votes[2 * i + 1]);
    }
}

/* Adds the votes of a feature. The file may be damaged, so nothing after the end of the bucket is read. find_bucket()
 * only returns buckets within the file. */
static void add_gram(const unsigned char *bucket, const unsigned char *end, uint64_t gram,
                     int16_t sums[VOTES_LANGUAGES]) {
    while (end - bucket >= ENTRY_HEAD) {
        ptrdiff_t size = ENTRY_HEAD + (bucket[2] == VOTES_DENSE ? VOTES_LANGUAGES : 2 * bucket[2]);
        if (size > end - bucket) return;
        if ((uint16_t)gram == (bucket[0] | bucket[1] << 8)) {
            add_entry(bucket, sums);
            return;
        }
        bucket += size;
    }
}

struct bucket {
    const unsigned char *at, *end;
};

/* Returns the bucket of a feature, or an empty bucket if its offset is damaged. */
static struct bucket find_bucket(const struct votes_model *model, const struct votes_family *family, uint64_t gram) {
    const uint32_t *offsets = (const void *)(model->file.at + family->offsets);
    const unsigned char *buckets = (const unsigned char *)(offsets + family->buckets + 1);
    uint32_t number = votes_bucket(gram, family->buckets), at = offsets[number], end = offsets[number + 1];
    if (at > end || end > family->size) return (struct bucket){buckets, buckets};
    return (struct bucket){buckets + at, buckets + end};
}

/* Working memory for one word. Allocated once, so that it is not cleared for each word. */
struct scratch {
    struct word word;
    uint64_t grams[GRAMS_MAX];
    struct bucket buckets[GRAMS_MAX];
    int16_t votes[VOTES_LANGUAGES];
};

/* Finds the buckets of all features of a word. Each takes two accesses to a table that is larger than the caches of the
 * processor, so all accesses are started before waiting for the first. */
static void fetch_buckets(const struct votes_model *model, const struct votes_family *family, size_t count,
                          struct scratch *scratch) {
    const uint32_t *offsets = (const void *)(model->file.at + family->offsets);
    for (size_t i = 0; i < count; i++) __builtin_prefetch(offsets + votes_bucket(scratch->grams[i], family->buckets));
    for (size_t i = 0; i < count; i++) {
        scratch->buckets[i] = find_bucket(model, family, scratch->grams[i]);
        __builtin_prefetch(scratch->buckets[i].at);
    }
}

/* Adds up the votes of a word in 16 bits, which is faster than 32: they are enough for GRAMS_MAX weights of at most
 * 127.
 */
static void count_word(const struct votes_model *model, const struct votes_family *family, struct scratch *scratch,
                       int16_t ret_votes[VOTES_LANGUAGES]) {
    size_t count = grams_of_word(&scratch->word, scratch->grams);
    memset(ret_votes, 0, VOTES_LANGUAGES * sizeof *ret_votes);
    fetch_buckets(model, family, count, scratch);
    for (size_t i = 0; i < count; i++)
        add_gram(scratch->buckets[i].at, scratch->buckets[i].end, scratch->grams[i], ret_votes);
}

/* Returns where the votes of the word are kept, or NULL if it is too long. A later word may take its place. */
static struct known_word *place_of_word(struct votes_known *known, const struct word *word) {
    uint64_t hash = word->family;
    if (!known || word->length > VOTES_KNOWN_LETTERS) return NULL;
    for (size_t i = 0; i < word->length; i++) hash = (hash ^ word->letters[i]) * 0x9E3779B97F4A7C15u;
    return &known->words[(hash >> 32) % VOTES_KNOWN];
}

static bool is_known(const struct known_word *known, const struct word *word) {
    return known->length == word->length && known->family == word->family &&
           memcmp(known->letters, word->letters, word->length * sizeof *word->letters) == 0;
}

static void remember(const struct word *word, struct known_word *known) {
    known->length = (unsigned)word->length;
    known->family = word->family;
    memcpy(known->letters, word->letters, word->length * sizeof *word->letters);
}

/* Adds the votes of a word, multiplied by its weight. */
static void add_word(const struct votes_model *model, const struct votes_family *family, struct scratch *scratch,
                     struct votes_known *known, int32_t sums[VOTES_LANGUAGES]) {
    struct known_word *place = place_of_word(known, &scratch->word);
    int16_t *votes = place ? place->votes : scratch->votes;
    if (!place || !is_known(place, &scratch->word)) {
        count_word(model, family, scratch, votes);
        if (place) remember(&scratch->word, place);
    }
    int16_t factor = scratch->word.capital ? VOTES_CAPITAL : VOTES_FULL;
    for (size_t i = 0; i < VOTES_LANGUAGES; i++) sums[i] += factor * votes[i];
}

/* Does not collect votes for words of a family of scripts with only one language, because the bytes of their letters
 * are enough to identify it. */
void votes_add(const struct votes_model *model, struct span text, size_t max_letters, struct votes_known *known,
               struct votes *votes) {
    struct scratch scratch;
    const struct word *word = &scratch.word;
    size_t letters = 0;
    /* limits the time for texts with few letters among many other characters */
    text = text_clip(text, max_letters * BYTES_A_LETTER);
    for (size_t position = 0; letters < max_letters && grams_next_word(text, &position, &scratch.word);) {
        letters += word->length - 2;
        votes->bytes[word->script] += (uint32_t)word->bytes;
        unsigned char family = model->family_at[word->family];
        unsigned char place = family == LETTERS_NONE ? NO_PLACE : model->place_of[family];
        if (place != NO_PLACE) add_word(model, &model->families[family], &scratch, known, votes->sums[place]);
    }
    votes->letters += letters;
}

void votes_merge(struct votes *votes, const struct votes *more) {
    votes->letters += more->letters;
    for (size_t i = 0; i < LETTERS_SCRIPTS; i++) votes->bytes[i] += more->bytes[i];
    for (size_t i = 0; i < VOTES_FAMILIES; i++)
        for (size_t j = 0; j < VOTES_LANGUAGES; j++) votes->sums[i][j] += more->sums[i][j];
}

const char *votes_script(const struct votes *votes) {
    unsigned best = 0;
    for (unsigned i = 1; i < LETTERS_SCRIPTS; i++)
        if (votes->bytes[i] > votes->bytes[best]) best = i;
    return votes->bytes[best] ? letters_code(best) : "";
}

/* Returns the family of scripts with the most bytes of letters, or NULL if the model has none of them. Counting bytes
 * instead of letters favours scripts other than Latin: Latin names and words occur in texts of any script, while the
 * reverse is rare. */
static const struct votes_family *main_family(const struct votes_model *model, const struct votes *votes) {
    uint32_t bytes[LETTERS_SCRIPTS] = {0}, most = 0;
    const struct votes_family *best = NULL;
    for (unsigned i = 0; i < LETTERS_SCRIPTS; i++) bytes[letters_family(i)] += votes->bytes[i];
    for (unsigned i = 0; i < LETTERS_SCRIPTS; i++) {
        if (bytes[i] <= most || model->family_at[i] == LETTERS_NONE) continue;
        most = bytes[i];
        best = &model->families[model->family_at[i]];
    }
    return best;
}

static const char *code_of(const struct votes_model *model, const struct votes_family *family, size_t language) {
    return model->languages[family->first + language].code;
}

/* Adds the prior of each language to its votes. Returns false if the family has only one language. */
static bool sum_up(const struct votes_model *model, const struct votes *votes, const struct votes_family *family,
                   int32_t ret_sums[VOTES_LANGUAGES]) {
    unsigned char place = model->place_of[family - model->families];
    if (place == NO_PLACE) return false;
    for (size_t i = 0; i < family->count; i++)
        ret_sums[i] = votes->sums[place][i] + model->languages[family->first + i].prior;
    return true;
}

/* Converts a difference between two sums to log-odds. */
static double odds(int32_t more, int32_t less) {
    return (more - less) * BELIEF * VOTES_STEP / VOTES_FULL;
}

/* Finds the two highest sums. There must be at least two languages. */
static void find_best(const int32_t *sums, size_t count, size_t *ret_best, size_t *ret_second) {
    size_t best = sums[1] > sums[0], second = !best;
    for (size_t i = 2; i < count; i++) {
        if (sums[i] > sums[best]) {
            second = best;
            best = i;
        } else if (sums[i] > sums[second]) {
            second = i;
        }
    }
    *ret_best = best;
    *ret_second = second;
}

/* Computes the certainty as the softmax of the sums, relative to the highest sum so that exp() cannot overflow. */
struct guess votes_guess(const struct votes_model *model, const struct votes *votes) {
    const struct votes_family *family = main_family(model, votes);
    if (!family) return (struct guess){"", "", 0};
    int32_t sums[VOTES_LANGUAGES] = {0};
    if (!sum_up(model, votes, family, sums)) return (struct guess){code_of(model, family, 0), "", 1};
    size_t best, second;
    double total = 0;
    find_best(sums, family->count, &best, &second);
    for (size_t i = 0; i < family->count; i++) total += exp(odds(sums[i], sums[best]));
    return (struct guess){code_of(model, family, best), code_of(model, family, second), 1 / total};
}

/* Returns INFINITY for a language of another family, because its votes cannot be compared. */
double votes_margin(const struct votes_model *model, const struct votes *votes, const char *code) {
    const struct votes_family *family = main_family(model, votes);
    int32_t sums[VOTES_LANGUAGES] = {0};
    if (!family || !sum_up(model, votes, family, sums)) return INFINITY;
    size_t best, second;
    find_best(sums, family->count, &best, &second);
    for (size_t i = 0; i < family->count; i++)
        if (strcmp(code, code_of(model, family, i)) == 0) return odds(sums[best], sums[i]);
    return INFINITY;
}
