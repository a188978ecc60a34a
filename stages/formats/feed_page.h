/* What a feed says of an item as a small page, for whatever reads pages. */
#ifndef STAGES_FORMATS_FEED_PAGE_H
#define STAGES_FORMATS_FEED_PAGE_H

#include "pipeline/article/article.h"

/* UTF-8, in the arena; empty when the feed gave no text. */
struct span feed_page(const struct feed_entry *feed, struct arena *arena);

#endif
