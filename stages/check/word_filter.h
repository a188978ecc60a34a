/* Tells for nearly every word that is not in a hash table that it is not, without a look-up. The checks look up all
 * beginnings of words, of which few are in the tables. */
#ifndef STAGES_CHECK_WORD_FILTER_H
#define STAGES_CHECK_WORD_FILTER_H

#include "pipeline/base/text.h"

enum { WORD_FILTER_BITS = 14 };

/* One bit for each hash of the length, the first four bytes and the last byte of a word. Empty when zeroed. */
struct word_filter {
    uint64_t bits[(1 << WORD_FILTER_BITS) / 64];
};

static inline uint32_t word_filter_hash(struct span word) {
    uint32_t head = 0, last = word.length > 0 ? (unsigned char)word.at[word.length - 1] : 0;
    if (word.length >= sizeof head)
        memcpy(&head, word.at, sizeof head);
    else
        for (size_t i = 0; i < word.length; i++) head = head << 8 | (unsigned char)word.at[i];
    uint32_t hash = head * 0x9E3779B1u + (last << 16 ^ (uint32_t)word.length) * 0x85EBCA6Bu;
    return (hash ^ hash >> 15) * 0xC2B2AE35u >> (32 - WORD_FILTER_BITS);
}

static inline void word_filter_add(struct word_filter *filter, struct span word) {
    uint32_t hash = word_filter_hash(word);
    filter->bits[hash / 64] |= UINT64_C(1) << hash % 64;
}

/* Returns false if the word was not added; true if it was, and sometimes if it was not. */
static inline bool word_filter_may_have(const struct word_filter *filter, struct span word) {
    uint32_t hash = word_filter_hash(word);
    return (filter->bits[hash / 64] >> hash % 64 & 1) != 0;
}

#endif
