/* The further pages of an article. They are fetched one after the other, under the same limits as other pages of their
 * host, and appended to the first page. */
#ifndef STAGES_COLLECT_PAGES_H
#define STAGES_COLLECT_PAGES_H

#include "pipeline/article/article.h"

/* Finds the link to the next page in the last page read, whose address is `here`. `count` is the number of pages read
 * so far. Returns false if there is no next page, or if NEXT_PAGE_MAX pages have been read. The address is allocated in
 * the arena. */
bool pages_seek(const struct article *article, struct span page, struct span here, size_t count, struct arena *arena,
                struct span *ret_next);
/* Returns whether `here` is still page `number` of the article. A redirect may lead to the front page of the host, to
 * the first page of the article, or to another host. */
bool pages_is(const struct article *article, struct span here, size_t number, struct arena *arena);
/* Appends a page to origin.raw, separated by article_page_mark(). Returns false and appends nothing if the result would
 * be larger than `limit` bytes. */
bool pages_append(struct article *article, struct span page, size_t limit);

#endif
