/* The writing model: tells how likely a text is in each language. Each letter has a cost in bits, which depends on the
 * letter before it: the rarer the pair of letters is in the language, the higher the cost. The cost of a text is the
 * sum of the costs of its letters, so plausible text is cheap. To find the encoding of some bytes, they are decoded in
 * several ways; the cheapest text is most likely the one that somebody wrote. Letters are case-folded (case has a
 * separate cost, the same in all languages); all digits count as the same letter, and so do all spaces. A language has
 * classes for its most frequent letters and signs, and a cost for each pair of classes (Witten-Bell smoothing). Han
 * characters and Hangul syllables are one class, and each has a cost of its own. The file is created by
 * tools/train_writing.c and mapped into memory; its layout is explained in writing.c. */
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
#define WRITING_STEPS 8 /* steps per bit */

enum writing_shape {
    WRITING_NONE,
    WRITING_LOWER,
    WRITING_UPPER,
    WRITING_UNCASED,
    WRITING_MARK,
    WRITING_SIGN,
    WRITING_ACCENT /* an accent that is not combined with a letter */,
    WRITING_BAD
};

/* Returns the index of a code point in the tables, below WRITING_RUNES, or -1 if it is East Asian or in no table. */
int writing_place(uint32_t rune);
/* Returns the index of a Han character or Hangul syllable, below WRITING_EAST_ASIAN, or -1. */
int writing_east_asian(uint32_t rune);

struct writing; /* immutable once open */

bool writing_open(const char *data_folder, struct writing **ret_writing, struct failure *ret_failure);
void writing_close(struct writing *writing); /* accepts NULL */
/* Returns the index of a language code ("bg", "sr-Cyrl"), or -1. */
int writing_find(const struct writing *writing, struct span code);

/* Where a character may be a misread letter: letters everywhere, ASCII signs nowhere, Latin-1 signs that do not
 * normally follow a letter next to one, and other signs, such as quotes, between two. */
enum writing_misread_where { MISREAD_ALWAYS, MISREAD_BESIDE_LETTER, MISREAD_BETWEEN_LETTERS, MISREAD_NEVER };

/* A character of a text, with all data that is needed to compute the cost of the text in several languages. */
struct glyph {
    uint16_t letter;     /* number of the letter in the tables, or 0 if no language uses it */
    uint16_t east_asian; /* index + 1 in the table of Han characters and Hangul syllables, otherwise 0 */
    uint8_t shape, most; /* most: cost in steps of the character in languages that do not use it */
    bool far; /* belongs to an all-ASCII word, which says something about the language but nothing about the encoding */
    uint8_t misread; /* enum writing_misread_where */
    uint8_t ascii;   /* 1 + number of the letter among those of ASCII characters, otherwise 0 */
    uint16_t word;   /* for the first glyph of a word: its number of glyphs, including the space */
    uint16_t guest; /* for the first glyph of a `far` word: the cost of the word in English, because English words occur
                       in texts of any language */
};
struct glyphs {
    struct glyph *at;
    size_t count, capacity;
    size_t shape_steps; /* the part of the cost that is the same in all languages: for case and mixed scripts */
};
/* Stores the glyphs of a text, replacing any previous ones. The text must be valid UTF-8. */
void glyphs_fill(const struct writing *writing, struct span text, struct glyphs *ret_glyphs);
/* Returns the number of letters, marks and accents that no language of the model uses. */
size_t glyphs_unknown(const struct glyphs *glyphs);
void glyphs_free(struct glyphs *glyphs);

/* Returns the cost of the text in a language in bits, including the cost of case. If it exceeds `limit`, returns any
 * value above `limit`. Takes linear time. */
double writing_bits(const struct writing *writing, int number, const struct glyphs *glyphs, double limit);
/* Returns the language in which the text has the lowest cost, and that cost. `first` is the language to try first, or
 * -1. Returns -1 if the cost exceeds `limit` in every language. */
int writing_cheapest(const struct writing *writing, const struct glyphs *glyphs, int first, double limit,
                     double *ret_bits);
/* Returns the average cost in bits of the glyphs in words with non-ASCII letters. It is high if the words are foreign
 * to the language. Sets *ret_unknown to the number of glyphs that the language does not use. */
double writing_foreignness(const struct writing *writing, int number, const struct glyphs *glyphs, size_t *ret_unknown);
/* Returns the number of glyphs in words with non-ASCII letters that the language does not use and that may be misread
 * letters. */
size_t writing_misread(const struct writing *writing, int number, const struct glyphs *glyphs);
/* A quick test for text that is foreign to the language. Returns false if the language uses all of the first non-ASCII
 * characters, adjacent ones cost at most `bits` each, and East Asian ones are common. */
bool writing_may_be_foreign(const struct writing *writing, int language, struct span text, double bits);
/* Returns the cost of a single code point in steps (WRITING_STEPS per bit), regardless of the one before it. */
size_t writing_rune_steps(const struct writing *writing, int language, uint32_t rune);

#endif
