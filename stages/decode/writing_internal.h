/* The writing model in memory, shared by writing.c and writing_cheapest.c. */
#ifndef STAGES_DECODE_WRITING_INTERNAL_H
#define STAGES_DECODE_WRITING_INTERNAL_H

#include "pipeline/base/mapped.h"
#include "stages/decode/writing.h"

#define WRITING_FAR 0.35 /* factor for the cost of a word that is all ASCII */
enum {
    WRITING_GUEST_BITS = 8, /* additional cost of an English word in a text of another language */
    WRITING_ASCII = 64      /* max. letters among the ASCII characters */
};

/* File layout: magic number; numbers of languages and of letters (4 bytes each, little endian); language codes; for
 * each rune (see writing_place()) the number of its case-folded letter (2 bytes); for each rune its enum writing_shape
 * (1 byte); for each language the class of each letter; for each language the number of classes, and whether it has an
 * East Asian table; for each language the costs of the pairs of classes, row by row, then the East Asian costs. */
struct writing {
    struct mapped file;
    size_t count, letters;
    size_t ascii; /* number of letters among the ASCII characters, at most WRITING_ASCII */
    int guest;    /* index of English, or -1 if it is missing */
    const char *codes;
    const unsigned char *numbers, *shapes, *classes;
    /* The data of each code point, indexed by writing_place(). It is kept together for speed. */
    struct rune {
        struct glyph glyph; /* the fields that depend on a word's other letters are not set */
        uint8_t script;
    } runes[WRITING_RUNES];
    struct language {
        const unsigned char *pairs, *east_asian; /* NULL if it has none */
        size_t classes;
    } languages[WRITING_LANGUAGES];
    /* For two ASCII letters in succession (their glyphs' `ascii`, less 1), the cost of the second in each language:
     * this way, a text is priced in all languages at once. UINT8_MAX if the language does not use the letter. */
    uint8_t pairs[WRITING_ASCII][WRITING_ASCII][WRITING_LANGUAGES];
};

/* Fills in `pairs`. */
void writing_know_pairs(struct writing *writing);

/* Returns the class of the glyph in the language, or 0 if the language does not use it. */
static inline size_t writing_class(const struct writing *writing, size_t number, const struct glyph *glyph) {
    if (glyph->east_asian) return writing->languages[number].east_asian ? WRITING_EAST_ASIAN_CLASS : 0;
    return writing->classes[number * writing->letters + glyph->letter];
}

/* Returns the cost in steps of a glyph of the class, after one of the class `before`. */
static inline size_t writing_pair(const struct language *language, size_t before, size_t class,
                                  const struct glyph *glyph) {
    size_t pair = class ? language->pairs[before * language->classes + class] : glyph->most;
    if (pair > glyph->most) pair = glyph->most;
    return class == WRITING_EAST_ASIAN_CLASS ? pair + language->east_asian[glyph->east_asian - 1] : pair;
}

/* Returns the cost in steps of the word, as a word of English in another language. `first` is its first glyph. */
static inline size_t writing_guest(const struct writing *writing, const struct glyph *first) {
    return writing->guest < 0 ? SIZE_MAX : first->guest + (size_t)WRITING_GUEST_BITS * WRITING_STEPS;
}

/* Returns the cost in bits of a text, given that of its ASCII words and of everything else in steps. */
static inline double writing_sum(size_t near, size_t far) {
    return ((double)near + WRITING_FAR * (double)far) / WRITING_STEPS;
}

#endif
