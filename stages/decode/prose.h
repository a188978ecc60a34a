/* Clean-up of an article's title and blocks, after extraction: only there have entities become characters, and only
 * there may a text be changed for the translator's sake, because the page itself, cleaned, would no longer be what the
 * source wrote. Soft hyphens, zero-width characters, non-breaking spaces, ligatures, full-width letters beside no East
 * Asian text, look-alikes of another script, entities that the page encoded twice. */
#ifndef STAGES_DECODE_PROSE_H
#define STAGES_DECODE_PROSE_H

#include "pipeline/article/article.h"

/* What was changed, and how often, is added to the article's repairs. Blocks without segments only. Linear. */
void prose_clean(struct article *article);

#endif
