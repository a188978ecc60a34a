#include "stages/extract/tree.h"

#include <gumbo.h>
#include <string.h>

enum { DEPTH = 200, MOST_NODES = 2000000, MOST_ATTRIBUTES = 64 };

/* ---------------------------------------------------------------- the cap on nesting */

static bool is_void_tag(struct span tag) {
    static const char *const names[] = {"br", "img", "meta", "link", "input", "hr", "source", "area", "base", "col", "embed", "wbr"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (span_is_fold(tag, names[i])) return true;
    return false;
}

static size_t tag_end(struct span page, size_t start) {
    const char *end = memchr(page.at + start, '>', page.length - start);
    return end ? (size_t)(end - page.at) + 1 : page.length;
}

static struct span tag_name(struct span page, size_t start) {
    size_t end = start;
    while (end < page.length && (((page.at[end] | 32) >= 'a' && (page.at[end] | 32) <= 'z') ||
                                 (page.at[end] >= '0' && page.at[end] <= '9')))
        end++;
    return span_cut(page, start, end);
}

/* One pass: counts open tags as a browser would not (it closes some by itself), which only errs to the safe side. */
static bool too_deep(struct span page) {
    size_t depth = 0;
    for (size_t i = 0; i < page.length; i++) {
        const char *open = memchr(page.at + i, '<', page.length - i);
        if (!open) break;
        i = (size_t)(open - page.at);
        if (i + 1 >= page.length) break;
        struct span name = tag_name(page, i + 1 + (page.at[i + 1] == '/'));
        if (name.length == 0 || is_void_tag(name)) continue;
        if (page.at[i + 1] == '/') depth -= depth > 0;
        else if (!span_is_fold(name, "p") && !span_is_fold(name, "li") && ++depth > 4 * DEPTH) return true;
    }
    return false;
}

/* All tags become spaces but the few that separate paragraphs: no text is lost of a page that nobody could lay out. */
static struct span flatten(struct span page, struct arena *arena) {
    struct buffer out = BUFFER(page.length * 2 + 64);
    for (size_t i = 0; i < page.length;) {
        const char *open = memchr(page.at + i, '<', page.length - i);
        size_t at = open ? (size_t)(open - page.at) : page.length;
        buffer_add(&out, page.at + i, at - i);
        if (!open) break;
        struct span name = tag_name(page, at + 1);
        buffer_add_string(&out, span_is_fold(name, "p") || span_is_fold(name, "br") ? "<p>" : " ");
        i = tag_end(page, at);
    }
    struct span flat = arena_copy(arena, buffer_span(&out));
    buffer_free(&out);
    return flat;
}

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
    size_t count = element->attributes.length < MOST_ATTRIBUTES ? element->attributes.length : MOST_ATTRIBUTES;
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
    struct tree tree = {0};
    if (too_deep(page)) page = flatten(page, arena);
    GumboOptions options = kGumboDefaultOptions;
    options.allocator = take;
    options.deallocator = keep;
    options.userdata = arena;
    options.max_errors = 0;
    GumboOutput *output = gumbo_parse_with_options(&options, page.at, page.length);
    copy_tree(&tree, arena, output->root);
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
