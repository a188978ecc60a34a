#include "stages/decode/plausible.h"

#include <stdbool.h>
#include <utf8proc.h>

#include "stages/decode/ascii.h"
#include "stages/decode/scripts.h"

enum shape { SHAPE_SPACE, SHAPE_LOWER, SHAPE_UPPER, SHAPE_UNCASED, SHAPE_MARK, SHAPE_PUNCTUATION, SHAPE_SIGN, SHAPE_BAD };

/* By general category; what is not named is a sign. */
static const unsigned char shapes[32] = {
    [UTF8PROC_CATEGORY_CN] = SHAPE_BAD,         [UTF8PROC_CATEGORY_LU] = SHAPE_UPPER,
    [UTF8PROC_CATEGORY_LL] = SHAPE_LOWER,       [UTF8PROC_CATEGORY_LT] = SHAPE_UPPER,
    [UTF8PROC_CATEGORY_LM] = SHAPE_UNCASED,     [UTF8PROC_CATEGORY_LO] = SHAPE_UNCASED,
    [UTF8PROC_CATEGORY_MN] = SHAPE_MARK,        [UTF8PROC_CATEGORY_MC] = SHAPE_MARK,
    [UTF8PROC_CATEGORY_ME] = SHAPE_MARK,        [UTF8PROC_CATEGORY_ND] = SHAPE_PUNCTUATION,
    [UTF8PROC_CATEGORY_NL] = SHAPE_SIGN,        [UTF8PROC_CATEGORY_NO] = SHAPE_SIGN,
    [UTF8PROC_CATEGORY_PC] = SHAPE_SIGN,        [UTF8PROC_CATEGORY_PD] = SHAPE_PUNCTUATION,
    [UTF8PROC_CATEGORY_PS] = SHAPE_PUNCTUATION, [UTF8PROC_CATEGORY_PE] = SHAPE_PUNCTUATION,
    [UTF8PROC_CATEGORY_PI] = SHAPE_PUNCTUATION, [UTF8PROC_CATEGORY_PF] = SHAPE_PUNCTUATION,
    [UTF8PROC_CATEGORY_PO] = SHAPE_PUNCTUATION, [UTF8PROC_CATEGORY_SM] = SHAPE_SIGN,
    [UTF8PROC_CATEGORY_SC] = SHAPE_SIGN,        [UTF8PROC_CATEGORY_SK] = SHAPE_SIGN,
    [UTF8PROC_CATEGORY_SO] = SHAPE_SIGN,        [UTF8PROC_CATEGORY_ZS] = SHAPE_SPACE,
    [UTF8PROC_CATEGORY_ZL] = SHAPE_SPACE,       [UTF8PROC_CATEGORY_ZP] = SHAPE_SPACE,
    [UTF8PROC_CATEGORY_CC] = SHAPE_BAD,         [UTF8PROC_CATEGORY_CF] = SHAPE_SIGN,
    [UTF8PROC_CATEGORY_CS] = SHAPE_BAD,         [UTF8PROC_CATEGORY_CO] = SHAPE_BAD,
};

static enum shape shape_of(uint32_t rune) {
    if (rune <= ' ') return SHAPE_SPACE;
    if (rune >= 0x410 && rune < 0x450) return rune < 0x430 ? SHAPE_UPPER : SHAPE_LOWER; /* what there is most of, quickly */
    return (enum shape)shapes[(unsigned)utf8proc_category((utf8proc_int32_t)rune) % 32];
}

static bool is_letter(enum shape shape) {
    return shape == SHAPE_LOWER || shape == SHAPE_UPPER || shape == SHAPE_UNCASED;
}

/* Scripts that stand side by side in one sentence. */
static enum script family(uint32_t rune) {
    enum script script = script_of(rune);
    return script == SCRIPT_KANA ? SCRIPT_HAN : script;
}

static double alone(uint32_t rune, enum shape shape) {
    if (rune < 0x80) return 0;
    if (rune == RUNE_INVALID || shape == SHAPE_BAD) return -12;
    if (shape == SHAPE_SIGN) return -1.5;
    if (shape == SHAPE_PUNCTUATION || shape == SHAPE_SPACE) return rune >= 0x2000 && rune < 0x3100 ? 0.5 : 0;
    if (rune >= 0x3400 && rune < 0x4E00) return -3;
    if (rune >= 0xFF00 || (rune >= 0x250 && rune < 0x370)) return -1;
    enum script script = script_of(rune);
    if (script == SCRIPT_HEBREW) return 1.1; /* fewer bytes are letters than in Cyrillic code pages: chance is less */
    if (rune >= 0x1E00 && rune < 0x1F00) return 0.2;
    if (script == SCRIPT_HANGUL) return rune >= 0xAC00 ? 2.2 : -2;
    return script == SCRIPT_KANA ? 3 : script == SCRIPT_HAN ? 1.8 : 1;
}

static double together(uint32_t before, enum shape first, uint32_t rune, enum shape second) {
    if (before < 0x80 && rune < 0x80) return 0;
    if (is_letter(first) && is_letter(second)) {
        if (family(before) != family(rune)) return -4;
        if (first == SHAPE_LOWER && second == SHAPE_UPPER) return -3.5;
        return script_of(rune) == SCRIPT_LATIN && before >= 0x80 && rune >= 0x80 ? -1 : 0.3;
    }
    if (is_letter(first) && second == SHAPE_SIGN) return -1.5;
    if (first == SHAPE_SIGN && is_letter(second)) return -1.5;
    if (first == SHAPE_SPACE && second == SHAPE_MARK) return -4;
    return 0;
}

double plausible_score(struct span text) {
    double score = 0;
    uint32_t before = ' ';
    enum shape shape_before = SHAPE_SPACE;
    for (size_t i = 0; i < text.length;) {
        uint32_t rune;
        i += valid_next(text, i, &rune);
        enum shape shape = shape_of(rune);
        score += alone(rune, shape) + together(before, shape_before, rune, shape);
        before = rune;
        shape_before = shape;
    }
    return score;
}
