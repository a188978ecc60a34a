/* Cleans the title and the blocks of an article after extraction. Only then have entities become characters, and only
 * then may text be changed for the sake of translators, since a changed page would no longer be what the source
 * published. Removes or replaces soft hyphens, zero-width characters, non-breaking spaces, ligatures, full-width
 * letters outside East Asian text, look-alikes of another script, and entities encoded twice. */
#ifndef STAGES_DECODE_PROSE_H
#define STAGES_DECODE_PROSE_H

#include "pipeline/article/article.h"

/* Adds the kinds of changes and their counts to the repairs of the article. Blocks must not have segments yet. Takes
 * linear time. */
void prose_clean(struct article *article);

#endif
