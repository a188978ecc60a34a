/* Fingerprints of a text: hashes of selected runs of WINNOW_RUN bytes. The selection guarantees that two texts that
 * share any run of WINNOW_RUN + WINNOW_WINDOW - 1 bytes have a fingerprint in common (Schleimer, Wilkerson and Aiken,
 * "Winnowing: Local Algorithms for Document Fingerprinting", 2003). Only letters and digits count, in lower case, so
 * changes in punctuation, spaces and capitals do not matter. */
#ifndef STAGES_DEDUPE_WINNOW_H
#define STAGES_DEDUPE_WINNOW_H

#include "pipeline/base/text.h"

enum { WINNOW_RUN = 24, WINNOW_WINDOW = 48, WINNOW_MAX = 4096 };

/* Appends the letters and digits of a text, in lower case, to `to`. The dotless i becomes a plain i. */
void winnow_normalize(struct span text, struct buffer *to);
/* Computes the fingerprints of normalized text, sorted and unique. Returns their number, at most WINNOW_MAX. */
size_t winnow(struct span normalized, uint64_t ret_hashes[WINNOW_MAX]);
/* Reduces the hashes to at most `max_count` by keeping only those divisible by 2, then by 4, and so on, so that similar
 * texts keep the same hashes. Returns how many are left. */
size_t winnow_thin_out(uint64_t *hashes, size_t count, size_t max_count);

#endif
