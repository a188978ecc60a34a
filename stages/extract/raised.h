/* What stands above or below the line (<sup>, <sub>) as text that keeps its meaning: 10<sup>6</sup> is "10⁶", km², H₂O,
 * "3½", "1er"; the number of a footnote is no part of the text and goes. */
#ifndef STAGES_EXTRACT_RAISED_H
#define STAGES_EXTRACT_RAISED_H

#include "stages/extract/tree.h"

struct raised {
    struct span text; /* instead of the element; static or in the arena; may be empty */
    size_t cut;       /* bytes at the end of the text in front that `text` replaces, too */
};

/* Whether the node is such an element, with no more in it than a few characters; others are read as they stand. */
bool raised_is(const struct tree *tree, int node);
/* `before`: the text of the line so far, with white space folded. */
struct raised raised_read(const struct tree *tree, int node, struct span before, struct arena *arena);

#endif
