/* Articles that go on on further pages of their host: where the next one is. */
#ifndef STAGES_FORMATS_NEXT_PAGE_H
#define STAGES_FORMATS_NEXT_PAGE_H

#include "pipeline/base/arena.h"

enum { NEXT_PAGE_MAX = 10 }; /* pages that are read of an article */

/* The address that the page, which was found at `here`, names with rel=next in <link> or <a>, when it is that of page
 * `number` (2 for the second) of the article at `first`: on the same host ("www." makes no other), the same but for
 * that number and what names it ("?page=2", "/2/", "-2.html"; queries may count from 0, so that "?page=1" is the
 * second). rel=next that leads to another article, or to `here`, gives the empty span. In the arena. */
struct span next_page_find(struct span page, struct span here, struct span first, size_t number, struct arena *arena);
/* True when `next` is the address of page `number` of the article at `first`. */
bool next_page_is(struct span next, struct span first, size_t number, struct arena *arena);

#endif
