#include "stages/dedupe/winnow.h"

#include <stdlib.h>

#include "pipeline/base/arena.h"
#include "stages/language/unicode.h"

static const uint64_t BASE = 0x9E3779B97F4A7C15u;

void winnow_normalize(struct span text, struct buffer *to) {
    uint32_t rune;
    for (size_t i = 0; i < text.length;) {
        i += text_next(text, i, &rune);
        if (rune < 0x80) {
            char byte = (char)rune_fold(rune);
            if (rune_is_word(rune)) buffer_add(to, &byte, 1);
            continue;
        }
        /* the dotless i becomes i too: in capitals, both are the letter I */
        if (rune == 0x131) rune = 'i';
        if (rune_is_word(rune)) buffer_add_rune(to, rune_fold(rune));
    }
}

/* Mixes the bits of the rolling hash, so that the position of the minimum in a window is random. */
static uint64_t mix(uint64_t hash) {
    hash ^= hash >> 31;
    hash *= 0xBF58476D1CE4E5B9u;
    return hash ^ hash >> 29;
}

/* Returns the factor by which a byte has been multiplied by the time it leaves the rolling hash. */
static uint64_t power(void) {
    uint64_t value = 1;
    for (int i = 0; i < WINNOW_RUN; i++) value *= BASE;
    return value;
}

/* A ring buffer of the hashes that may still become the minimum of a window, in increasing order. */
struct window {
    uint64_t hashes[WINNOW_WINDOW];
    size_t places[WINNOW_WINDOW];
    size_t first, count;
};

static size_t ring(size_t place) {
    return place % WINNOW_WINDOW;
}

/* Adds a hash and returns the smallest hash of the window that ends here. */
static uint64_t push(struct window *window, uint64_t hash, size_t place) {
    while (window->count && window->hashes[ring(window->first + window->count - 1)] >= hash) window->count--;
    if (window->count && window->places[window->first] + WINNOW_WINDOW <= place) {
        window->first = ring(window->first + 1);
        window->count--;
    }
    size_t end = ring(window->first + window->count++);
    window->hashes[end] = hash;
    window->places[end] = place;
    return window->hashes[window->first];
}

static int by_value(const void *a, const void *b) {
    uint64_t one = *(const uint64_t *)a, other = *(const uint64_t *)b;
    return one < other ? -1 : one > other;
}

static size_t keep_unique(uint64_t *hashes, size_t count) {
    size_t kept = 0;
    qsort(hashes, count, sizeof *hashes, by_value);
    for (size_t i = 0; i < count; i++)
        if (kept == 0 || hashes[kept - 1] != hashes[i]) hashes[kept++] = hashes[i];
    return kept;
}

size_t winnow_thin_out(uint64_t *hashes, size_t count, size_t max_count) {
    for (uint64_t divisor = 2; count > max_count; divisor *= 2) {
        size_t kept = 0;
        for (size_t i = 0; i < count; i++)
            if (hashes[i] % divisor == 0) hashes[kept++] = hashes[i];
        count = kept;
    }
    return count;
}

size_t winnow(struct span normalized, uint64_t ret_hashes[WINNOW_MAX]) {
    const unsigned char *at = (const unsigned char *)normalized.at;
    struct window window = {.first = 0};
    uint64_t hash = 0, leaving = power(), last = 0;
    /* a text has at most as many fingerprints as bytes */
    uint64_t *chosen = memory_take((normalized.length + 1) * sizeof *chosen);
    size_t count = 0;
    for (size_t i = 0; i < normalized.length; i++) {
        hash = hash * BASE + at[i] + 1;
        if (i >= WINNOW_RUN) hash -= leaving * (at[i - WINNOW_RUN] + 1u);
        if (i + 1 < WINNOW_RUN) continue;
        uint64_t least = push(&window, mix(hash), i);
        /* skip the hash if the first window is not full yet, or if the minimum has already been chosen */
        if (i + 2 < WINNOW_RUN + WINNOW_WINDOW || (count && least == last)) continue;
        chosen[count++] = last = least;
    }
    count = winnow_thin_out(chosen, keep_unique(chosen, count), WINNOW_MAX);
    for (size_t i = 0; i < count; i++) ret_hashes[i] = chosen[i];
    free(chosen);
    return count;
}
