#include "stages/group/numbering.h"

#include <stdlib.h>

enum { DIGIT_BITS = 11, DIGITS = 1 << DIGIT_BITS, WORD_BITS = 32 };

/* Where a word occurs: the place counts the features of all vectors. */
struct occurrence {
    uint32_t word, place;
};

static size_t digit_of(uint32_t word, unsigned shift) {
    return word >> shift & (DIGITS - 1);
}

/* Sorts by one digit of the word and leaves the order of equal ones as it is. */
static void sort_by_digit(const struct occurrence *from, size_t count, unsigned shift, struct occurrence *ret_to) {
    size_t starts[DIGITS + 1] = {0};
    for (size_t i = 0; i < count; i++) starts[digit_of(from[i].word, shift) + 1]++;
    for (size_t i = 0; i < DIGITS; i++) starts[i + 1] += starts[i];
    for (size_t i = 0; i < count; i++) ret_to[starts[digit_of(from[i].word, shift)]++] = from[i];
}

/* Sorts by word, one digit after the other, so that the time does not depend on what the words are. */
static struct occurrence *sort(struct occurrence *occurrences, size_t count) {
    struct occurrence *other = memory_take((count + 1) * sizeof *other);
    for (unsigned shift = 0; shift < WORD_BITS; shift += DIGIT_BITS) {
        sort_by_digit(occurrences, count, shift, other);
        struct occurrence *swap = occurrences;
        occurrences = other;
        other = swap;
    }
    free(other);
    return occurrences;
}

static struct occurrence *list_occurrences(const struct vector *const *vectors, size_t count, size_t total) {
    struct occurrence *occurrences = memory_take((total + 1) * sizeof *occurrences);
    size_t place = 0;
    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; j < vectors[i]->count; j++, place++)
            occurrences[place] = (struct occurrence){vectors[i]->features[j].word, (uint32_t)place};
    return occurrences;
}

struct numbering numbering_begin(const struct vector *const *vectors, size_t count) {
    struct numbering numbering = {0};
    size_t total = 0, place = 0;
    for (size_t i = 0; i < count; i++) total += vectors[i]->count;
    struct occurrence *sorted = sort(list_occurrences(vectors, count, total), total);
    uint32_t *numbers = memory_take((total + 1) * sizeof *numbers);
    numbering.words = memory_take((total + 1) * sizeof *numbering.words);
    for (size_t i = 0; i < total; i++) {
        if (!i || sorted[i].word != sorted[i - 1].word) numbering.words[numbering.count++] = sorted[i].word;
        numbers[sorted[i].place] = (uint32_t)numbering.count - 1;
    }
    free(sorted);
    numbering.words = memory_resize(numbering.words, (numbering.count + 1) * sizeof *numbering.words);
    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; j < vectors[i]->count; j++) vectors[i]->features[j].word = numbers[place++];
    free(numbers);
    return numbering;
}

void numbering_restore(const struct numbering *numbering, const struct vector *vector) {
    for (size_t i = 0; i < vector->count; i++) vector->features[i].word = numbering->words[vector->features[i].word];
}

void numbering_free(struct numbering *numbering) {
    free(numbering->words);
    *numbering = (struct numbering){0};
}
