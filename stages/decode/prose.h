/* Cleans the title and the blocks of an article after extraction. It is done after extraction because entities have
 * then become characters, and because the page itself must be kept as the source published it. Removes or replaces soft
 * hyphens, zero-width characters, non-breaking spaces, ligatures, full-width letters outside East Asian text, letters
 * of the wrong script that look alike, and entities that were encoded twice. */
#ifndef STAGES_DECODE_PROSE_H
#define STAGES_DECODE_PROSE_H

#include "pipeline/article/article.h"

/* Adds each kind of change, with the number of changes, to the repairs recorded in the article. Blocks must not have
 * segments yet. Takes linear time. */
void prose_clean(struct article *article);

#endif
