/* Decides whether a page holds an article or something in its place, such as a consent wall or an error page.
 *
 * No single word decides. What was taken for the article is judged as a whole: its length, the share of its lines that
 * only walls and error pages contain, whether the headlines say the same, and whether the page's description, its data
 * or the feed have the same text. A long text, or one that these confirm, is an article whatever it is about. */
#ifndef STAGES_EXTRACT_CONTENT_H
#define STAGES_EXTRACT_CONTENT_H

#include "stages/extract/metadata.h"
#include "stages/extract/signs.h"

/* `article` must hold the blocks taken from the page; its feed entry, if it has one, helps to confirm them. If the
 * result is CONTENT_TEASER, an invitation to subscribe is removed from the end of the blocks. */
enum content content_judge(const struct signs *signs, const struct page *page, const struct metadata *metadata,
                           struct article *article);
/* Returns a sentence that explains the result to the user, without a full stop; empty for CONTENT_WHOLE. */
struct span content_sentence(enum content content);

#endif
