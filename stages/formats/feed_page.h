/* Turns a feed's entry into a small HTML page, so that it can be read like any other page. */
#ifndef STAGES_FORMATS_FEED_PAGE_H
#define STAGES_FORMATS_FEED_PAGE_H

#include "pipeline/article/article.h"

/* Returns the page in UTF-8, in the arena; empty if the feed has no text for the entry. */
struct span feed_page(const struct feed_entry *feed, struct arena *arena);

#endif
