/* Fingerprints of a text: hashes of some of its runs of WINNOW_RUN bytes, chosen so that any run of WINNOW_RUN +
 * WINNOW_WINDOW - 1 bytes that two texts share gives them a fingerprint in common (Schleimer, Wilkerson and Aiken,
 * "Winnowing: Local Algorithms for Document Fingerprinting", 2003). Only letters and digits count, in lower case:
 * marks, spaces and capitals may change. */
#ifndef STAGES_DEDUPE_WINNOW_H
#define STAGES_DEDUPE_WINNOW_H

#include "pipeline/base/text.h"

enum { WINNOW_RUN = 24, WINNOW_WINDOW = 48, WINNOW_MAX = 4096 };

/* The letters and digits of a text in lower case, added to `to`; the i without a dot is one with it. */
void winnow_normalize(struct span text, struct buffer *to);
/* Of normalized text: sorted, unique, at most WINNOW_MAX of them. */
size_t winnow(struct span normalized, uint64_t ret_hashes[WINNOW_MAX]);
/* Of more than `max_count`, keeps those that divide by 2, by 4, ..., so that like texts keep the same. Returns how
 * many. */
size_t winnow_thin_out(uint64_t *hashes, size_t count, size_t max_count);

#endif
