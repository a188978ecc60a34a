/* A page as a tree of the elements and texts that the article needs (prune.h), nested as the HTML standard says
 * (tree_builder.h). Nodes are in document order: the index of a child is larger than that
 * of its parent, and the descendants of node i are the nodes i + 1 to end - 1. */
#ifndef STAGES_EXTRACT_TREE_H
#define STAGES_EXTRACT_TREE_H

#include <stdbool.h>

#include "pipeline/base/arena.h"
#include "stages/extract/prune.h"

struct node {
    int parent, next, child; /* indexes of nodes, or -1; child is the first child, next the next sibling */
    int end;                 /* index after the last descendant */
    enum tag tag;
    struct span text; /* of a text node only */
    const struct attribute *attributes;
    size_t attribute_count;
};

struct tree {
    struct node *nodes; /* nodes[0] is <html> */
    size_t count, capacity;
    const struct span *linked_data; /* JSON-LD scripts, borrowed from the page */
    size_t linked_count;
};

/* Parses a page. The tree is allocated in the arena; the page must outlive it. */
struct tree tree_parse(struct span page, struct arena *arena);
/* Like tree_parse(), but keeps attributes that pruning would drop. */
struct tree tree_parse_keeping(struct span page, struct attribute_names more, struct arena *arena);
/* Returns the tag with this name, or TAG_OTHER if the tree does not distinguish it. */
enum tag tag_named(struct span name);
struct span node_attribute(const struct node *node, const char *name); /* empty if there is no such attribute */
bool node_has(const struct node *node, const char *attribute);
/* Returns true for a <span> that directly follows another with a different class, and a word in it a word. Pages show a
 * date, a name and a number in such spans, and leave the space between them to their style sheet. */
bool tree_is_apart(const struct tree *tree, int node);
/* Returns the text of a node and its descendants with whitespace folded, in the arena. Texts of different block
 * elements are separated by a space. */
struct span tree_text(const struct tree *tree, int node, struct arena *arena);
/* Appends a text with whitespace folded. *space is true if a space must be written before the next word. */
void text_fold(struct buffer *out, struct span text, bool *space);
/* Returns the trimmed text with no-break spaces (U+00A0) replaced by spaces, as a copy in `arena` if it has any. */
struct span text_plain_spaces(struct span text, struct arena *arena);

#endif
