/* Prices a text in all languages of the writing model at once. Most pairs of letters are ASCII, and their costs in all
 * languages lie next to each other (`pairs`). The others are added language by language, as long as the language may
 * still be the cheapest. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "pipeline/base/arena.h"
#include "stages/decode/writing_internal.h"

enum { STRIDE = 16 }; /* after so many pairs, the limit is looked at */

/* Numbers the letters of the ASCII characters. */
static void number_ascii(struct writing *writing) {
    for (size_t rune = 0; rune < 0x80; rune++) {
        struct glyph *glyph = &writing->runes[rune].glyph;
        size_t same = 0;
        while (same < rune && writing->runes[same].glyph.letter != glyph->letter) same++;
        if (same < rune)
            glyph->ascii = writing->runes[same].glyph.ascii;
        else if (writing->ascii < WRITING_ASCII)
            glyph->ascii = (uint8_t)++writing->ascii;
    }
}

static void know_pair(struct writing *writing, const struct glyph *before, const struct glyph *glyph) {
    uint8_t *costs = writing->pairs[before->ascii - 1][glyph->ascii - 1];
    for (size_t i = 0; i < writing->count; i++) {
        size_t class = writing_class(writing, i, glyph), classes = writing->languages[i].classes;
        size_t row = writing_class(writing, i, before) * classes;
        costs[i] = class ? writing->languages[i].pairs[row + class] : UINT8_MAX;
    }
}

void writing_know_pairs(struct writing *writing) {
    const struct glyph *letters[WRITING_ASCII];
    number_ascii(writing);
    for (size_t rune = 0; rune < 0x80; rune++) {
        const struct glyph *glyph = &writing->runes[rune].glyph;
        if (glyph->ascii) letters[glyph->ascii - 1] = glyph;
    }
    for (size_t i = 0; i < writing->ascii; i++)
        for (size_t k = 0; k < writing->ascii; k++) know_pair(writing, letters[i], letters[k]);
}

/* The costs of a text in steps, by language, and the glyphs whose cost is not in them yet. */
struct tally {
    uint32_t near[WRITING_LANGUAGES], far[WRITING_LANGUAGES];
    uint32_t *left; /* indices of glyphs */
    size_t left_count;
};

/* The cost of one word in each language. 16 bits suffice, see MAX_WORD. */
struct word_tally {
    uint16_t steps[WRITING_LANGUAGES];
};

static inline void add_costs(const uint8_t *restrict costs, uint8_t most, uint16_t *restrict steps) {
    for (size_t i = 0; i < WRITING_LANGUAGES; i++)
        steps[i] = (uint16_t)(steps[i] + (costs[i] < most ? costs[i] : most));
}

/* Returns the class of the glyph before the one at `at`. */
static size_t class_before(const struct writing *writing, size_t number, const struct glyphs *glyphs, size_t at) {
    return at > 0 ? writing_class(writing, number, &glyphs->at[at - 1]) : WRITING_SPACE_CLASS;
}

static size_t steps_at(const struct writing *writing, size_t number, const struct glyphs *glyphs, size_t at) {
    const struct glyph *glyph = &glyphs->at[at];
    size_t class = writing_class(writing, number, glyph);
    return writing_pair(&writing->languages[number], class_before(writing, number, glyphs, at), class, glyph);
}

/* Adds the cost of a glyph that is not ASCII, or does not follow ASCII. In words with non-ASCII letters there are many
 * of these, so they are left for later. */
static void add_other(const struct writing *writing, const struct glyphs *glyphs, size_t at, bool far,
                      struct tally *tally, struct word_tally *word) {
    if (!far) {
        tally->left[tally->left_count++] = (uint32_t)at;
        return;
    }
    for (size_t i = 0; i < writing->count; i++)
        word->steps[i] = (uint16_t)(word->steps[i] + steps_at(writing, i, glyphs, at));
}

static void add_far(struct tally *tally, const struct word_tally *word, size_t guest) {
    uint16_t most = (uint16_t)(guest < UINT16_MAX ? guest : UINT16_MAX);
    for (size_t i = 0; i < WRITING_LANGUAGES; i++) tally->far[i] += word->steps[i] < most ? word->steps[i] : most;
}

static void add_near(struct tally *tally, const struct word_tally *word) {
    for (size_t i = 0; i < WRITING_LANGUAGES; i++) tally->near[i] += word->steps[i];
}

static void add_word(const struct writing *writing, const struct glyphs *glyphs, size_t first, struct tally *tally) {
    const struct glyph *at = glyphs->at;
    struct word_tally word = {{0}};
    for (size_t i = first; i < first + at[first].word; i++)
        if (i > 0 && at[i].ascii && at[i - 1].ascii)
            add_costs(writing->pairs[at[i - 1].ascii - 1][at[i].ascii - 1], at[i].most, word.steps);
        else
            add_other(writing, glyphs, i, at[first].far, tally, &word);
    if (at[first].far)
        add_far(tally, &word, writing_guest(writing, &at[first]));
    else
        add_near(tally, &word);
}

/* Returns the cost in bits in this language, or any value above `limit` if it is higher. */
static double finish(const struct writing *writing, size_t number, const struct glyphs *glyphs,
                     const struct tally *tally, double limit) {
    size_t near = glyphs->shape_steps + tally->near[number], far = tally->far[number];
    for (size_t i = 0; i < tally->left_count && writing_sum(near, far) <= limit;)
        for (size_t end = i + STRIDE; i < end && i < tally->left_count; i++)
            near += steps_at(writing, number, glyphs, tally->left[i]);
    return writing_sum(near, far);
}

int writing_cheapest(const struct writing *writing, const struct glyphs *glyphs, int first, double limit,
                     double *ret_bits) {
    struct tally tally = {.left = memory_take_many(glyphs->count + 1, sizeof *tally.left)};
    int cheapest = -1;
    for (size_t i = 0; i < glyphs->count; i += glyphs->at[i].word) add_word(writing, glyphs, i, &tally);
    for (int i = -1; i < (int)writing->count; i++) {
        int language = i < 0 ? first : i;
        if (language < 0 || (i >= 0 && language == first)) continue;
        double bits = finish(writing, (size_t)language, glyphs, &tally, limit);
        if (bits >= limit) continue;
        limit = *ret_bits = bits;
        cheapest = language;
    }
    free(tally.left);
    return cheapest;
}
