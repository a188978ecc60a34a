#include "stages/extract/tree.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "stages/extract/doctype.h"
#include "stages/extract/page_text.h"
#include "stages/extract/raised.h"
#include "stages/extract/tree_builder.h"
#include "stages/language/unicode.h"

/* A page with the most tags has fewer parts. The limit is for those that are added when the nesting is repaired. */
enum { MAX_PARTS = 2000000, MAX_TEXT = 256 << 20 };

enum tag tag_named(struct span name) {
    return element_tag(element_named(name));
}

/* ---------------------------------------------------------------- reading the page */

/* Passes what the pruner keeps to the builder. */
struct tree_reader {
    struct tree_builder builder;
    struct buffer meaning; /* of the text or value that is read, if it is not as written */
};

static enum page_text_place text_place(const struct tree_builder *builder) {
    if (builder->mode != TREE_IN_TEXT) return PAGE_TEXT_BODY;
    return tree_current_element(builder) == ELEMENT_TITLE ? PAGE_TEXT_TITLE : PAGE_TEXT_RAW;
}

/* When the limit is reached, the rest of the page is left out. */
static void handle(struct tree_reader *reader, const struct tree_token *token) {
    if (reader->builder.count < MAX_PARTS) tree_handle(&reader->builder, token);
}

static void read_text(void *state, struct span text) {
    struct tree_reader *reader = state;
    struct span meaning = page_text_read(text, text_place(&reader->builder), &reader->meaning);
    bool has_nul = meaning.at != text.at && memchr(text.at, '\0', text.length);
    handle(reader, &(struct tree_token){.kind = TOKEN_TEXT, .text = meaning, .has_nul = has_nul});
}

static bool has_name(const struct attribute *attributes, size_t count, struct span name) {
    for (size_t i = 0; i < count; i++)
        if (span_equal(attributes[i].name, name)) return true;
    return false;
}

/* Of attributes with the same name, the first counts. */
static void read_attributes(struct tree_reader *reader, const struct page_tag *tag, struct tree_token *token) {
    if (tag->attribute_count == 0) return;
    struct arena *arena = reader->builder.arena;
    struct attribute *attributes = arena_take(arena, tag->attribute_count * sizeof *attributes);
    token->attributes = attributes;
    for (size_t i = 0; i < tag->attribute_count; i++) {
        struct attribute one = tag->attributes[i];
        if (has_name(attributes, token->attribute_count, one.name)) continue;
        struct span meaning = page_text_read(one.value, PAGE_TEXT_VALUE, &reader->meaning);
        one.value = meaning.at == one.value.at ? meaning : arena_copy(arena, meaning);
        attributes[token->attribute_count++] = one;
    }
}

static void read_tag(void *state, const struct page_tag *tag) {
    struct tree_reader *reader = state;
    struct tree_token token = {
        .kind = tag->closing ? TOKEN_END : TOKEN_START, .element = tag->element, .text = tag->source};
    if (reader->builder.mode == TREE_IN_TEXT)
        token.text = page_text_read(tag->source, text_place(&reader->builder), &reader->meaning);
    else
        read_attributes(reader, tag, &token);
    handle(reader, &token);
}

static void read_doctype(void *state, struct span declaration) {
    struct tree_reader *reader = state;
    struct tree_builder *builder = &reader->builder;
    if (builder->mode == TREE_IN_TEXT) read_text(reader, declaration);
    if (builder->mode == TREE_IN_TABLE_TEXT) handle(reader, &(struct tree_token){.kind = TOKEN_LAST});
    if (builder->mode != TREE_INITIAL) return;
    builder->in_quirks = doctype_is_quirky(declaration);
    builder->mode = TREE_BEFORE_HTML;
}

/* ---------------------------------------------------------------- the tree in document order */

/* Appends a node, and links it to its previous sibling or, if it is the first child, to its parent. */
static int add_node(struct tree *tree, const struct tree_part *part, int parent, int previous) {
    int index = (int)tree->count++;
    tree->nodes[index] = (struct node){.parent = parent,
                                       .next = -1,
                                       .child = -1,
                                       .end = index + 1,
                                       .tag = part->is_text ? TAG_TEXT : element_tag((enum element)part->element),
                                       .text = part->text,
                                       .attributes = part->attributes,
                                       .attribute_count = part->attribute_count};
    if (previous >= 0)
        tree->nodes[previous].next = index;
    else if (parent >= 0)
        tree->nodes[parent].child = index;
    return index;
}

/* Copies the parts in document order; the first is the root. Parts are not used afterwards: the node of each that is
 * copied is kept in `first`. There is no recursion, so deep nesting cannot overflow the stack. */
static void copy_parts(const struct tree_builder *builder, struct tree *tree) {
    struct tree_part *parts = builder->parts;
    int part = 0, parent = -1, previous = -1;
    tree->capacity = builder->count;
    tree->nodes = arena_take(builder->arena, tree->capacity * sizeof *tree->nodes);
    for (;;) {
        int node = add_node(tree, &parts[part], parent, previous), child = parts[part].first;
        parts[part].first = node;
        previous = -1;
        if (child != TREE_NONE) {
            parent = node;
            part = child;
            continue;
        }
        while (part != 0 && parts[part].next == TREE_NONE) {
            part = parts[part].parent;
            tree->nodes[parts[part].first].end = (int)tree->count;
        }
        if (part == 0) return;
        previous = parts[part].first;
        parent = tree->nodes[previous].parent;
        part = parts[part].next;
    }
}

struct tree tree_parse(struct span page, struct arena *arena) {
    return tree_parse_keeping(page, (struct attribute_names){NULL, 0}, arena);
}

struct tree tree_parse_keeping(struct span page, struct attribute_names more, struct arena *arena) {
    struct arena *scratch = arena_new();
    struct tree_reader reader = {
        .builder = {.arena = arena, .scratch = scratch, .head = TREE_NONE, .form = TREE_NONE, .text = BUFFER(MAX_TEXT)},
        .meaning = BUFFER(MAX_TEXT)};
    struct page_reader calls = {&reader, read_text, read_tag, read_doctype};
    struct pruned pruned = prune_page(page, more, &calls, arena);
    struct tree tree = {.linked_data = pruned.linked_data, .linked_count = pruned.linked_count};
    tree_handle(&reader.builder, &(struct tree_token){.kind = TOKEN_LAST});
    tree_add_text(&reader.builder);
    copy_parts(&reader.builder, &tree);
    free(reader.builder.parts);
    buffer_free(&reader.builder.text);
    buffer_free(&reader.meaning);
    arena_free(scratch);
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
        while (run < text.length && !text_run_ends(text, i, run)) run++;
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
