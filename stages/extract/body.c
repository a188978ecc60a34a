#include "stages/extract/body.h"

#include <stdint.h>
#include <string.h>

enum { SHORTEST_PARAGRAPH = 25 };
static const double NEARLY = 0.7, MOST_LINKS = 0.5;

struct finder {
    const struct tree *tree;
    const struct body_words *words;
    struct arena *arena;
    bool *left_out;      /* by node: boilerplate, or below it */
    size_t *letters;     /* bytes of text below a node */
    size_t *link_letters; /* of these inside links */
    double *score;
};

static bool is_one_of(const struct node *node, const char *const *tags) {
    for (; *tags; tags++)
        if (node_is(node, *tags)) return true;
    return false;
}

static const char *const dropped_tags[] = {"script", "style", "noscript", "nav", "aside", "footer", "form", "button", "select",
                                           "iframe", "svg", "template", "head", "input", "textarea", "object", NULL};

static bool is_boilerplate(const struct finder *finder, int index) {
    const struct node *node = &finder->tree->nodes[index];
    if (is_one_of(node, dropped_tags)) return true;
    if (node_is(node, "body") || node_is(node, "html") || node_is(node, "article") || node_is(node, "main")) return false;
    if (words_find(&finder->words->boilerplate, node->name) == SIZE_MAX) return false;
    /* A wrapper around everything is often named after one of its parts. */
    return finder->letters[index] * 2 < finder->letters[0];
}

/* Children come after their parents, so one pass backwards sums up and one forwards hands down. */
static void measure(struct finder *finder) {
    const struct tree *tree = finder->tree;
    for (size_t i = tree->count; i-- > 0;) {
        const struct node *node = &tree->nodes[i];
        if (!node->tag.length) finder->letters[i] = span_trim(node->text).length;
        if (node_is(node, "script") || node_is(node, "style")) finder->letters[i] = 0;
        if (node_is(node, "a")) finder->link_letters[i] = finder->letters[i];
        if (node->parent < 0) continue;
        finder->letters[node->parent] += finder->letters[i];
        finder->link_letters[node->parent] += finder->link_letters[i];
    }
    for (size_t i = 0; i < tree->count; i++) {
        int parent = tree->nodes[i].parent;
        finder->left_out[i] = (parent >= 0 && finder->left_out[parent]) || (tree->nodes[i].tag.length && is_boilerplate(finder, (int)i));
    }
}

static bool mostly_links(const struct finder *finder, int index) {
    return (double)finder->link_letters[index] > MOST_LINKS * (double)finder->letters[index];
}

static void score_paragraphs(struct finder *finder) {
    static const char *const paragraphs[] = {"p", "blockquote", "pre", "li", NULL};
    for (size_t i = 0; i < finder->tree->count; i++) {
        const struct node *node = &finder->tree->nodes[i];
        if (finder->left_out[i] || !is_one_of(node, paragraphs) || finder->letters[i] < SHORTEST_PARAGRAPH) continue;
        if (mostly_links(finder, (int)i) || node->parent < 0) continue;
        double gain = (double)(finder->letters[i] - finder->link_letters[i]) * (node_is(node, "li") ? 0.3 : 1);
        finder->score[node->parent] += gain;
        int grandparent = finder->tree->nodes[node->parent].parent;
        if (grandparent >= 0) finder->score[grandparent] += gain / 2;
    }
}

static int best_scored(const struct finder *finder) {
    int best = -1;
    for (size_t i = 0; i < finder->tree->count; i++)
        if (finder->score[i] > 0 && (best < 0 || finder->score[i] > finder->score[best])) best = (int)i;
    return best;
}

static bool is_inside(const struct finder *finder, int node, int around) {
    return node >= around && node < tree_end(finder->tree, around);
}

/* Paragraph text below a node that is not boilerplate. */
static double paragraph_text(const struct finder *finder, int around) {
    double sum = 0;
    int end = tree_end(finder->tree, around);
    for (int i = around; i < end; i++)
        if (!finder->left_out[i] && node_is(&finder->tree->nodes[i], "p")) sum += (double)(finder->letters[i] - finder->link_letters[i]);
    return sum;
}

/* A named container, the more specific name first, that has nearly all the paragraph text of the best-scored one. */
static int named_container(const struct finder *finder, int best) {
    double wanted = best >= 0 ? NEARLY * paragraph_text(finder, best) : 1;
    size_t rank = SIZE_MAX;
    int found = best;
    for (size_t i = 0; i < finder->tree->count; i++) {
        const struct node *node = &finder->tree->nodes[i];
        if (finder->left_out[i] || !node->tag.length || node_is(node, "html") || node_is(node, "body")) continue;
        size_t own = words_find(&finder->words->containers, node->name);
        if (node_is(node, "article") && own > finder->words->containers.count) own = finder->words->containers.count - 3;
        if (own >= rank || (best >= 0 && !is_inside(finder, best, (int)i) && !is_inside(finder, (int)i, best))) continue;
        if (paragraph_text(finder, (int)i) < wanted) continue;
        rank = own;
        found = (int)i;
    }
    return found;
}

/* ---------------------------------------------------------------- blocks */

static bool heading(const struct node *node) {
    return node->tag.length == 2 && node->tag.at[0] == 'h' && node->tag.at[1] >= '2' && node->tag.at[1] <= '6';
}

static bool has_ancestor(const struct tree *tree, int index, int top, const char *tag) {
    for (int i = tree->nodes[index].parent; i >= 0 && i != top; i = tree->nodes[i].parent)
        if (node_is(&tree->nodes[i], tag)) return true;
    return false;
}

static struct span row_text(const struct finder *finder, int row) {
    struct buffer out = BUFFER(1 << 20);
    for (int cell = finder->tree->nodes[row].child; cell >= 0; cell = finder->tree->nodes[cell].next) {
        if (!finder->tree->nodes[cell].tag.length) continue;
        if (out.length) buffer_add_string(&out, " | ");
        buffer_add_span(&out, tree_text(finder->tree, cell, finder->arena));
    }
    struct span text = arena_copy(finder->arena, buffer_span(&out));
    buffer_free(&out);
    return text;
}

/* Whether this element is a block of text, and of which kind. */
static bool block_of(const struct finder *finder, int index, int top, enum block_kind *ret_kind) {
    const struct node *node = &finder->tree->nodes[index];
    if (heading(node)) *ret_kind = BLOCK_HEADING;
    else if (node_is(node, "figcaption")) *ret_kind = BLOCK_CAPTION;
    else if (node_is(node, "tr")) *ret_kind = BLOCK_TABLE_ROW;
    else if (node_is(node, "li")) *ret_kind = BLOCK_LIST_ITEM;
    else if (node_is(node, "p") || node_is(node, "pre"))
        *ret_kind = has_ancestor(finder->tree, index, top, "blockquote") ? BLOCK_QUOTE : BLOCK_PARAGRAPH;
    else return false;
    if (*ret_kind == BLOCK_PARAGRAPH && words_find(&finder->words->standfirst, node->name) != SIZE_MAX) *ret_kind = BLOCK_STANDFIRST;
    return true;
}

/* Text that stands in the container or in a div without a paragraph around it. */
static bool loose_text(const struct finder *finder, int index) {
    const struct node *node = &finder->tree->nodes[index];
    return !node->tag.length && finder->letters[index] >= SHORTEST_PARAGRAPH;
}

static void add_block(struct finder *finder, struct article *article, enum block_kind kind, struct span text) {
    text = span_trim(text);
    if (text.length) article_add_block(article, kind, arena_copy(article->arena, text));
    (void)finder;
}

static bool block_is_wanted(const struct finder *finder, int index, enum block_kind kind) {
    if (kind == BLOCK_LIST_ITEM && mostly_links(finder, index)) return false;
    return !(kind == BLOCK_PARAGRAPH && mostly_links(finder, index) && finder->letters[index] < 200);
}

static void emit(struct finder *finder, struct article *article, int top) {
    const struct tree *tree = finder->tree;
    int end = tree_end(tree, top);
    for (int i = top; i < end; i++) {
        enum block_kind kind;
        if (finder->left_out[i]) {
            i = tree_end(tree, i) - 1;
        } else if (block_of(finder, i, top, &kind)) {
            struct span text = kind == BLOCK_TABLE_ROW ? row_text(finder, i) : tree_text(tree, i, finder->arena);
            if (block_is_wanted(finder, i, kind)) add_block(finder, article, kind, text);
            i = tree_end(tree, i) - 1;
        } else if (loose_text(finder, i)) {
            add_block(finder, article, BLOCK_PARAGRAPH, tree_text(tree, i, finder->arena));
        }
    }
}

/* A stand-first often stands before the container, in the page's header. */
static void emit_standfirst(struct finder *finder, struct article *article, int top) {
    for (int i = 0; i < top; i++) {
        const struct node *node = &finder->tree->nodes[i];
        bool named = node->tag.length && words_find(&finder->words->standfirst, node->name) != SIZE_MAX;
        bool around = is_inside(finder, top, i);
        if (!named || around || finder->left_out[i] || finder->letters[i] < SHORTEST_PARAGRAPH || mostly_links(finder, i)) continue;
        add_block(finder, article, BLOCK_STANDFIRST, tree_text(finder->tree, i, finder->arena));
        return;
    }
}

void body_read(const struct tree *tree, const struct body_words *words, struct article *article, struct arena *arena) {
    struct finder finder = {.tree = tree, .words = words, .arena = arena};
    finder.left_out = arena_take(arena, (tree->count + 1) * sizeof *finder.left_out);
    finder.letters = arena_take(arena, (tree->count + 1) * sizeof *finder.letters);
    finder.link_letters = arena_take(arena, (tree->count + 1) * sizeof *finder.link_letters);
    finder.score = arena_take(arena, (tree->count + 1) * sizeof *finder.score);
    measure(&finder);
    score_paragraphs(&finder);
    int top = named_container(&finder, best_scored(&finder));
    if (top < 0) top = 0;
    emit_standfirst(&finder, article, top);
    emit(&finder, article, top);
}
