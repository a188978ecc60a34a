#include "stages/language/word_set.h"

#include <xxhash.h>

#include "stages/language/unicode.h"

enum { PARTS = sizeof((struct word_set){0}.bits) / sizeof(uint64_t), BITS = PARTS * 64 };

static void set_bit(struct word_set *set, uint64_t hash) {
    set->bits[hash % BITS / 64] |= 1ull << hash % 64;
}

struct word_set word_set_read(struct span text, size_t *ret_count) {
    struct word_set set = {0};
    size_t spaced = 0, unspaced = 0, start = 0;
    uint32_t rune = 0;
    for (size_t i = 0, size; i <= text.length; i += size) {
        i = text_skip_letters(text, i);
        size = i < text.length ? text_next(text, i, &rune) : 1;
        bool alone = i < text.length && rune_is_east_asian(rune);
        bool ends = i == text.length || rune == ' ' || rune == '\n' || rune == 0xA0;
        if ((ends || alone) && i > start) set_bit(&set, XXH3_64bits(text.at + start, i - start)), spaced++;
        if (alone) set_bit(&set, rune), unspaced++;
        if (ends || alone) start = i + size;
    }
    *ret_count = spaced + unspaced / 2;
    return set;
}

static unsigned count_bits(uint64_t bits) {
    unsigned count = 0;
    for (; bits; bits &= bits - 1) count++;
    return count;
}

bool word_sets_are_alike(const struct word_set *a, const struct word_set *b) {
    unsigned shared = 0, of_a = 0, of_b = 0;
    for (size_t i = 0; i < PARTS; i++) {
        shared += count_bits(a->bits[i] & b->bits[i]);
        of_a += count_bits(a->bits[i]);
        of_b += count_bits(b->bits[i]);
    }
    return shared * 2 >= (of_a < of_b ? of_a : of_b);
}
