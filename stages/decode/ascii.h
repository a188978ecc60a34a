/* Fast functions for text that is known to be valid UTF-8 and likely to be mostly ASCII. */
#ifndef STAGES_DECODE_ASCII_H
#define STAGES_DECODE_ASCII_H

#include <string.h>

#include "pipeline/base/text.h"

/* Does what text_skip_ascii() does, without a call where there is nothing to skip. */
static inline size_t ascii_end(struct span text, size_t from) {
    return from < text.length && (unsigned char)text.at[from] >= 0x80 ? from : text_skip_ascii(text, from);
}

/* Does what text_next() does, but without checks: use it only for text that is known to be valid UTF-8. */
static inline size_t valid_next(struct span text, size_t position, uint32_t *ret_rune) {
    const unsigned char *byte = (const unsigned char *)text.at + position;
    if (byte[0] < 0x80) {
        *ret_rune = byte[0];
        return 1;
    }
    if (byte[0] < 0xE0) {
        *ret_rune = (byte[0] & 0x1Fu) << 6 | (byte[1] & 0x3Fu);
        return 2;
    }
    if (byte[0] < 0xF0) {
        *ret_rune = (byte[0] & 0xFu) << 12 | (byte[1] & 0x3Fu) << 6 | (byte[2] & 0x3Fu);
        return 3;
    }
    *ret_rune = (byte[0] & 7u) << 18 | (byte[1] & 0x3Fu) << 12 | (byte[2] & 0x3Fu) << 6 | (byte[3] & 0x3Fu);
    return 4;
}

static inline bool is_ascii(struct span text) {
    return ascii_end(text, 0) == text.length;
}

#endif
