/* Decides whether the space after a misread "à" was also the space between two words, or only the second byte of the
 * letter, which had become a non-breaking space and then a space. "Ã s crianças" was "às crianças", and "Ã la mer" was
 * "à la mer". */
#ifndef STAGES_DECODE_SPACING_H
#define STAGES_DECODE_SPACING_H

#include <stdbool.h>

#include "pipeline/base/text.h"
#include "stages/decode/writing.h"

struct spacing {
    const struct writing *writing;
    struct glyphs *glyphs; /* scratch space */
    int language;          /* language of the text; if it is -1 (unknown), the space is kept */
};

/* Returns whether there was no space between the words: the text after it begins with closing punctuation, or with a
 * single letter that, in this language, is more likely to follow `letter` in a word than to be a word. */
bool spacing_joins(const struct spacing *spacing, struct span letter, struct span behind);

#endif
