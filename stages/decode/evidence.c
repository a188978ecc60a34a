#include "stages/decode/evidence.h"

#include <stdint.h>
#include <utf8proc.h>

#include "stages/decode/ascii.h"
#include "stages/language/scripts.h"

#define FEWEST_RUNES 2

size_t evidence_runes(struct span text) {
    size_t count = 0;
    for (size_t i = 0; i < text.length; i++) count += ((unsigned char)text.at[i] & 0xC0) == 0xC0;
    return count;
}

/* Signs of Latin 1 that do not follow a letter, unless they were one; marks of trade, degrees and quotes do. */
static bool is_stray(uint32_t rune) {
    return rune > 0xA0 && rune < 0xC0 && rune != 0xA9 && rune != 0xAB && rune != 0xAE && rune != 0xB0 && rune != 0xB7 &&
           rune != 0xBB;
}

/* Whether a character beyond ASCII may be a letter that was read wrongly: it is one, or a control, or a stray sign
 * behind a letter or another such sign, or a sign within a word; quotes, dashes and the like stand where they please.
 */
static bool is_evidence(uint32_t before, uint32_t rune, uint32_t after) {
    if (rune < 0x80) return false;
    if (script_of(rune) != SCRIPT_NONE || rune < 0xA0) return true;
    bool behind = script_of(before) != SCRIPT_NONE, within = behind && script_of(after) != SCRIPT_NONE;
    if (is_stray(rune)) return behind || is_stray(before);
    return within && rune != 0xA0 && (rune < 0x2000 || rune >= 0x2040);
}

bool evidence_found(struct span text) {
    size_t found = 0;
    uint32_t before = ' ', rune, after;
    for (size_t i = 0; i < text.length && found < FEWEST_RUNES; before = rune) {
        i += valid_next(text, i, &rune);
        after = ' ';
        if (i < text.length) valid_next(text, i, &after);
        found += is_evidence(before, rune, after);
    }
    return found >= FEWEST_RUNES;
}

/* The letter without its marks. */
static uint32_t base_of(uint32_t rune) {
    utf8proc_int32_t parts[8];
    utf8proc_ssize_t count = utf8proc_decompose_char((utf8proc_int32_t)rune, parts, 8, UTF8PROC_DECOMPOSE, &(int){0});
    return count > 0 && count <= 8 ? (uint32_t)parts[0] : rune;
}

bool evidence_is_habit(struct span before, struct span after) {
    for (size_t i = 0, k = 0; i < before.length && k < after.length;) {
        uint32_t one, other;
        i += valid_next(before, i, &one);
        k += valid_next(after, k, &other);
        if (one != other && base_of(one) != base_of(other)) return false;
    }
    return true;
}
