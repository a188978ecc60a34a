/* The further pages of an article: fetched one after the other, as any page of their host, and joined to its first. */
#ifndef STAGES_COLLECT_PAGES_H
#define STAGES_COLLECT_PAGES_H

#include "pipeline/article/article.h"

/* Looks in the page that was read last, found at `here`, for the next one; false when there is none to be read (no more
 * than NEXT_PAGE_MAX are). `count` pages have been read. */
bool pages_seek(const struct article *article, struct span page, struct span here, size_t count, struct arena *arena,
                struct span *ret_next);
/* True when `here` is still page `number` of the article: a redirect may have led to the host's front page, to the
 * article's first page, or to another host. */
bool pages_is(const struct article *article, struct span here, size_t number, struct arena *arena);
/* Appends a page to origin.raw, behind article_page_mark(); false, and nothing appended, when both would be larger than
 * `limit`. */
bool pages_append(struct article *article, struct span page, size_t limit);

#endif
