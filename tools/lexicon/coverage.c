#include "tools/lexicon/coverage.h"

#include <stdlib.h>
#include <string.h>

#include "pipeline/base/arena.h"

/* A weaker translation is no support, as any sentence has some of them. */
static const double MIN_SUPPORT = 0.02;
/* From the share of the second level on. */
static const double SHARES[LEXICON_COVERAGES - 1] = {0.05, 0.3, 0.55, 0.75, 0.9};
enum { MIN_COUNT = 2 };

uint8_t coverage_level(uint32_t count, uint32_t supported) {
    uint8_t level = 0;
    if (count < MIN_COUNT) return 0;
    while (level < LEXICON_COVERAGES - 1 && supported / (count + 1.0) >= SHARES[level]) level++;
    return level;
}

/* The kept translations by unit. */
struct kept {
    uint32_t *starts; /* by unit, and one more */
    uint16_t *words;
};

static bool supports(const struct choice *choice) {
    return lexicon_probability(choice->translation.steps) >= MIN_SUPPORT;
}

static struct kept list_kept(size_t units, const struct choices *choices) {
    size_t size = (units + 2) * sizeof(uint32_t);
    struct kept kept = {memory_take(size), memory_take((choices->count + 1) * sizeof(uint16_t))};
    for (size_t i = 0; i < choices->count; i++) kept.starts[choices->at[i].unit + 2] += supports(&choices->at[i]);
    for (size_t i = 2; i < units + 2; i++) kept.starts[i] += kept.starts[i - 1];
    for (size_t i = 0; i < choices->count; i++)
        if (supports(&choices->at[i]))
            kept.words[kept.starts[choices->at[i].unit + 1]++] = choices->at[i].translation.word;
    return kept;
}

struct tally {
    uint32_t count, supported, pair; /* one more than the last pair with a support */
};

static void count_pair(const struct language *language, const struct vocabulary *vocabulary, const struct kept *kept,
                       uint32_t index, struct tally *tallies) {
    const struct pair *pair = &language->pairs[index];
    const uint32_t *units = language->units + pair->units, *words = language->words + pair->words;
    for (uint32_t i = 0; i < pair->unit_count; i++)
        for (uint32_t j = kept->starts[units[i]]; j < kept->starts[units[i] + 1]; j++)
            tallies[kept->words[j]].pair = index + 1;
    for (uint32_t i = 0; i < pair->word_count; i++) {
        uint16_t word = vocabulary->indexes[words[i]];
        if (word == LEXICON_WORDS) continue;
        tallies[word].count++;
        tallies[word].supported += tallies[word].pair == index + 1;
    }
}

void coverage_measure(const struct language *language, const struct vocabulary *vocabulary,
                      const struct choices *choices, uint8_t *ret_levels) {
    struct kept kept = list_kept(language->known_count, choices);
    struct tally *tallies = memory_take((vocabulary->count + 1) * sizeof *tallies);
    for (uint32_t i = 0; i < language->pair_count; i++) count_pair(language, vocabulary, &kept, i, tallies);
    for (size_t i = 0; i < vocabulary->count; i++)
        ret_levels[i] = coverage_level(tallies[i].count, tallies[i].supported);
    free(tallies);
    free(kept.starts);
    free(kept.words);
}
