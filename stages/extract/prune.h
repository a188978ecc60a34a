/* Simplifies the bytes of a page before the parser reads them, in one pass that takes linear time. Removes comments;
 * the content of script, style, svg, noscript and other elements without text of the article; formatting tags ("b",
 * "em"; those with a name become "span") and images; ruby annotations; attributes that are not used (data- and the
 * like, and the address of a link that does not lead to an author's page); repeated whitespace. Collects the content of
 * JSON-LD scripts separately. Limits what would make the parser take more than linear time: the depth of nesting to
 * PRUNE_DEPTH, the number of tags to PRUNE_TAGS (further tags are dropped, but their text is kept), and the number of
 * attributes of a tag. */
#ifndef STAGES_EXTRACT_PRUNE_H
#define STAGES_EXTRACT_PRUNE_H

#include "stages/extract/stand_ins.h"

enum { PRUNE_DEPTH = 250, PRUNE_TAGS = 400000, PRUNE_ATTRIBUTES = 24, PRUNE_VALUE = 16384 };

struct pruned {
    struct buffer page;       /* input for the parser; freed by the caller */
    struct span *linked_data; /* JSON-LD scripts, borrowed from the page; the array is allocated in the arena */
    size_t linked_count, linked_capacity;
    struct stand_ins stand_ins; /* what the page has in place of long texts */
};

/* Attributes to keep in addition to the usual ones: those that the user's selector (`article = SELECTOR`) tests. */
struct attribute_names {
    const struct span *names;
    size_t count;
};

/* `page` is UTF-8 and must outlive the result; working memory is taken from `arena`. prune_page_keeping() replaces long
 * texts where it can. */
struct pruned prune_page(struct span page, struct arena *arena);
struct pruned prune_page_keeping(struct span page, struct attribute_names more, struct arena *arena);

#endif
