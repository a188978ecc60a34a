/* The English of a paragraph, distributed over the segments of its source. The one place of this stage that knows how
 * sentences are found; it uses the segment stage's rules through their header. */
#ifndef STAGES_TRANSLATE_DISTRIBUTE_H
#define STAGES_TRANSLATE_DISTRIBUTE_H

#include <stdbool.h>

#include "stages/segment/scanner.h"

/* What segments [first, first + count) say together. Targets point into the English text. */
struct piece {
    size_t first, count;
    struct span target;
};

/* `sources` are the segments of one paragraph, in order; room for `count` pieces. Every segment is in one piece, in
 * order. False when the sentences could not be matched: then there is one piece that holds all. */
bool distribute(const struct segmenter *rules, const struct span *sources, size_t count, struct span english,
                struct piece *ret_pieces, size_t *ret_count);

#endif
