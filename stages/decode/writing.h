/* How likely it is that somebody wrote this: for every language, what each letter costs in bits after the one before
 * it. Several readings of the same bytes are compared by their costs: the right one is the cheapest, because it is the
 * only one that somebody wrote.
 *
 * Letters are case folded (case has a cost of its own, the same for all languages), digits and spaces are one each. A
 * language knows its most frequent letters and signs as classes, and the price of each pair of classes (Witten-Bell);
 * Han characters and Hangul syllables are one class together and have a price each. The file is made by
 * tools/train_writing.c and mapped into memory; the layout stands beside struct writing. */
#ifndef STAGES_DECODE_WRITING_H
#define STAGES_DECODE_WRITING_H

#include <stddef.h>
#include <stdint.h>

#include "pipeline/base/failure.h"
#include "pipeline/base/text.h"

enum {
    WRITING_LANGUAGES = 128,
    WRITING_CODE = 12,
    WRITING_CLASSES = 128,
    WRITING_RUNES = 0x34F0,
    WRITING_EAST_ASIAN = 0x9798,
    WRITING_EAST_ASIAN_CLASS = 1,
    WRITING_SPACE_CLASS = 2
};
#define WRITING_MAGIC "DRGWRIT1"
#define WRITING_STEPS 8 /* to the bit */

enum writing_shape {
    WRITING_NONE,
    WRITING_LOWER,
    WRITING_UPPER,
    WRITING_UNCASED,
    WRITING_MARK,
    WRITING_SIGN,
    WRITING_ACCENT /* without its letter */,
    WRITING_BAD
};

/* Where a rune stands in the tables: below WRITING_RUNES, or -1 (East Asian, or in no table). */
int writing_place(uint32_t rune);
/* The same for Han characters and Hangul syllables: below WRITING_EAST_ASIAN, or -1. */
int writing_east_asian(uint32_t rune);

struct writing; /* constant after it is opened */

bool writing_open(const char *data_folder, struct writing **ret_writing, struct failure *ret_failure);
void writing_close(struct writing *writing); /* accepts NULL */
/* Index of a code ("bg", "sr-Cyrl"), or -1. */
int writing_find(const struct writing *writing, struct span code);

/* A text made ready to be priced in several languages. */
struct glyph {
    uint16_t letter;     /* number of a letter that some language knows, 0 for none */
    uint16_t east_asian; /* place + 1 in the table of Han and Hangul, 0 for the rest */
    uint8_t shape, most; /* most: steps that it costs at most, and where the language does not write it */
    bool far;            /* in a word of ASCII alone, which tells of the language but not of the encoding */
    uint16_t word;       /* first of a word: how many glyphs it has, its space included */
    uint16_t guest;      /* first of a far word: steps that it costs in English, which is at home on every page */
};
struct glyphs {
    struct glyph *at;
    size_t count, capacity;
    size_t shape_steps; /* what its capitals and its mixed scripts cost, in any language */
};
/* Replaces what was there; the text must be valid UTF-8. */
void glyphs_fill(const struct writing *writing, struct span text, struct glyphs *ret_glyphs);
/* Letters, marks and accents that no language of the model writes. */
size_t glyphs_unknown(const struct glyphs *glyphs);
void glyphs_free(struct glyphs *glyphs);

/* Bits that the text costs in the language of that number, case included; as soon as they are more than `limit`,
 * something over it. Linear. */
double writing_bits(const struct writing *writing, int number, const struct glyphs *glyphs, double limit);
/* The language in which the text costs least, `first` being tried first (-1: none is likelier than another); -1 when it
 * costs more than `limit` in all. */
int writing_cheapest(const struct writing *writing, const struct glyphs *glyphs, int first, double limit,
                     double *ret_bits);
/* How foreign the words that leave ASCII are to the language: mean bits of their glyphs, and how many of these it does
 * not write at all. */
double writing_foreignness(const struct writing *writing, int number, const struct glyphs *glyphs, size_t *ret_unknown);
/* The same at a glance, for most text that is at home: false when the characters beyond ASCII at its beginning are all
 * written in that language, where they stand in a row cost what they cost there, and are in daily use when East Asian.
 */
bool writing_may_be_foreign(const struct writing *writing, int language, struct span text, double bits);
/* Steps that one rune costs alone, whatever stands before it. */
size_t writing_rune_steps(const struct writing *writing, int language, uint32_t rune);

#endif
