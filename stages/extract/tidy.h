/* Removes repetitions from an article's blocks. */
#ifndef STAGES_EXTRACT_TIDY_H
#define STAGES_EXTRACT_TIDY_H

#include "pipeline/article/article.h"

/* Drops blocks that repeat the headline, blocks that the page contains twice, and headings at the end of the article.
 */
void tidy_blocks(struct article *article);
/* If the article has no stand-first, clears the record of where it was found: a second pass over the page or
 * tidy_blocks() may have dropped it. */
void tidy_evidence(struct article *article);

#endif
