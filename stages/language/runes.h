/* Kinds of characters, for the rules of sentences. */
#ifndef STAGES_LANGUAGE_RUNES_H
#define STAGES_LANGUAGE_RUNES_H

#include <utf8proc.h>

#include "pipeline/base/text.h"

static inline int rune_category(uint32_t rune) {
    return (int)utf8proc_category((utf8proc_int32_t)rune);
}

/* Georgian's letters have capitals in Unicode, but no text uses them to begin a sentence. */
static inline bool rune_is_georgian(uint32_t rune) {
    return rune >= 0x10D0 && rune < 0x1100;
}

static inline bool rune_is_lower(uint32_t rune) {
    if (rune_is_georgian(rune)) return false;
    return rune < 0x80 ? rune >= 'a' && rune <= 'z' : rune_category(rune) == UTF8PROC_CATEGORY_LL;
}

static inline bool rune_is_upper(uint32_t rune) {
    if (rune < 0x80) return rune >= 'A' && rune <= 'Z';
    return rune_category(rune) == UTF8PROC_CATEGORY_LU || rune_category(rune) == UTF8PROC_CATEGORY_LT;
}

static inline bool rune_is_digit(uint32_t rune) {
    return rune < 0x80 ? rune >= '0' && rune <= '9' : rune_category(rune) == UTF8PROC_CATEGORY_ND;
}

/* A letter or a mark that belongs to one. */
static inline bool rune_is_letter(uint32_t rune) {
    if (rune < 0x80) return (rune | 32) >= 'a' && (rune | 32) <= 'z';
    int category = rune_category(rune);
    return category >= UTF8PROC_CATEGORY_LU && category <= UTF8PROC_CATEGORY_ME;
}

/* Chinese characters, kana and their kin: scripts that write no spaces and have full-width marks. */
static inline bool rune_is_wide(uint32_t rune) {
    return (rune >= 0x2E80 && rune < 0xAC00) || (rune >= 0xF900 && rune < 0xFB00) ||
           (rune >= 0xFF66 && rune < 0xFFA0) || (rune >= 0x20000 && rune < 0x32000);
}

static inline bool rune_is_hangul(uint32_t rune) {
    return rune >= 0xAC00 && rune < 0xD7B0;
}

#endif
