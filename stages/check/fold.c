#include "stages/check/fold.h"

#include <stddef.h>
#include <string.h>

#include "stages/language/unicode.h"

/* All zeros below are in these ranges. */
enum { ZEROS = 0x660, ZEROS_END = 0x1820, FULL_WIDTH = 0xFF10 };
/* The digit zero of each script used in news; the other nine digits follow it directly. */
static const uint32_t zeros[] = {0x660, 0x6F0, 0x966, 0x9E6, 0xA66,  0xAE6,  0xB66,  0xBE6, 0xC66,
                                 0xCE6, 0xD66, 0xE50, 0xED0, 0x1040, 0x17E0, 0x1810, 0xFF10};

/* Returns the ASCII digit with the same value, or the character itself if it is not a digit. The difference is
 * unsigned, so a character below the zero gives a large number, not a negative one. */
static uint32_t fold_digit(uint32_t rune) {
    if (rune < ZEROS || (rune >= ZEROS_END && rune < FULL_WIDTH)) return rune;
    for (size_t i = 0; i < sizeof zeros / sizeof *zeros; i++)
        if (rune - zeros[i] < 10) return '0' + (rune - zeros[i]);
    return rune;
}

/* Returns whether folding removes the character: the soft hyphen, the zero-width joiner and non-joiner, the dot above,
 * the vowel points of Hebrew and Arabic, the Arabic tatweel and the dots below Indic letters, whose use is optional. */
static bool is_dropped(uint32_t rune) {
    return rune == 0xAD || rune == 0x200C || rune == 0x200D || rune == 0x307 || (rune >= 0x591 && rune <= 0x5BD) ||
           rune == 0x5BF || rune == 0x5C1 || rune == 0x5C2 || (rune >= 0x64B && rune <= 0x652) || rune == 0x670 ||
           rune == 0x640 || rune == 0x93C || rune == 0x9BC || rune == 0xA3C;
}

/* Returns the letter without its nukta (dot below), which is optional in most Indic languages. */
static uint32_t without_nukta(uint32_t rune) {
    static const struct {
        uint16_t dotted, plain;
    } letters[] = {{0x929, 0x928}, {0x931, 0x930}, {0x934, 0x933}, {0x958, 0x915}, {0x959, 0x916},
                   {0x95A, 0x917}, {0x95B, 0x91C}, {0x95C, 0x921}, {0x95D, 0x922}, {0x95E, 0x92B},
                   {0x95F, 0x92F}, {0x9DC, 0x9A1}, {0x9DD, 0x9A2}, {0x9DF, 0x9AF}, {0xA33, 0xA32},
                   {0xA36, 0xA38}, {0xA59, 0xA16}, {0xA5A, 0xA17}, {0xA5B, 0xA1C}, {0xA5E, 0xA2B}};
    if (rune < 0x929 || rune > 0xA5E) return rune;
    for (size_t i = 0; i < sizeof letters / sizeof *letters; i++)
        if (letters[i].dotted == rune) return letters[i].plain;
    return rune;
}

/* Maps letters that one language writes in several ways, often within the same text, to a single form. */
static uint32_t fold_variant(uint32_t rune) {
    switch (rune) {
    case 0x451:
        return 0x435; /* ё */
    case 0x2019:
    case 0x2018:
    case 0x2BC:
    case 0x2BB:
        return '\''; /* apostrophes */
    case 0x622:
    case 0x623:
    case 0x625:
        return 0x627; /* alef with madda or hamza */
    case 0x649:
    case 0x6CC:
        return 0x64A; /* yeh */
    case 0x6A9:
        return 0x643; /* kaf */
    case 0x629:
        return 0x647; /* teh marbuta */
    case 0x3C2:
        return 0x3C3; /* final sigma */
    default:
        return without_nukta(rune);
    }
}

/* Merges the Ethiopic letters that Amharic pronounces alike and spells either way. */
static uint32_t fold_ethiopic(uint32_t rune) {
    if (rune >= 0x1210 && rune <= 0x1216) rune -= 0x10; /* the three rows of h */
    if (rune >= 0x1280 && rune <= 0x1286) rune -= 0x80;
    if (rune >= 0x1220 && rune <= 0x1226) rune += 0x10; /* s */
    if (rune >= 0x12D0 && rune <= 0x12D6) rune -= 0x30; /* the glottal stop */
    if (rune >= 0x1340 && rune <= 0x1346) rune -= 8;    /* ts */
    if (rune == 0x1203) return 0x1200;
    return rune == 0x12A3 ? 0x12A0 : rune;
}

/* Returns whether this is one of the small letters of Cyrillic, or the letters of Arabic, or the Kana and Han, that
 * remain as they are. They are most of the text in these scripts. */
static bool remains(uint32_t rune) {
    return (rune >= 0x430 && rune < 0x450) || (rune >= 0x62A && rune < 0x649 && rune != 0x640) ||
           (rune >= 0x3041 && rune < 0xA000);
}

uint32_t fold_rune_wide(uint32_t rune) {
    if (remains(rune)) return rune;
    if (is_dropped(rune)) return 0;
    if (rune == 0x130) return 'i'; /* the Turkish capital */
    rune = fold_digit(rune);
    /* full-width forms of ASCII */
    if (rune > 0xFF10 && rune < 0xFF5F) rune -= 0xFEE0;
    if (rune >= 0x1200 && rune < 0x1380) return fold_ethiopic(rune);
    return fold_variant(rune_fold(rune));
}

/* Returns whether this is a letter of the blocks of Latin, Cyrillic or Arabic that have hardly anything else. */
static bool is_common_letter(uint32_t rune) {
    return (rune >= 0xC0 && rune < 0x250 && rune != 0xD7 && rune != 0xF7) || (rune >= 0x400 && rune < 0x482) ||
           (rune >= 0x620 && rune < 0x64B);
}

enum letter_class fold_class_wide(uint32_t rune) {
    if (is_common_letter(rune)) return LETTER_SPACED;
    if (fold_digit(rune) != rune) return LETTER_DIGIT;
    if (rune_is_unspaced(rune)) return LETTER_UNSPACED;
    if (rune_is_hangul(rune)) return LETTER_HANGUL;
    int category = rune_category(rune);
    return category >= UTF8PROC_CATEGORY_LU && category <= UTF8PROC_CATEGORY_MC ? LETTER_SPACED : LETTER_NONE;
}

/* Returns the Cyrillic letter that looks like the Latin one, or the character itself. */
static uint32_t cyrillic_twin(uint32_t rune) {
    static const char latin[] = "aceijopxy";
    static const uint32_t cyrillic[] = {0x430, 0x441, 0x435, 0x456, 0x458, 0x43E, 0x440, 0x445, 0x443};
    const char *at = rune && rune < 0x80 ? strchr(latin, (int)rune) : NULL;
    return at ? cyrillic[at - latin] : rune;
}

/* Reads a character, folded. What is not UTF-8 must not grow to the three bytes of RUNE_INVALID. */
static size_t read_folded(struct span text, size_t at, uint32_t *ret_rune) {
    size_t size = text_next(text, at, ret_rune);
    *ret_rune = size == 1 && *ret_rune == RUNE_INVALID ? FOLD_SUBSTITUTE : fold_rune(*ret_rune);
    return size;
}

/* Folds a text that mixes Latin and Cyrillic letters, as some typists do ("jул" with a Latin j): all become Cyrillic.
 */
static size_t fold_mixed(struct span text, char *ret_folded) {
    size_t length = 0;
    for (size_t i = 0; i < text.length;) {
        uint32_t rune;
        i += read_folded(text, i, &rune);
        rune = cyrillic_twin(rune);
        if (rune) length += text_put(ret_folded + length, rune);
    }
    return length;
}

size_t fold_text(struct span text, char *ret_folded) {
    size_t length = 0;
    bool latin = false, cyrillic = false;
    for (size_t i = 0; i < text.length;) {
        char c = text.at[i];
        if ((unsigned char)c < 0x80) {
            ret_folded[length++] = c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
            latin |= (unsigned)((c | 32) - 'a') < 26;
            i++;
            continue;
        }
        uint32_t rune;
        i += read_folded(text, i, &rune);
        cyrillic |= rune - 0x400 < 0x100;
        if (rune) length += text_put(ret_folded + length, rune);
    }
    return latin && cyrillic ? fold_mixed(text, ret_folded) : length;
}
