/* The only file that knows the HTML parser: a page as a small tree of our own.
 *
 * The page is pruned before it is parsed (prune.h). Nodes are in document order; a child's index is larger than its
 * parent's. */
#ifndef STAGES_EXTRACT_TREE_H
#define STAGES_EXTRACT_TREE_H

#include <stdint.h>

#include "pipeline/arena.h"

struct node {
    int parent, next, child; /* indexes, -1: none; next is the next sibling */
    struct span tag;         /* lower case; empty for text */
    struct span text;        /* of a text node, or the inside of script and style */
    struct span name;        /* class, id, itemprop and role, joined by spaces, lower case */
    const struct attribute *attributes;
    size_t attribute_count;
};

struct attribute {
    struct span name, value;
};

struct tree {
    struct node *nodes; /* [0] is <html> */
    size_t count, capacity;
    const struct span *linked_data; /* JSON-LD, borrowed from the page */
    size_t linked_count;
};

/* The tree belongs to the arena; the page must outlive it. */
struct tree tree_parse(struct span page, struct arena *arena);
struct span node_attribute(const struct node *node, const char *name); /* empty when there is none */
bool node_is(const struct node *node, const char *tag);
/* The text below a node with white space folded, in the arena; script and style are left out. */
struct span tree_text(const struct tree *tree, int node, struct arena *arena);
/* The first index behind everything below `node`. */
int tree_end(const struct tree *tree, int node);

#endif
