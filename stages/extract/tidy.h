/* Removes repetitions from an article's blocks. */
#ifndef STAGES_EXTRACT_TIDY_H
#define STAGES_EXTRACT_TIDY_H

#include "pipeline/article/article.h"

/* Drops blocks that repeat the headline, blocks that the page contains twice, and headings at the end. */
void tidy_blocks(struct article *article);
/* Clears the record of where the stand-first was found if no block is a stand-first any more: a second pass over the
 * page or tidy_blocks() may have dropped it. */
void tidy_evidence(struct article *article);

#endif
