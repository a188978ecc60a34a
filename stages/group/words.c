#include "stages/group/words.h"

enum { MIN_WORD = 3 }; /* shorter words are nearly all function words */

static bool is_letter(unsigned char byte) {
    return ((byte | 32) >= 'a' && (byte | 32) <= 'z') || byte >= 0x80;
}

static bool is_digit(unsigned char byte) {
    return byte >= '0' && byte <= '9';
}

static uint64_t mix(uint64_t hash, uint64_t value) {
    hash = (hash ^ value) * 0x9E3779B97F4A7C15u;
    return hash ^ hash >> 32;
}

uint64_t words_pair(uint64_t first, uint64_t second) {
    return mix(mix(1, first), second);
}

/* Hashes a word in lower case. Letters outside ASCII, which are rare in English, are not converted. */
static void read_word(struct span text, size_t start, size_t end, struct word *ret_word) {
    unsigned char first = (unsigned char)text.at[start];
    *ret_word = (struct word){.text = span_cut(text, start, end), .capital = first >= 'A' && first <= 'Z'};
    for (size_t i = start; i < end; i++) {
        unsigned char byte = (unsigned char)text.at[i];
        ret_word->hash = mix(ret_word->hash, byte >= 'A' && byte <= 'Z' ? byte + 32u : byte);
    }
}

bool words_next(struct span text, size_t *position, struct word *ret_word) {
    bool joined = true;
    size_t i = *position;
    while (i < text.length) {
        unsigned char byte = (unsigned char)text.at[i];
        size_t start = i;
        while (i < text.length && (is_letter((unsigned char)text.at[i]) || is_digit((unsigned char)text.at[i]))) i++;
        if (i - start >= MIN_WORD || (i > start && is_digit(byte))) {
            read_word(text, start, i, ret_word);
            ret_word->follows = joined;
            *position = i;
            return true;
        }
        joined = joined && i == start && (byte == ' ' || byte == '-');
        i += i == start;
    }
    *position = i;
    return false;
}
