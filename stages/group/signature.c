#include "stages/group/signature.h"

#include <math.h>
#include <stdlib.h>

/* The size of the story in two bytes, then for each feature four bytes of its word, two of its average weight, one of
 * the share of the articles that have it (in 127ths) with the highest bit set for a name. */
enum { SIGNATURE_WORDS = 48, HEAD = 2, ENTRY = 7, MAX_SIZE = 65535, NAME_BIT = 128, SHARES = 127 };

static void put(unsigned char *at, size_t bytes, uint64_t value) {
    for (size_t i = 0; i < bytes; i++) at[i] = (unsigned char)(value >> (8 * i));
}

static uint32_t get(const char *at, size_t bytes) {
    uint32_t value = 0;
    for (size_t i = 0; i < bytes; i++) value |= (uint32_t)(unsigned char)at[i] << (8 * i);
    return value;
}

struct span signature_write(const struct vector *sum, size_t size, struct arena *arena) {
    struct vector kept = vector_add(sum, &(struct vector){0}, SIGNATURE_WORDS);
    unsigned char *bytes = arena_take(arena, HEAD + kept.count * ENTRY);
    put(bytes, HEAD, size < MAX_SIZE ? size : MAX_SIZE);
    for (size_t i = 0; i < kept.count; i++) {
        const struct feature *feature = &kept.features[i];
        unsigned char *at = bytes + HEAD + i * ENTRY;
        double weight = feature->weight / (double)size, share = feature->articles / (double)size;
        put(at, 4, feature->word);
        put(at + 4, 2, (uint64_t)(fmin(1, weight) * MAX_SIZE));
        put(at + 6, 1, (uint64_t)ceil(fmin(1, share) * SHARES) | (feature->name ? NAME_BIT : 0));
    }
    free(kept.features);
    return (struct span){(const char *)bytes, HEAD + kept.count * ENTRY};
}

struct vector signature_read(struct span signature, struct arena *arena, size_t *ret_size) {
    struct vector sum = {0};
    *ret_size = signature.length > HEAD ? get(signature.at, HEAD) : 0;
    if (!*ret_size || (signature.length - HEAD) % ENTRY) return sum;
    sum.count = (signature.length - HEAD) / ENTRY;
    sum.features = arena_take(arena, sum.count * sizeof *sum.features);
    for (size_t i = 0; i < sum.count; i++) {
        const char *at = signature.at + HEAD + i * ENTRY;
        double size = (double)*ret_size, share = (get(at + 6, 1) & SHARES) / (double)SHARES;
        uint32_t articles = (uint32_t)lround(share * size);
        sum.features[i] = (struct feature){get(at, 4), (float)(get(at + 4, 2) / (double)MAX_SIZE * size), articles,
                                           articles, (get(at + 6, 1) & NAME_BIT) != 0};
    }
    return sum;
}
