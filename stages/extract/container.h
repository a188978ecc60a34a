/* Finds the element of a page that contains the article. There are three kinds of candidates:
 *
 *   - the densest: the element with the highest sum of its lines' scores, where running text counts for the element,
 *     and links and short lines count against it
 *   - the named: the element whose name is the most specific for an article's container and which has most of the
 *     text of the densest
 *   - the known: if the page states the article's text as data (JSON-LD articleBody, here called the known text), the
 *     smallest element with nearly all of that text; it takes precedence because it relies on what the publisher states
 */
#ifndef STAGES_EXTRACT_CONTAINER_H
#define STAGES_EXTRACT_CONTAINER_H

#include "stages/extract/overlap.h"
#include "stages/extract/page.h"

struct container {
    int node;     /* -1 if there is none */
    bool known;   /* the container was found by means of the known text */
    size_t prose; /* columns of running text in the container, without what is left out */
};

/* Finds the container. `known` is the known text (see above), or NULL. If it is used, elements that consist mostly of
 * known text are restored if they were left out. */
struct container container_find(struct page *page, const struct overlap *known);
/* Leaves out those elements in the container that are mostly links, teasers of other articles, or articles that follow
 * this one. */
void container_prune(struct page *page, int container);

#endif
