#include "stages/extract/tree.h"

#include <stdint.h>

#include <gumbo.h>
#include <string.h>

#include "stages/extract/prune.h"
#include "stages/extract/raised.h"
#include "stages/language/unicode.h"

/* A pruned page has far fewer nodes. The limit is for nodes that the parser may add when it repairs the nesting. */
enum { MAX_NODES = 2000000 };

/* The tree's tags for those of the parser; 0 for tags that the tree does not distinguish. */
static const unsigned char tags[GUMBO_TAG_LAST + 1] = {
    [GUMBO_TAG_A] = TAG_A,
    [GUMBO_TAG_ADDRESS] = TAG_ADDRESS,
    [GUMBO_TAG_ARTICLE] = TAG_ARTICLE,
    [GUMBO_TAG_ASIDE] = TAG_ASIDE,
    [GUMBO_TAG_BLOCKQUOTE] = TAG_BLOCKQUOTE,
    [GUMBO_TAG_BODY] = TAG_BODY,
    [GUMBO_TAG_BR] = TAG_BR,
    [GUMBO_TAG_BUTTON] = TAG_BUTTON,
    [GUMBO_TAG_CAPTION] = TAG_CAPTION,
    [GUMBO_TAG_CITE] = TAG_CITE,
    [GUMBO_TAG_DD] = TAG_DD,
    [GUMBO_TAG_DIV] = TAG_DIV,
    [GUMBO_TAG_DL] = TAG_DL,
    [GUMBO_TAG_DT] = TAG_DT,
    [GUMBO_TAG_FIGCAPTION] = TAG_FIGCAPTION,
    [GUMBO_TAG_FIGURE] = TAG_FIGURE,
    [GUMBO_TAG_FOOTER] = TAG_FOOTER,
    [GUMBO_TAG_FORM] = TAG_FORM,
    [GUMBO_TAG_H1] = TAG_H1,
    [GUMBO_TAG_H2] = TAG_H2,
    [GUMBO_TAG_H3] = TAG_H3,
    [GUMBO_TAG_H4] = TAG_H4,
    [GUMBO_TAG_H5] = TAG_H5,
    [GUMBO_TAG_H6] = TAG_H6,
    [GUMBO_TAG_HEAD] = TAG_HEAD,
    [GUMBO_TAG_HEADER] = TAG_HEADER,
    [GUMBO_TAG_HR] = TAG_HR,
    [GUMBO_TAG_HTML] = TAG_HTML,
    [GUMBO_TAG_LABEL] = TAG_LABEL,
    [GUMBO_TAG_LI] = TAG_LI,
    [GUMBO_TAG_LINK] = TAG_LINK,
    [GUMBO_TAG_MAIN] = TAG_MAIN,
    [GUMBO_TAG_META] = TAG_META,
    [GUMBO_TAG_NAV] = TAG_NAV,
    [GUMBO_TAG_OL] = TAG_OL,
    [GUMBO_TAG_P] = TAG_P,
    [GUMBO_TAG_PRE] = TAG_PRE,
    [GUMBO_TAG_Q] = TAG_Q,
    [GUMBO_TAG_SECTION] = TAG_SECTION,
    [GUMBO_TAG_SPAN] = TAG_SPAN,
    [GUMBO_TAG_SUB] = TAG_SUB,
    [GUMBO_TAG_SUP] = TAG_SUP,
    [GUMBO_TAG_TABLE] = TAG_TABLE,
    [GUMBO_TAG_TD] = TAG_TD,
    [GUMBO_TAG_TH] = TAG_TH,
    [GUMBO_TAG_TIME] = TAG_TIME,
    [GUMBO_TAG_TITLE] = TAG_TITLE,
    [GUMBO_TAG_TR] = TAG_TR,
    [GUMBO_TAG_UL] = TAG_UL,
};

enum tag tag_named(struct span name) {
    unsigned char known = tags[gumbo_tagn_enum(name.at, (unsigned)name.length)];
    return known ? (enum tag)known : TAG_OTHER;
}

/* The parser allocates in the arena, which is faster than malloc() and frees everything at once. */
static void *take(void *arena, size_t size) {
    return arena_take(arena, size);
}

/* The parser calls this to free memory. Does nothing, because the memory belongs to the arena. */
static void keep(void *arena, void *at) {
    (void)arena;
    (void)at;
}

/* Reads the attributes of an element. The parser has already copied names and values into the arena. */
static void read_attributes(const GumboElement *element, struct node *node, struct arena *arena) {
    size_t count = element->attributes.length;
    if (count == 0) return;
    struct attribute *attributes = arena_take(arena, count * sizeof *attributes);
    for (size_t i = 0; i < count; i++) {
        const GumboAttribute *given = element->attributes.data[i];
        attributes[i] = (struct attribute){span_of(given->name), span_of(given->value)};
    }
    node->attributes = attributes;
    node->attribute_count = count;
}

/* Returns true for elements. The parser has a separate node type for <template>. */
static bool is_element(const GumboNode *node) {
    return node->type == GUMBO_NODE_ELEMENT || node->type == GUMBO_NODE_TEMPLATE;
}

/* What the parser's tree is copied to, and the texts that the parser has not seen. */
struct copy {
    struct tree *tree;
    struct arena *arena;
    const struct stand_ins *stand_ins;
};

/* Appends a node and links it to its previous sibling or, if it is the first child, to its parent. */
static int add_node(struct copy *copy, const GumboNode *given, int parent, int previous) {
    struct tree *tree = copy->tree;
    struct arena *arena = copy->arena;
    tree->nodes = arena_grow(arena, tree->nodes, tree->count, &tree->capacity, sizeof *tree->nodes);
    int index = (int)tree->count++;
    struct node *node = &tree->nodes[index];
    *node = (struct node){.parent = parent, .next = -1, .child = -1, .end = index + 1};
    if (is_element(given)) {
        unsigned char known = tags[given->v.element.tag];
        node->tag = known ? (enum tag)known : TAG_OTHER;
        read_attributes(&given->v.element, node, arena);
    } else {
        node->text = stand_ins_restore(copy->stand_ins, span_of(given->v.text.text), arena);
    }
    if (previous >= 0)
        tree->nodes[previous].next = index;
    else if (parent >= 0)
        tree->nodes[parent].child = index;
    return index;
}

/* State of copying the children of an element. */
struct step {
    const GumboNode *node;
    size_t next;
    int index, previous;
};

/* Copies the parser's tree in document order. There is no recursion, so deep nesting cannot overflow the stack. */
static void copy_tree(struct copy *copy, const GumboNode *root) {
    struct tree *tree = copy->tree;
    struct arena *arena = copy->arena;
    size_t depth = 0, capacity = 0;
    struct step *steps = arena_grow(arena, NULL, 0, &capacity, sizeof *steps);
    steps[depth++] = (struct step){root, 0, add_node(copy, root, -1, -1), -1};
    while (depth > 0) {
        struct step *step = &steps[depth - 1];
        const GumboVector *children = &step->node->v.element.children;
        /* when the limit is reached, the remaining children are left out */
        if (step->next >= children->length || tree->count >= MAX_NODES) {
            tree->nodes[step->index].end = (int)tree->count;
            depth--;
            continue;
        }
        const GumboNode *child = children->data[step->next++];
        if (child->type == GUMBO_NODE_COMMENT) continue;
        int index = add_node(copy, child, step->index, step->previous);
        step->previous = index;
        if (!is_element(child)) continue;
        steps = arena_grow(arena, steps, depth, &capacity, sizeof *steps);
        steps[depth++] = (struct step){child, 0, index, -1};
    }
}

struct tree tree_parse(struct span page, struct arena *arena) {
    return tree_parse_keeping(page, (struct attribute_names){NULL, 0}, arena);
}

/* The parser copies all texts into the arena, so the pruned page can be freed. */
struct tree tree_parse_keeping(struct span page, struct attribute_names more, struct arena *arena) {
    struct pruned pruned = prune_page_keeping(page, more, arena);
    struct tree tree = {.linked_data = pruned.linked_data, .linked_count = pruned.linked_count};
    GumboOptions options = kGumboDefaultOptions;
    options.allocator = take;
    options.deallocator = keep;
    options.userdata = arena;
    options.max_errors = 0;
    GumboOutput *output = gumbo_parse_with_options(&options, pruned.page.at ? pruned.page.at : "", pruned.page.length);
    copy_tree(&(struct copy){&tree, arena, &pruned.stand_ins}, output->root);
    buffer_free(&pruned.page);
    return tree;
}

/* Unlike node_attribute(), distinguishes an attribute without a value from a missing one. */
bool node_has(const struct node *node, const char *attribute) {
    for (size_t i = 0; i < node->attribute_count; i++)
        if (span_is(node->attributes[i].name, attribute)) return true;
    return false;
}

struct span node_attribute(const struct node *node, const char *name) {
    for (size_t i = 0; i < node->attribute_count; i++)
        if (span_is(node->attributes[i].name, name)) return node->attributes[i].value;
    return SPAN("");
}

/* Returns true if the text before the node ends in a word and the node's text begins with one. */
static bool joins_words(const struct tree *tree, int node) {
    int next = node + 1;
    while (next < tree->nodes[node].end && tree->nodes[next].tag != TAG_TEXT) next++;
    struct span before = tree->nodes[node - 1].text,
                after = next < tree->nodes[node].end ? tree->nodes[next].text : SPAN("");
    uint32_t last, first;
    if (!before.length || !after.length) return false;
    text_previous(before, before.length, &last);
    text_next(after, 0, &first);
    return rune_is_word(last) && rune_is_word(first);
}

bool tree_is_apart(const struct tree *tree, int node) {
    const struct node *nodes = tree->nodes;
    int parent = nodes[node].parent, before = node - 1;
    if (nodes[node].tag != TAG_SPAN || before <= parent) return false;
    while (nodes[before].parent != parent) before = nodes[before].parent;
    struct span name = node_attribute(&nodes[node], "class"), other = node_attribute(&nodes[before], "class");
    return nodes[before].tag == TAG_SPAN && name.length && other.length && !span_equal(name, other) &&
           joins_words(tree, node);
}

/* Writes a space only when the next word follows, so that the text never ends in whitespace. */
void text_fold(struct buffer *out, struct span text, bool *space) {
    for (size_t i = 0; i < text.length;) {
        size_t run = i;
        while (run < text.length && !text_is_space(text.at[run])) run++;
        if (run > i) {
            if (*space && out->length) buffer_add(out, " ", 1);
            buffer_add(out, text.at + i, run - i);
            *space = false;
        }
        if (run < text.length) *space = true;
        i = run + 1;
    }
}

/* Returns whether the element is part of the running text. All other elements separate the text before them from the
 * text after them. */
static bool is_inline(enum tag tag) {
    return tag == TAG_A || tag == TAG_SPAN || tag == TAG_CITE || tag == TAG_Q || tag == TAG_TIME || tag == TAG_LABEL ||
           tag == TAG_SUB || tag == TAG_SUP;
}

static void add_raised(const struct tree *tree, int node, struct arena *arena, struct buffer *out, bool *space) {
    struct raised raised = raised_read(tree, node, buffer_span(out), arena);
    out->length -= raised.cut;
    text_fold(out, raised.text, space);
}

struct span tree_text(const struct tree *tree, int node, struct arena *arena) {
    struct buffer out = BUFFER(64u << 20);
    bool space = false;
    for (int i = node; i < tree->nodes[node].end; i++) {
        const struct node *one = &tree->nodes[i];
        if (raised_is(tree, i)) {
            add_raised(tree, i, arena, &out, &space);
            i = one->end - 1;
        } else if (one->tag == TAG_TEXT)
            text_fold(&out, one->text, &space);
        else if (!is_inline(one->tag))
            space = true;
    }
    struct span text = arena_copy(arena, buffer_span(&out));
    buffer_free(&out);
    return text;
}

struct span text_plain_spaces(struct span text, struct arena *arena) {
    text = span_trim(text);
    if (span_find(text, SPAN("\xC2\xA0")) == SIZE_MAX) return text;
    char *copy = arena_take(arena, text.length);
    size_t length = 0;
    for (size_t i = 0; i < text.length; i++) {
        bool no_break = text.at[i] == '\xC2' && i + 1 < text.length && text.at[i + 1] == '\xA0';
        copy[length++] = no_break ? ' ' : text.at[i];
        i += no_break;
    }
    return span_trim((struct span){copy, length});
}
