/* Determines the script of a letter, as precisely as is needed to choose an encoding. */
#ifndef STAGES_LANGUAGE_SCRIPTS_H
#define STAGES_LANGUAGE_SCRIPTS_H

#include <stdint.h>

enum script {
    SCRIPT_NONE,
    SCRIPT_LATIN,
    SCRIPT_GREEK,
    SCRIPT_CYRILLIC,
    SCRIPT_ARMENIAN,
    SCRIPT_HEBREW,
    SCRIPT_ARABIC,
    SCRIPT_INDIC,
    SCRIPT_THAI,
    SCRIPT_GEORGIAN,
    SCRIPT_HANGUL,
    SCRIPT_KANA,
    SCRIPT_HAN,
    SCRIPT_OTHER
};

/* Returns SCRIPT_NONE for any character that is not a letter. */
/* NOLINTNEXTLINE(readability-function-cognitive-complexity): a table of ranges, written as tests for speed */
static inline enum script script_of(uint32_t rune) {
    if (rune < 0x80) return (rune | 0x20) >= 'a' && (rune | 0x20) <= 'z' ? SCRIPT_LATIN : SCRIPT_NONE;
    if (rune < 0xC0) return rune == 0xAA || rune == 0xBA ? SCRIPT_LATIN : SCRIPT_NONE;
    if (rune < 0x250) return rune == 0xD7 || rune == 0xF7 ? SCRIPT_NONE : SCRIPT_LATIN;
    if (rune < 0x370) return SCRIPT_NONE;
    if (rune < 0x400) return rune == 0x37E || rune == 0x387 ? SCRIPT_NONE : SCRIPT_GREEK;
    if (rune < 0x530) return rune >= 0x482 && rune < 0x48A ? SCRIPT_NONE : SCRIPT_CYRILLIC;
    if (rune < 0x590) return SCRIPT_ARMENIAN;
    if (rune < 0x600) return rune >= 0x5D0 && rune < 0x5F3 ? SCRIPT_HEBREW : SCRIPT_NONE;
    if (rune < 0x700)
        return rune >= 0x620 && rune != 0x640 && rune < 0x64B ? SCRIPT_ARABIC
               : rune >= 0x671 && rune < 0x6D4                ? SCRIPT_ARABIC
                                                              : SCRIPT_NONE;
    if (rune < 0x900) return SCRIPT_OTHER;
    if (rune < 0xE00) return SCRIPT_INDIC;
    if (rune < 0xE80) return SCRIPT_THAI;
    if (rune < 0x10A0) return SCRIPT_OTHER;
    if (rune < 0x1100) return SCRIPT_GEORGIAN;
    if (rune < 0x1200) return SCRIPT_HANGUL;
    if (rune < 0x1E00) return SCRIPT_OTHER;
    if (rune < 0x1F00) return SCRIPT_LATIN;
    if (rune < 0x2000) return SCRIPT_GREEK;
    if (rune < 0x3041) return SCRIPT_NONE;
    if (rune < 0x3100) return rune == 0x30FB ? SCRIPT_NONE : SCRIPT_KANA;
    if (rune < 0x3130) return SCRIPT_OTHER;
    if (rune < 0x3190) return SCRIPT_HANGUL;
    if (rune < 0x3400) return SCRIPT_NONE;
    if (rune < 0xA000) return SCRIPT_HAN;
    if (rune < 0xAC00) return SCRIPT_OTHER;
    if (rune < 0xD7A4) return SCRIPT_HANGUL;
    if (rune >= 0xF900 && rune < 0xFB00) return SCRIPT_HAN;
    if (rune >= 0xFF66 && rune < 0xFFA0) return SCRIPT_KANA;
    return rune >= 0x20000 && rune < 0x32000 ? SCRIPT_HAN : SCRIPT_NONE;
}

#endif
