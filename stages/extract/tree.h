/* The only file that knows the HTML parser: a page as a small tree of our own.
 *
 * The page is pruned before it is parsed (prune.h). Nodes are in document order: a child's index is larger than its
 * parent's, and what is below node i are the nodes i + 1 to end - 1. */
#ifndef STAGES_EXTRACT_TREE_H
#define STAGES_EXTRACT_TREE_H

#include <stdbool.h>

#include "pipeline/base/arena.h"
#include "stages/extract/prune.h"

enum tag {
    TAG_TEXT, /* a text node */
    TAG_OTHER,
    TAG_A,
    TAG_ADDRESS,
    TAG_ARTICLE,
    TAG_ASIDE,
    TAG_BLOCKQUOTE,
    TAG_BODY,
    TAG_BR,
    TAG_BUTTON,
    TAG_CAPTION,
    TAG_CITE,
    TAG_DD,
    TAG_DIV,
    TAG_DL,
    TAG_DT,
    TAG_FIGCAPTION,
    TAG_FIGURE,
    TAG_FOOTER,
    TAG_FORM,
    TAG_H1,
    TAG_H2,
    TAG_H3,
    TAG_H4,
    TAG_H5,
    TAG_H6,
    TAG_HEAD,
    TAG_HEADER,
    TAG_HR,
    TAG_HTML,
    TAG_LABEL,
    TAG_LI,
    TAG_LINK,
    TAG_MAIN,
    TAG_META,
    TAG_NAV,
    TAG_OL,
    TAG_P,
    TAG_PRE,
    TAG_Q,
    TAG_SECTION,
    TAG_SPAN,
    TAG_SUB,
    TAG_SUP,
    TAG_TABLE,
    TAG_TD,
    TAG_TH,
    TAG_TIME,
    TAG_TITLE,
    TAG_TR,
    TAG_UL
};

struct attribute {
    struct span name, value; /* the name in lower case */
};

struct node {
    int parent, next, child; /* indexes, -1: none; next is the next sibling */
    int end;                 /* the first index behind everything below */
    enum tag tag;
    struct span text; /* of a text node */
    const struct attribute *attributes;
    size_t attribute_count;
};

struct tree {
    struct node *nodes; /* [0] is <html> */
    size_t count, capacity;
    const struct span *linked_data; /* JSON-LD, borrowed from the page */
    size_t linked_count;
};

/* The tree belongs to the arena; the page must outlive it. */
struct tree tree_parse(struct span page, struct arena *arena);
/* With further attributes, which pruning would drop. */
struct tree tree_parse_keeping(struct span page, struct attribute_names more, struct arena *arena);
/* TAG_OTHER for a name that the tree does not keep. */
enum tag tag_named(struct span name);
struct span node_attribute(const struct node *node, const char *name); /* empty when there is none */
bool node_has(const struct node *node, const char *attribute);
/* The text below a node with white space folded, in the arena; what stands in different blocks is parted by a space. */
struct span tree_text(const struct tree *tree, int node, struct arena *arena);
/* Appends a text node's text with white space folded; *space says whether white space is due before the next word. */
void text_fold(struct buffer *out, struct span text, bool *space);

#endif
