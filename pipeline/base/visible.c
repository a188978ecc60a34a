#include "pipeline/base/visible.h"

enum { BEYOND_BMP = 0x10000, HIGH_SURROGATE = 0xD800, LOW_SURROGATE = 0xDC00, REPLACEMENT = 0xFFFD };

bool rune_is_obeyed_wide(uint32_t rune) {
    return (rune >= 0x2028 && rune <= 0x202E) || (rune >= 0x2066 && rune <= 0x206F) ||
           (rune >= 0xFFF9 && rune <= 0xFFFB) || (rune >= 0xE0000 && rune <= 0xE007F);
}

bool rune_is_unseen_wide(uint32_t rune) {
    return rune_is_obeyed(rune) || rune == 0xAD || rune == 0x61C || rune == 0x180E || rune == 0x200B ||
           rune == 0x200E || rune == 0x200F || (rune >= 0x2060 && rune <= 0x2065) || rune == 0xFEFF;
}

/* Whether eight bytes are all ASCII and printable. The differences can only be wrong above a byte that is too small. */
static bool are_printable(const char *at) {
    const uint64_t ones = 0x0101010101010101u, high = 0x8080808080808080u;
    uint64_t bytes;
    memcpy(&bytes, at, sizeof bytes);
    return ((bytes | (bytes - ones * 0x20) | (bytes + ones)) & high) == 0;
}

size_t visible_skip_ascii(struct span text, size_t at) {
    while (text.length - at >= sizeof(uint64_t) && are_printable(text.at + at)) at += sizeof(uint64_t);
    while (at < text.length && text.at[at] >= ' ' && text.at[at] < 0x7F) at++;
    return at;
}

size_t visible_skip(struct span text, size_t at) {
    uint32_t rune;
    for (size_t size; (at = visible_skip_ascii(text, at)) < text.length; at += size) {
        size = text_next(text, at, &rune);
        if (rune_is_unseen(rune)) break;
    }
    return at;
}

void visible_add(struct buffer *out, struct span text) {
    for (size_t i = 0; i < text.length;) {
        uint32_t rune;
        i += text_next(text, i, &rune);
        buffer_add_rune(out, rune_is_unseen(rune) ? REPLACEMENT : rune);
    }
}

void visible_add_json(struct buffer *out, uint32_t rune) {
    if (rune < BEYOND_BMP) {
        buffer_print(out, "\\u%04x", (unsigned)rune);
        return;
    }
    rune -= BEYOND_BMP;
    buffer_print(out, "\\u%04x\\u%04x", (unsigned)(HIGH_SURROGATE + (rune >> 10)),
                 (unsigned)(LOW_SURROGATE + (rune & 0x3FF)));
}
