#include "stages/language/letters.h"

#include <stddef.h>

#include "stages/language/unicode.h"

enum {
    LATN,
    CYRL,
    GREK,
    ARMN,
    HEBR,
    ARAB,
    THAA,
    DEVA,
    BENG,
    GURU,
    GUJR,
    ORYA,
    TAML,
    TELU,
    KNDA,
    MLYM,
    SINH,
    THAI,
    LAOO,
    TIBT,
    MYMR,
    GEOR,
    ETHI,
    KHMR,
    MONG,
    CHER,
    NKOO,
    JPAN,
    HANI,
    HANG,
    BOPO
};

/* In the same order as the enumeration above. */
static const char codes[LETTERS_SCRIPTS][5] = {"Latn", "Cyrl", "Grek", "Armn", "Hebr", "Arab", "Thaa", "Deva",
                                               "Beng", "Guru", "Gujr", "Orya", "Taml", "Telu", "Knda", "Mlym",
                                               "Sinh", "Thai", "Laoo", "Tibt", "Mymr", "Geor", "Ethi", "Khmr",
                                               "Mong", "Cher", "Nkoo", "Jpan", "Hani", "Hang", "Bopo"};

/* In ascending order, for a binary search. A character that is in no range belongs to no known script. */
static const struct {
    uint32_t first, last;
    unsigned char script;
} ranges[] = {{0x41, 0x2AF, LATN},
              {0x300, 0x36F, LETTERS_MARK},
              {0x370, 0x3FF, GREK},
              {0x400, 0x52F, CYRL},
              {0x530, 0x58F, ARMN},
              {0x590, 0x5FF, HEBR},
              {0x600, 0x6FF, ARAB},
              {0x750, 0x77F, ARAB},
              {0x780, 0x7BF, THAA},
              {0x7C0, 0x7FF, NKOO},
              {0x870, 0x8FF, ARAB},
              {0x900, 0x97F, DEVA},
              {0x980, 0x9FF, BENG},
              {0xA00, 0xA7F, GURU},
              {0xA80, 0xAFF, GUJR},
              {0xB00, 0xB7F, ORYA},
              {0xB80, 0xBFF, TAML},
              {0xC00, 0xC7F, TELU},
              {0xC80, 0xCFF, KNDA},
              {0xD00, 0xD7F, MLYM},
              {0xD80, 0xDFF, SINH},
              {0xE00, 0xE7F, THAI},
              {0xE80, 0xEFF, LAOO},
              {0xF00, 0xFFF, TIBT},
              {0x1000, 0x109F, MYMR},
              {0x10A0, 0x10FF, GEOR},
              {0x1100, 0x11FF, HANG},
              {0x1200, 0x139F, ETHI},
              {0x13A0, 0x13FF, CHER},
              {0x1780, 0x17FF, KHMR},
              {0x1800, 0x18AF, MONG},
              {0x1C80, 0x1C8F, CYRL},
              {0x1C90, 0x1CBF, GEOR},
              {0x1E00, 0x1EFF, LATN},
              {0x1F00, 0x1FFF, GREK},
              {0x2C60, 0x2C7F, LATN},
              {0x2D80, 0x2DDF, ETHI},
              {0x2DE0, 0x2DFF, CYRL},
              {0x3005, 0x3007, HANI},
              {0x3040, 0x30FF, JPAN},
              {0x3100, 0x312F, BOPO},
              {0x3130, 0x318F, HANG},
              {0x31A0, 0x31BF, BOPO},
              {0x31F0, 0x31FF, JPAN},
              {0x3400, 0x9FFF, HANI},
              {0xA640, 0xA69F, CYRL},
              {0xA720, 0xA7FF, LATN},
              {0xA8E0, 0xA8FF, DEVA},
              {0xA960, 0xA97F, HANG},
              {0xAA60, 0xAA7F, MYMR},
              {0xAB00, 0xAB2F, ETHI},
              {0xAC00, 0xD7FF, HANG},
              {0xF900, 0xFAFF, HANI},
              {0xFB00, 0xFB06, LATN},
              {0xFB1D, 0xFB4F, HEBR},
              {0xFB50, 0xFDFF, ARAB},
              {0xFE70, 0xFEFE, ARAB},
              {0xFF21, 0xFF5A, LATN},
              {0xFF66, 0xFF9F, JPAN},
              {0xFFA0, 0xFFDC, HANG},
              {0x1F100, 0x1F1FF, LETTERS_NONE},
              {0x20000, 0x323AF, HANI}};
enum { RANGES = sizeof ranges / sizeof *ranges };

static unsigned find_script(uint32_t rune) {
    size_t low = 0, high = RANGES;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (rune > ranges[middle].last)
            low = middle + 1;
        else if (rune < ranges[middle].first)
            high = middle;
        else
            return ranges[middle].script;
    }
    return LETTERS_NONE;
}

/* below U+02B0, every letter is Latin */
unsigned letters_script(uint32_t rune) {
    if (rune < 0x80) return (rune | 32) - 'a' < 26 ? LATN : LETTERS_NONE;
    if (!rune_is_letter(rune)) return rune == 0x3007 ? HANI : LETTERS_NONE;
    return rune < 0x2B0 ? LATN : find_script(rune);
}

/* Kana, Han, Hangul and Bopomofo are one family; each of the other scripts is a family of its own. */
unsigned letters_family(unsigned script) {
    return script > JPAN && script < LETTERS_SCRIPTS ? JPAN : script;
}

const char *letters_code(unsigned script) {
    return codes[script];
}

/* U+0640 is the tatweel; U+064B and those after it are Arabic vowel signs */
uint32_t letters_fold(uint32_t rune) {
    if (rune == 0x640 || (rune >= 0x64B && rune < 0x653)) return 0;
    return rune_fold(rune);
}
