/* A misread "à" often appears as "Ã" and a space: the second byte of the letter became a non-breaking space and then a
 * space. Decides whether that space also separated two words: "Ã la mer" was "à la mer", but "Ã s crianças" was "às
 * crianças". */
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

/* Returns whether there was no space between the words. This is the case if the text after `letter` begins with closing
 * punctuation, or with a single letter that is more likely, in this language, to continue the word than to be a word
 * itself. */
bool spacing_joins(const struct spacing *spacing, struct span letter, struct span behind);

#endif
