/* Most of most pages is ASCII: eight bytes at a time. */
#ifndef STAGES_DECODE_ASCII_H
#define STAGES_DECODE_ASCII_H

#include <string.h>

#include "pipeline/text.h"

/* Position of the first byte beyond ASCII from `from` on, or the length. */
static inline size_t ascii_end(struct span text, size_t from) {
    for (uint64_t word; from + 8 <= text.length; from += 8) {
        memcpy(&word, text.at + from, 8);
        if (word & UINT64_C(0x8080808080808080))
            break;
    }
    while (from < text.length && (unsigned char)text.at[from] < 0x80)
        from++;
    return from;
}

static inline bool is_ascii(struct span text) { return ascii_end(text, 0) == text.length; }

#endif
