/* Distributes the translation of a paragraph over the segments of its source. This is the only part of the translate
 * stage that splits text into sentences; it uses the rules of the segment stage. */
#ifndef STAGES_TRANSLATE_DISTRIBUTE_H
#define STAGES_TRANSLATE_DISTRIBUTE_H

#include <stdbool.h>

#include "stages/segment/scanner.h"

/* The translation of segments [first, first + count); `target` points into the translation of the paragraph. */
struct piece {
    size_t first, count;
    struct span target;
};

/* `sources` are the segments of one paragraph, in order; `ret_pieces` must have room for `count` pieces. The pieces
 * cover all segments, in order. Returns false if the sentences could not be aligned; there is then a single piece. */
bool distribute(const struct segmenter *rules, const struct span *sources, size_t count, struct span english,
                struct piece *ret_pieces, size_t *ret_count);

#endif
