/* Turns superscripts and subscripts (<sup>, <sub>) into text with the same meaning: 10<sup>6</sup> becomes "10⁶", and
 * likewise "km²", "H₂O", "3½", "1er". The number of a footnote is dropped. */
#ifndef STAGES_EXTRACT_RAISED_H
#define STAGES_EXTRACT_RAISED_H

#include "stages/extract/tree.h"

struct raised {
    struct span text; /* replaces the element; static or in the arena; may be empty */
    size_t cut;       /* bytes at the end of the preceding text that `text` replaces as well */
};

/* Returns true for a superscript or subscript of only a few characters. Longer ones are read as ordinary text. */
bool raised_is(const struct tree *tree, int node);
/* Converts the element. `before` is the text of the line so far, with whitespace folded. */
struct raised raised_read(const struct tree *tree, int node, struct span before, struct arena *arena);

#endif
