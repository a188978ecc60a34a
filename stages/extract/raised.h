/* Turns superscripts and subscripts (<sup>, <sub>) into text with the same meaning: 10<sup>6</sup> becomes "10⁶"; other
 * examples are "km²", "H₂O", "3½" and "1er". Footnote numbers are dropped. */
#ifndef STAGES_EXTRACT_RAISED_H
#define STAGES_EXTRACT_RAISED_H

#include "stages/extract/tree.h"

struct raised {
    struct span text; /* text that replaces the element; static or in the arena; may be empty */
    size_t cut;       /* number of bytes at the end of the preceding text that `text` also replaces */
};

/* Returns true for a superscript or subscript of only a few characters. Longer ones are treated as ordinary text. */
bool raised_is(const struct tree *tree, int node);
/* Converts the element. `before` is the text of the line so far, with whitespace folded. */
struct raised raised_read(const struct tree *tree, int node, struct span before, struct arena *arena);

#endif
