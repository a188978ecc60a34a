#include "tools/lexicon/prune.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "pipeline/base/arena.h"

/* Frequent units and words are worth more, but not in proportion: a sentence is judged by its rarer words. Chosen on
 * news that was not learned from. */
static const double UNIT_POWER = 0.7, WORD_POWER = 0.3, PROBABILITY_POWER = 0.7, MIN_LIFT = 1;
/* Each takes half a byte per language for its coverage, and the rarer ones have few translations. */
enum { VOCABULARY = 26000 };
/* What a unit takes beside its translations, in half bytes: its fingerprint and a share of the offset of its bucket. */
enum { UNIT_SIZE = LEXICON_FINGERPRINT + 2 * sizeof(uint32_t) / UNITS_IN_BUCKET };

/* ---------------------------------------------------------------- English words */

struct ranked {
    uint32_t id, unit;
    double count;
};

static int compare_counts(const void *a, const void *b) {
    const struct ranked *left = a, *right = b;
    if (left->count != right->count) return left->count > right->count ? -1 : 1;
    return left->unit < right->unit ? -1 : left->unit > right->unit;
}

static int compare_units(const void *a, const void *b) {
    const struct ranked *left = a, *right = b;
    return left->unit < right->unit ? -1 : left->unit > right->unit;
}

static size_t rank_words(const struct corpus *corpus, struct ranked *ranked) {
    size_t count = 0;
    for (uint32_t i = 0; i < corpus->word_count; i++)
        if (corpus->words[i].count > 0 && corpus->words[i].unit > 0)
            ranked[count++] = (struct ranked){i, corpus->words[i].unit, corpus->words[i].count};
    qsort(ranked, count, sizeof *ranked, compare_counts);
    if (count > VOCABULARY) count = VOCABULARY;
    qsort(ranked, count, sizeof *ranked, compare_units);
    return count;
}

static uint8_t rarity_of(const struct corpus *corpus, double count) {
    double steps = floor(-log10((count + 1) / corpus->total) * LEXICON_RARITY_STEPS);
    return (uint8_t)(steps < 0 ? 0 : steps > LEXICON_RAREST ? LEXICON_RAREST : steps);
}

void vocabulary_choose(const struct corpus *corpus, struct vocabulary *ret_vocabulary) {
    struct ranked *ranked = memory_take((corpus->word_count + 1) * sizeof *ranked);
    size_t count = rank_words(corpus, ranked);
    struct vocabulary vocabulary = {memory_take((count + 1) * sizeof(uint32_t)), memory_take(count + 1), count,
                                    memory_take((corpus->word_count + 1) * sizeof(uint16_t))};
    for (size_t i = 0; i < corpus->word_count; i++) vocabulary.indexes[i] = LEXICON_WORDS;
    for (size_t i = 0; i < count; i++) {
        vocabulary.units[i] = ranked[i].unit;
        vocabulary.rarities[i] = rarity_of(corpus, ranked[i].count);
        vocabulary.indexes[ranked[i].id] = (uint16_t)i;
    }
    free(ranked);
    *ret_vocabulary = vocabulary;
}

void vocabulary_free(struct vocabulary *vocabulary) {
    free(vocabulary->units);
    free(vocabulary->rarities);
    free(vocabulary->indexes);
}

/* ---------------------------------------------------------------- choices */

/* As the file will have it. Rounded up, so that a probability never crosses a power of two. */
static uint8_t steps_of(double probability) {
    double steps = ceil(-log2(probability) * LEXICON_STEPS);
    uint8_t limited = (uint8_t)(steps < 0 ? 0 : steps > UINT8_MAX ? UINT8_MAX : steps);
    return lexicon_steps(lexicon_level(limited));
}

/* How much likelier the word is with the unit than in any pair, as a logarithm. */
static double lift_of(const struct corpus *corpus, uint32_t word, double probability) {
    return log(probability * corpus->total / (corpus->words[word].count + 1));
}

static double value_of(double unit_weight, double word_count, double probability, double lift) {
    return pow(unit_weight, UNIT_POWER) * pow(word_count, WORD_POWER) * pow(probability, PROBABILITY_POWER) * lift;
}

static bool is_among_best(const struct translations *learned, uint32_t unit, uint32_t index) {
    size_t better = 0;
    for (uint32_t i = learned->starts[unit]; i < learned->starts[unit + 1]; i++)
        better += learned->probabilities[i] > learned->probabilities[index] ||
                  (learned->probabilities[i] == learned->probabilities[index] && i < index);
    return better < LEXICON_TRANSLATIONS;
}

static void add_choice(const struct corpus *corpus, const struct vocabulary *vocabulary,
                       const struct translations *learned, uint32_t unit, uint32_t index, struct choices *choices) {
    uint32_t word = learned->words[index];
    double probability = (double)learned->probabilities[index], lift = lift_of(corpus, word, probability);
    uint16_t kept = vocabulary->indexes[word];
    if (kept == LEXICON_WORDS || lift < MIN_LIFT || !is_among_best(learned, unit, index)) return;
    double value = value_of(learned->weights[unit], corpus->words[word].count, probability, lift);
    choices->at = grow_array(choices->at, choices->count, &choices->capacity, sizeof *choices->at);
    choices->at[choices->count++] = (struct choice){unit, {kept, steps_of(probability)}, (float)value};
}

static int compare_values(const void *a, const void *b) {
    const struct choice *left = a, *right = b;
    if (left->value != right->value) return left->value > right->value ? -1 : 1;
    if (left->unit != right->unit) return left->unit < right->unit ? -1 : 1;
    return left->translation.word < right->translation.word ? -1 : 1;
}

void choices_prune(struct choices *choices, size_t units, size_t size) {
    bool *seen = memory_take((units + 1) * sizeof *seen);
    size_t count = 0;
    choices->units = choices->size = 0;
    for (; count < choices->count; count++) {
        bool *known = &seen[choices->at[count].unit];
        size_t cost = LEXICON_TRANSLATION + (*known ? 0 : UNIT_SIZE);
        if (choices->size + cost > size) break;
        choices->size += cost;
        choices->units += !*known;
        *known = true;
    }
    choices->count = count;
    free(seen);
}

void choices_list(const struct corpus *corpus, const struct vocabulary *vocabulary, size_t units,
                  const struct translations *learned, struct choices *ret_choices) {
    struct choices choices = {.at = NULL};
    for (uint32_t unit = 0; unit < units; unit++)
        for (uint32_t i = learned->starts[unit]; i < learned->starts[unit + 1]; i++)
            add_choice(corpus, vocabulary, learned, unit, i, &choices);
    if (choices.count > 0) qsort(choices.at, choices.count, sizeof *choices.at, compare_values);
    choices_prune(&choices, units, SIZE_MAX);
    *ret_choices = choices;
}

static size_t total_with(const struct choices *choices, size_t count, size_t share) {
    size_t total = 0;
    for (size_t i = 0; i < count; i++) total += choices[i].size < share ? choices[i].size : share;
    return total;
}

size_t choices_share(const struct choices *choices, size_t count, size_t budget) {
    size_t low = 0, high = budget;
    while (low < high) {
        size_t middle = low + (high - low + 1) / 2;
        if (total_with(choices, count, middle) <= budget)
            low = middle;
        else
            high = middle - 1;
    }
    return low;
}
