/* Which sentences of a translation belong to which of the source.
 *
 * W. A. Gale and K. W. Church, "A program for aligning sentences in bilingual corpora" (Computational Linguistics 19,
 * 1993): the cheapest path over both lists, where a step takes so many sentences of each, and costs what its kind is
 * rare and its lengths are unlikely. Added here: numbers and names that both sides write alike draw sentences together.
 * The expected ratio of lengths is the paragraph's own, so that it holds for every script. */
#ifndef STAGES_TRANSLATE_ALIGN_H
#define STAGES_TRANSLATE_ALIGN_H

#include <stdbool.h>
#include <stddef.h>

#include "pipeline/base/text.h"

enum { ALIGN_MAX = 64 }; /* sentences on either side; more are not aligned */

/* A step of the path: `sources` sentences from `first_source` on say what `targets` from `first_target` on say. Neither
 * number is 0. */
struct bead {
    size_t first_source, sources, first_target, targets;
};

/* Room for as many beads as the shorter side has sentences. False when no good path was found: a sentence without
 * counterpart, lengths that do not fit, or too many sentences. */
bool align(const struct span *sources, size_t source_count, const struct span *targets, size_t target_count,
           struct bead *ret_beads, size_t *ret_count);

#endif
