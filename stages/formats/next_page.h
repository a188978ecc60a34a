/* Finds the next page of an article that is split over several pages of its host. */
#ifndef STAGES_FORMATS_NEXT_PAGE_H
#define STAGES_FORMATS_NEXT_PAGE_H

#include "pipeline/base/arena.h"

enum { NEXT_PAGE_MAX = 10 }; /* number of pages that are read per article */

/* Returns the address of page `number` (2 for the second) of the article at `first`, as stated by rel=next of a <link>
 * or <a> in `page`, which was read from `here`. The address must be on the same host, ignoring "www.", and differ only
 * in the page's number and its name ("?page=2", "/2/", "-2.html"; queries may count from 0, so "?page=1" may be the
 * second page). If rel=next leads to another article or back to `here`, returns an empty span. The result is in the
 * arena. */
struct span next_page_find(struct span page, struct span here, struct span first, size_t number, struct arena *arena);
/* Returns true if `next` is the address of page `number` of the article at `first`, by the rules of next_page_find().
 */
bool next_page_is(struct span next, struct span first, size_t number, struct arena *arena);

#endif
