/* What was taken, without what was taken twice. */
#ifndef STAGES_EXTRACT_TIDY_H
#define STAGES_EXTRACT_TIDY_H

#include "pipeline/article/article.h"

/* What repeats the headline, or was printed twice, is not said twice; headings at the end head nothing. */
void tidy_blocks(struct article *article);
/* A second look, or a repetition, may have done away with the stand-first. */
void tidy_evidence(struct article *article);

#endif
