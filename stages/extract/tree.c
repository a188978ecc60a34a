#include "stages/extract/tree.h"

#include <gumbo.h>
#include <string.h>

#include "stages/extract/prune.h"

enum { MOST_NODES = 2000000 };

/* ---------------------------------------------------------------- gumbo's tree to ours */

static void *take(void *arena, size_t size) {
    return arena_take(arena, size);
}

static void keep(void *arena, void *at) {
    (void)arena;
    (void)at;
}

static struct span lower_copy(struct span text, struct arena *arena) {
    char *copy = arena_string(arena, text);
    for (size_t i = 0; i < text.length; i++)
        if (copy[i] >= 'A' && copy[i] <= 'Z') copy[i] = (char)(copy[i] + 32);
    return (struct span){copy, text.length};
}

static void read_attributes(const GumboElement *element, struct node *node, struct arena *arena) {
    size_t count = element->attributes.length;
    struct attribute *attributes = arena_take(arena, (count + 1) * sizeof *attributes);
    struct buffer name = BUFFER(8192);
    for (size_t i = 0; i < count; i++) {
        const GumboAttribute *given = element->attributes.data[i];
        attributes[i] = (struct attribute){span_of(given->name), span_of(given->value)};
        bool naming = span_is(attributes[i].name, "class") || span_is(attributes[i].name, "id") ||
                      span_is(attributes[i].name, "itemprop") || span_is(attributes[i].name, "role");
        if (naming && buffer_add(&name, " ", 1)) buffer_add_span(&name, attributes[i].value);
    }
    node->attributes = attributes;
    node->attribute_count = count;
    node->name = name.length ? lower_copy(buffer_span(&name), arena) : SPAN("");
    buffer_free(&name);
}

static int add_node(struct tree *tree, struct arena *arena, const GumboNode *given, int parent, int previous) {
    tree->nodes = arena_grow(arena, tree->nodes, tree->count, &tree->capacity, sizeof *tree->nodes);
    int index = (int)tree->count++;
    struct node *node = &tree->nodes[index];
    *node = (struct node){.parent = parent, .next = -1, .child = -1};
    if (given->type == GUMBO_NODE_ELEMENT || given->type == GUMBO_NODE_TEMPLATE) {
        node->tag = span_of(gumbo_normalized_tagname(given->v.element.tag));
        read_attributes(&given->v.element, node, arena);
    } else {
        node->text = span_of(given->v.text.text);
    }
    if (previous >= 0) tree->nodes[previous].next = index;
    else if (parent >= 0) tree->nodes[parent].child = index;
    return index;
}

static const GumboVector *children_of(const GumboNode *node) {
    return node->type == GUMBO_NODE_ELEMENT || node->type == GUMBO_NODE_TEMPLATE ? &node->v.element.children : NULL;
}

struct step {
    const GumboNode *node;
    size_t next;
    int index, previous;
};

/* Document order without recursion. */
static void copy_tree(struct tree *tree, struct arena *arena, const GumboNode *root) {
    size_t depth = 0, capacity = 0;
    struct step *steps = arena_grow(arena, NULL, 0, &capacity, sizeof *steps);
    steps[depth++] = (struct step){root, 0, add_node(tree, arena, root, -1, -1), -1};
    while (depth > 0 && tree->count < MOST_NODES) {
        struct step *step = &steps[depth - 1];
        const GumboVector *children = children_of(step->node);
        if (!children || step->next >= children->length) {
            depth--;
            continue;
        }
        const GumboNode *child = children->data[step->next++];
        if (child->type == GUMBO_NODE_COMMENT) continue;
        int index = add_node(tree, arena, child, step->index, step->previous);
        step->previous = index;
        if (!children_of(child)) continue;
        steps = arena_grow(arena, steps, depth, &capacity, sizeof *steps);
        steps[depth++] = (struct step){child, 0, index, -1};
    }
}

struct tree tree_parse(struct span page, struct arena *arena) {
    struct pruned pruned = prune_page(page, arena);
    struct tree tree = {.linked_data = pruned.linked_data, .linked_count = pruned.linked_count};
    GumboOptions options = kGumboDefaultOptions;
    options.allocator = take;
    options.deallocator = keep;
    options.userdata = arena;
    options.max_errors = 0;
    GumboOutput *output = gumbo_parse_with_options(&options, pruned.page.at ? pruned.page.at : "", pruned.page.length);
    copy_tree(&tree, arena, output->root);
    buffer_free(&pruned.page);
    return tree;
}

struct span node_attribute(const struct node *node, const char *name) {
    for (size_t i = 0; i < node->attribute_count; i++)
        if (span_is(node->attributes[i].name, name)) return node->attributes[i].value;
    return SPAN("");
}

bool node_is(const struct node *node, const char *tag) {
    return span_is(node->tag, tag);
}

int tree_end(const struct tree *tree, int node) {
    for (int i = node; i >= 0; i = tree->nodes[i].parent)
        if (tree->nodes[i].next >= 0) return tree->nodes[i].next;
    return (int)tree->count;
}

static bool is_space(char c) {
    return c == ' ' || (c >= '\t' && c <= '\r');
}

static void add_folded(struct buffer *out, struct span text, bool *space) {
    for (size_t i = 0; i < text.length;) {
        size_t run = i;
        while (run < text.length && !is_space(text.at[run])) run++;
        if (run > i) {
            if (*space && out->length) buffer_add(out, " ", 1);
            buffer_add(out, text.at + i, run - i);
            *space = false;
        }
        if (run < text.length) *space = true;
        i = run + 1;
    }
}

struct span tree_text(const struct tree *tree, int node, struct arena *arena) {
    struct buffer out = BUFFER(64u << 20);
    bool space = false;
    int end = tree_end(tree, node);
    for (int i = node; i < end; i++) {
        const struct node *one = &tree->nodes[i];
        if (node_is(one, "script") || node_is(one, "style") || node_is(one, "noscript")) i = tree_end(tree, i) - 1;
        else if (one->tag.length) space = space || node_is(one, "br") || node_is(one, "div") || node_is(one, "p") || node_is(one, "td");
        else add_folded(&out, one->text, &space);
    }
    struct span text = arena_copy(arena, buffer_span(&out));
    buffer_free(&out);
    return text;
}
