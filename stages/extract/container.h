/* Which element of a page holds the article: a contest of candidates.
 *
 * - The densest: the element whose lines sum up highest when running text counts for it and links and scraps count
 *   against it.
 * - The named: the element with the most specific name of a container that has most of the densest one's text.
 * - The known: when the page carries the article's text as data (JSON-LD articleBody), the smallest element that has
 *   nearly all of it; it wins, for it rests on what the publisher said. */
#ifndef STAGES_EXTRACT_CONTAINER_H
#define STAGES_EXTRACT_CONTAINER_H

#include "stages/extract/overlap.h"
#include "stages/extract/page.h"

struct container {
    int node;     /* -1: there is none */
    bool known;   /* it has most of the known text */
    size_t prose; /* columns of running text in it that are not left out */
};

/* `known` may be NULL. What the known text shows to belong to the article is taken back from what was left out. */
struct container container_find(struct page *page, const struct overlap *known);
/* Leaves out, inside the container, blocks that are mostly links, teasers of other articles, and articles that follow.
 */
void container_prune(struct page *page, int container);

#endif
