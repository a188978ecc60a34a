/* Aligns the sentences of a translation with the sentences of the source, as described by W. A. Gale and K. W. Church,
 * "A program for aligning sentences in bilingual corpora" (Computational Linguistics 19, 1993). The best alignment is
 * the cheapest path through both lists. Each step of the path matches a few sentences of one list with a few of the
 * other. Unusual steps and differences in length raise the cost. Unlike in the paper, shared numbers or names lower the
 * cost, and the expected ratio of lengths is computed from the paragraph itself, so that it suits every script. */
#ifndef STAGES_TRANSLATE_ALIGN_H
#define STAGES_TRANSLATE_ALIGN_H

#include <stdbool.h>
#include <stddef.h>

#include "pipeline/base/text.h"

enum { ALIGN_MAX = 64 }; /* maximum number of sentences in source or translation; longer paragraphs are not aligned */

/* A bead is one step of the path: `sources` sentences from `first_source` on correspond to `targets` sentences from
 * `first_target` on. Neither number is 0. */
struct bead {
    size_t first_source, sources, first_target, targets;
};

/* Aligns two lists of sentences. `ret_beads` must have room for as many beads as the shorter list has sentences.
 * Returns false if there is no good path: a sentence has no counterpart, the lengths do not match, or there are too
 * many sentences. */
bool align(const struct span *sources, size_t source_count, const struct span *targets, size_t target_count,
           struct bead *ret_beads, size_t *ret_count);

#endif
