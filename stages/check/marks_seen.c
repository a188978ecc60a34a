#include "stages/check/marks_seen.h"

#include "stages/check/quotation.h"
#include "stages/language/unicode.h"

/* The question marks of ASCII, full width, Arabic, Greek, Armenian and Ethiopic. */
static bool is_question(uint32_t rune) {
    return rune == '?' || rune == 0xFF1F || rune == 0x61F || rune == 0x37E || rune == 0x55E || rune == 0x1367;
}

static void count_rune(const struct marks *marks, uint32_t rune, struct marks_seen *seen) {
    bool opens = rune == '(' || rune == 0xFF08, closes = rune == ')' || rune == 0xFF09;
    seen->questions += is_question(rune);
    seen->quotes += rune_is_quotation(marks, rune);
    seen->brackets += opens || closes;
    seen->open += opens - closes;
    seen->colons += rune == ':' || rune == 0xFF1A;
    seen->letters += rune < 0x80 ? (rune | 32) - 'a' < 26 : rune >= 0xC0;
    seen->capitals += rune >= 'A' && rune <= 'Z';
}

/* Returns the position of the first byte from `at` on that is neither a small letter of ASCII nor a space, and counts
 * the letters before it. */
static size_t skip_small(struct span text, size_t at, struct marks_seen *seen) {
    size_t from = at, spaces = 0;
    for (; at < text.length; at++) {
        bool space = text.at[at] == ' ';
        if (!space && (unsigned)(text.at[at] - 'a') >= 26) break;
        spaces += space;
    }
    seen->letters += at - from - spaces;
    return at;
}

/* Most characters are small letters and spaces. */
struct marks_seen marks_count(const struct marks *marks, struct span text) {
    struct marks_seen seen = {0};
    bool in_number = false;
    for (size_t i = 0; i < text.length;) {
        size_t next = skip_small(text, i, &seen);
        in_number = in_number && next == i;
        if (next == text.length) break;
        uint32_t rune;
        i = next + text_next(text, next, &rune);
        bool digit = rune_is_digit(rune);
        seen.numbers += digit && !in_number;
        in_number = digit;
        count_rune(marks, rune, &seen);
    }
    return seen;
}
