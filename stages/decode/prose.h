/* Cleans the title and the blocks of an article after extraction. This is done after extraction because entities have
 * become characters by then, and because the page itself must stay as the source published it. Removes or replaces soft
 * hyphens, zero-width characters, non-breaking spaces, ligatures, full-width letters outside East Asian text,
 * look-alikes of another script, and entities encoded twice. */
#ifndef STAGES_DECODE_PROSE_H
#define STAGES_DECODE_PROSE_H

#include "pipeline/article/article.h"

/* Adds the kinds of changes and their counts to the repairs of the article. Blocks must not have segments yet. Takes
 * linear time. */
void prose_clean(struct article *article);

#endif
