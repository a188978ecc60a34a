/* Tells for nearly every word that is not in a hash table that it is not, without a look-up. The checks look up all
 * beginnings of words, of which few are in the tables. */
#ifndef STAGES_CHECK_WORD_FILTER_H
#define STAGES_CHECK_WORD_FILTER_H

#include "pipeline/base/text.h"

enum { WORD_FILTER_BITS = 14, WORD_FILTER_HEAD = 4, WORD_FILTER_HEAD_BITS = 11, WORD_FILTER_LENGTHS = 32 };

/* One bit for each hash of the length, the first four bytes and the last byte of a word; and for each hash of the first
 * four bytes (or as many as the word has), the lengths of the words that begin so (see word_filter_length_bit()). Empty
 * when zeroed. */
struct word_filter {
    uint64_t bits[(1 << WORD_FILTER_BITS) / 64];
    uint32_t lengths[1 << WORD_FILTER_HEAD_BITS];
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

/* Returns the number of the bit for a length above 0: n - 1 for n bytes, the last one for all that are longer. */
static inline unsigned word_filter_length_bit(size_t length) {
    return (unsigned)(length < WORD_FILTER_LENGTHS ? length : WORD_FILTER_LENGTHS) - 1;
}

static inline uint32_t word_filter_head(uint32_t head, size_t length) {
    return (head + (uint32_t)length) * 0x9E3779B1u >> (32 - WORD_FILTER_HEAD_BITS);
}

/* Adds the length of a word, without the star of a stem. */
static inline void word_filter_add_length(struct word_filter *filter, struct span word) {
    uint32_t head = 0;
    size_t length = word.length > 1 && word.at[word.length - 1] == '*' ? word.length - 1 : word.length;
    if (length == 0) return;
    size_t begun = length < WORD_FILTER_HEAD ? length : WORD_FILTER_HEAD;
    for (size_t i = 0; i < begun; i++) head = head << 8 | (unsigned char)word.at[i];
    filter->lengths[word_filter_head(head, begun)] |= UINT32_C(1) << word_filter_length_bit(length);
}

/* Returns the lengths that a beginning of the text may have if it is among the words that were added, or with a star
 * behind it, for word_filter_has_length(). All that are have their bit, and few others. Some may be longer than the
 * text.
 */
static inline uint32_t word_filter_lengths(const struct word_filter *filter, struct span text) {
    uint32_t head = 0, lengths = 0;
    for (size_t i = 0; i < WORD_FILTER_HEAD && i < text.length; i++) {
        head = head << 8 | (unsigned char)text.at[i];
        lengths |= filter->lengths[word_filter_head(head, i + 1)];
    }
    return lengths;
}

/* Returns whether one of the lengths is at least `least` and at most `most`, which are above 0. */
static inline bool word_filter_has_length(uint32_t lengths, size_t least, size_t most) {
    uint32_t up_to_most = lengths & UINT32_MAX >> (WORD_FILTER_LENGTHS - 1 - word_filter_length_bit(most));
    return up_to_most >> word_filter_length_bit(least) != 0;
}

static inline void word_filter_add(struct word_filter *filter, struct span word) {
    uint32_t hash = word_filter_hash(word);
    filter->bits[hash / 64] |= UINT64_C(1) << hash % 64;
    word_filter_add_length(filter, word);
}

/* Returns false if the word was not added; true if it was, and sometimes if it was not. */
static inline bool word_filter_may_have(const struct word_filter *filter, struct span word) {
    uint32_t hash = word_filter_hash(word);
    return (filter->bits[hash / 64] >> hash % 64 & 1) != 0;
}

#endif
