#include "stages/translate/align.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "pipeline/base/arena.h"
#include "stages/language/unicode.h"

enum { MAX_ANCHORS = 12, SHORTEST_NAME = 3 };
/* VARIANCE is the variance of the length per character (Gale and Church). ANCHOR: a shared anchor (see anchors below)
 * outweighs a difference in length of about two standard deviations. GOOD_MEAN: a path is accepted if its average step
 * is more probable than a difference of two and a half standard deviations. */
static const double VARIANCE = 6.8, ANCHOR = 2.0, GOOD_MEAN = 4.5;
/* Bounds for the ratio of the lengths of translation and source, for a whole paragraph. An English translation outside
 * these bounds has lost or added text. Without bounds, half of a translation could be mistaken for a complete
 * translation from a language that needs more words. */
static const double LOWEST_RATIO = 0.75, HIGHEST_RATIO = 1.45;
/* Bounds for the ratio in a single step, if its source has at least LONG_STEP characters. For shorter texts the ratio
 * means little. */
static const double LOWEST_STEP = 0.5, HIGHEST_STEP = 2.2, LONG_STEP = 40;

struct step {
    size_t sources, targets;
    double prior; /* probability of such a step (Gale and Church, table 5; the values for 1:3 and 3:1 are estimates) */
};
static const struct step steps[] = {{1, 1, 0.89},  {1, 2, 0.0445}, {2, 1, 0.0445},  {2, 2, 0.011},
                                    {1, 3, 0.004}, {3, 1, 0.004},  {1, 0, 0.00495}, {0, 1, 0.00495}};
enum { STEPS = sizeof steps / sizeof *steps };

/* The properties of a sentence that are compared. */
struct trait {
    double length; /* in letters of an alphabet (see weigh()) */
    uint64_t anchors[MAX_ANCHORS];
    size_t anchor_count;
};

/* The cheapest path to one cell of the grid: its total cost and its last step. */
struct cell {
    double cost;
    const struct step *step;
};

struct grid {
    struct trait *sources, *targets;
    size_t source_count, target_count;
    unsigned
        *shared; /* number of anchors that source i and target j have in common; source_count x target_count elements */
    struct cell *cells; /* (source_count + 1) x (target_count + 1) elements */
    double ratio;       /* expected number of target characters per source character */
};

/* ---------------------------------------------------------------- anchors */

static bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

static bool is_letter(char c) {
    return (c | 32) >= 'a' && (c | 32) <= 'z';
}

static void add_anchor(struct trait *trait, struct span text) {
    if (trait->anchor_count < MAX_ANCHORS) trait->anchors[trait->anchor_count++] = span_hash(text);
}

/* Anchors are texts that a translation usually preserves: runs of digits (12.500 and 12,500 give the same ones), and
 * words in Latin letters that begin with a capital, except at the beginning of the sentence. Only the first letters of
 * a word are used, because many languages inflect names. */
static void find_anchors(struct span text, struct trait *trait) {
    enum { STEM = 5 };
    for (size_t i = 0, end; i < text.length; i = end) {
        end = i + 1;
        if (is_digit(text.at[i])) {
            while (end < text.length && is_digit(text.at[end])) end++;
            add_anchor(trait, span_cut(text, i, end));
        } else if (is_letter(text.at[i])) {
            while (end < text.length && is_letter(text.at[end])) end++;
            bool name = text.at[i] < 'a' && end - i >= SHORTEST_NAME && i > 0;
            if (name) add_anchor(trait, span_cut(text, i, end - i > STEM ? i + STEM : end));
        }
    }
}

/* Returns the length of the text in letters of an alphabet. A syllable of Hangul or kana counts as two letters and an
 * ideograph as three, because each carries about as much meaning as that many letters. */
static double weigh(struct span text) {
    double weight = 0;
    uint32_t rune;
    for (size_t i = 0; i < text.length;) {
        i += text_next(text, i, &rune);
        bool syllable = rune_is_hangul(rune) || (rune >= 0x3040 && rune < 0x3100);
        weight += rune_is_han(rune) ? 3 : syllable ? 2 : 1;
    }
    return weight;
}

static struct trait *find_traits(const struct span *texts, size_t count) {
    struct trait *traits = memory_take((count + 1) * sizeof *traits);
    for (size_t i = 0; i < count; i++) {
        traits[i].length = weigh(texts[i]);
        find_anchors(texts[i], &traits[i]);
    }
    return traits;
}

/* Counts the anchors that the source and the target have in common. */
static unsigned count_shared(const struct trait *source, const struct trait *target) {
    unsigned shared = 0;
    for (size_t i = 0; i < source->anchor_count; i++)
        for (size_t j = 0; j < target->anchor_count; j++)
            if (source->anchors[i] == target->anchors[j]) {
                shared++;
                break;
            }
    return shared;
}

static unsigned *count_all_shared(const struct trait *sources, size_t source_count, const struct trait *targets,
                                  size_t target_count) {
    unsigned *shared = memory_take(source_count * target_count * sizeof *shared);
    for (size_t i = 0; i < source_count; i++)
        for (size_t j = 0; j < target_count; j++) shared[i * target_count + j] = count_shared(&sources[i], &targets[j]);
    return shared;
}

/* ---------------------------------------------------------------- the path */

static double sum_lengths(const struct trait *traits, size_t count) {
    double sum = 0;
    for (size_t i = 0; i < count; i++) sum += traits[i].length;
    return sum;
}

/* Returns the negative logarithm of the probability that the lengths differ by this much or more by chance. */
static double length_cost(double source, double target, double ratio) {
    double expected = source * ratio, mean = (expected + target) / 2;
    if (mean <= 0) return 0;
    double deviations = fabs(target - expected) / sqrt(mean * VARIANCE);
    double chance = erfc(deviations / sqrt(2));
    /* erfc() underflows for large deviations, and log(0) would make every path infinitely expensive. */
    return chance > 1e-12 ? -log(chance) : 27.6;
}

static double step_cost(const struct grid *grid, const struct step *step, size_t source, size_t target) {
    const struct trait *sources = grid->sources + source, *targets = grid->targets + target;
    double cost = length_cost(sum_lengths(sources, step->sources), sum_lengths(targets, step->targets), grid->ratio);
    for (size_t i = source; i < source + step->sources; i++)
        for (size_t j = target; j < target + step->targets; j++)
            cost -= ANCHOR * grid->shared[i * grid->target_count + j];
    return cost - log(step->prior);
}

static struct cell *cell_at(const struct grid *grid, size_t source, size_t target) {
    return &grid->cells[source * (grid->target_count + 1) + target];
}

/* Finds the cheapest path to this cell. The cells above it and to its left must have been computed before. */
static void reach_cell(const struct grid *grid, size_t source, size_t target) {
    struct cell *cell = cell_at(grid, source, target);
    *cell = (struct cell){.cost = source + target ? HUGE_VAL : 0};
    for (const struct step *step = steps; step < steps + STEPS; step++) {
        if (step->sources > source || step->targets > target) continue;
        const struct cell *from = cell_at(grid, source - step->sources, target - step->targets);
        double cost = from->cost + step_cost(grid, step, source - step->sources, target - step->targets);
        if (cost < cell->cost) *cell = (struct cell){cost, step};
    }
}

static bool is_plausible(double source, double target) {
    return source < LONG_STEP || (target >= LOWEST_STEP * source && target <= HIGHEST_STEP * source);
}

/* Follows the path back from the end and writes its steps (beads) in reading order. Returns false if a sentence has no
 * counterpart or if a step is implausible, because showing the paragraph as a whole is better than pairing the wrong
 * sentences. */
static bool collect_beads(const struct grid *grid, struct bead *ret_beads, size_t *ret_count, double *ret_cost) {
    size_t source = grid->source_count, target = grid->target_count, count = 0;
    double cost = 0;
    while (source || target) {
        const struct step *step = cell_at(grid, source, target)->step;
        if (step->sources == 0 || step->targets == 0) return false;
        source -= step->sources;
        target -= step->targets;
        double source_length = sum_lengths(grid->sources + source, step->sources);
        double target_length = sum_lengths(grid->targets + target, step->targets);
        if (!is_plausible(source_length, target_length)) return false;
        cost += length_cost(source_length, target_length, grid->ratio);
        ret_beads[count++] = (struct bead){source, step->sources, target, step->targets};
    }
    for (size_t i = 0; i < count / 2; i++) {
        struct bead bead = ret_beads[i];
        ret_beads[i] = ret_beads[count - 1 - i];
        ret_beads[count - 1 - i] = bead;
    }
    *ret_count = count;
    *ret_cost = cost;
    return count > 0;
}

bool align(const struct span *sources, size_t source_count, const struct span *targets, size_t target_count,
           struct bead *ret_beads, size_t *ret_count) {
    if (!source_count || !target_count || source_count > ALIGN_MAX || target_count > ALIGN_MAX) return false;
    struct grid grid = {.source_count = source_count, .target_count = target_count};
    grid.sources = find_traits(sources, source_count);
    grid.targets = find_traits(targets, target_count);
    grid.shared = count_all_shared(grid.sources, source_count, grid.targets, target_count);
    grid.cells = memory_take((source_count + 1) * (target_count + 1) * sizeof *grid.cells);
    double source_length = sum_lengths(grid.sources, source_count), cost = 0;
    grid.ratio = source_length > 0 ? sum_lengths(grid.targets, target_count) / source_length : 1;
    grid.ratio = fmin(fmax(grid.ratio, LOWEST_RATIO), HIGHEST_RATIO);
    for (size_t i = 0; i <= source_count; i++)
        for (size_t j = 0; j <= target_count; j++) reach_cell(&grid, i, j);
    bool good = collect_beads(&grid, ret_beads, ret_count, &cost) && cost <= GOOD_MEAN * (double)*ret_count;
    free(grid.sources);
    free(grid.targets);
    free(grid.shared);
    free(grid.cells);
    return good;
}
