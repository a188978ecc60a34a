/* The space that a non-breaking one has become behind a misread "à": was it the space between two words as well, or the
 * second byte of the letter alone? "Ã s crianças" was "às crianças", and "Ã la mer" was "à la mer". */
#ifndef STAGES_DECODE_SPACING_H
#define STAGES_DECODE_SPACING_H

#include <stdbool.h>

#include "pipeline/base/text.h"
#include "stages/decode/writing.h"

struct spacing {
    const struct writing *writing;
    struct glyphs *glyphs; /* scratch */
    int language;          /* of the text; -1 when nobody knows it: then it was a space */
};

/* Whether there was no space: a mark that closes stands behind it, or one letter, which in that language is likelier
 * behind the first than by itself. */
bool spacing_joins(const struct spacing *spacing, struct span letter, struct span behind);

#endif
