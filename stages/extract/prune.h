/* A cheap pass over a page's bytes before the parser sees them.
 *
 * Gone afterwards: comments; the insides of script, style, svg, noscript and other elements that show no text of the
 * article; tags that only format ("b", "em"), and images; readings beside ruby characters; attributes that nobody asks
 * for (data: and the like, the address of a link that does not lead to an author's page); runs of white space. What
 * stands in JSON-LD scripts is kept aside. What cost the parser more than linear time is capped: nesting at
 * PRUNE_DEPTH, tags at PRUNE_TAGS (past these a tag is dropped and its text stays), attributes of a tag. One pass,
 * linear in the page's length, whatever the page is. */
#ifndef STAGES_EXTRACT_PRUNE_H
#define STAGES_EXTRACT_PRUNE_H

#include "pipeline/base/arena.h"

enum { PRUNE_DEPTH = 250, PRUNE_TAGS = 400000, PRUNE_ATTRIBUTES = 24, PRUNE_VALUE = 16384 };

struct pruned {
    struct buffer page;       /* for the parser; the caller frees it */
    struct span *linked_data; /* JSON-LD, borrowed from the page; the array is the arena's */
    size_t linked_count, linked_capacity;
};

/* Attributes to keep beside the usual ones; as many as a selector names. */
struct attribute_names {
    const struct span *names;
    size_t count;
};

struct pruned prune_page(struct span page, struct arena *arena);
struct pruned prune_page_keeping(struct span page, struct attribute_names more, struct arena *arena);

#endif
