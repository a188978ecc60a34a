/* What a page turned out to be: an article, or something that stands in its place.
 *
 * Nothing follows from one word. What was taken for the article is looked at as a whole: how long it is, how much of it
 * are lines that only walls and error pages say, whether headlines say so too, and whether the page's description, its
 * data or the feed tell of the same text. A long article, or one that they vouch for, is an article whatever it is
 * about. */
#ifndef STAGES_EXTRACT_CONTENT_H
#define STAGES_EXTRACT_CONTENT_H

#include "stages/extract/metadata.h"
#include "stages/extract/signs.h"

/* `article` has the blocks that were taken from the page; its feed is what vouches for them. Takes what invites to
 * subscribe from the end of a teaser. */
enum content content_judge(const struct signs *signs, const struct page *page, const struct metadata *metadata,
                           struct article *article);
/* What an editor reads about it; empty for CONTENT_WHOLE. */
struct span content_sentence(enum content content);

#endif
