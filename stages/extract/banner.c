#include "stages/extract/banner.h"

enum { SHORTEST = 40 }; /* min. width, in columns, of a paragraph in a short article */

static bool asks(const struct page *page, const struct signs *signs, size_t line) {
    bool *seen = arena_take(page->arena, signs->count * sizeof *seen);
    return signs_find(signs, page->lines[line].text, seen).any[SIGN_CONSENT];
}

/* Returns true for a paragraph of the article. The sentences of a short article may be too short for line_is_prose(),
 * so it is not used. */
static bool is_paragraph(const struct page *page, const struct line *line) {
    return line->kind == BLOCK_PARAGRAPH && line->columns >= SHORTEST && line->link_columns * 2 < line->columns &&
           !page_has_mark(page, line->node, 0, MARK_BYLINE | MARK_DATE);
}

/* Returns true if text of the article follows the headline before any request for consent. Otherwise, the page shows
 * only the request, and the headline belongs to it. */
static bool has_text_below(const struct page *page, const struct signs *signs) {
    for (size_t i = page_headline_line(page) + 1; i < page->line_count; i++) {
        if (asks(page, signs, i)) return false;
        if (is_paragraph(page, &page->lines[i])) return true;
    }
    return false;
}

static bool holds(const struct page *page, int node, int inner) {
    return inner >= node && inner < page->tree->nodes[node].end;
}

/* Returns the largest element around the line that neither contains the headline nor is an <article>. */
static int find_outer(const struct page *page, int node) {
    const struct node *nodes = page->tree->nodes;
    for (int parent = nodes[node].parent; parent > 0; parent = nodes[parent].parent) {
        if (holds(page, parent, page->headline) || nodes[parent].tag == TAG_ARTICLE) break;
        node = parent;
    }
    return node;
}

static bool may_be_banner(const struct page *page, const struct signs *signs, size_t line) {
    int node = page->lines[line].node;
    return !page->cards[node] && !holds(page, node, page->headline) && asks(page, signs, line);
}

/* Returns true if a request for consent is directly beside the element of the headline. The page then shows only the
 * request, and the headline belongs to it. */
static bool is_wall(const struct page *page, const struct signs *signs) {
    for (size_t i = 0; i < page->line_count; i++)
        if (may_be_banner(page, signs, i) && find_outer(page, page->lines[i].node) == page->lines[i].node) return true;
    return false;
}

/* Keeps a request for consent that takes the place of the article, because content.c recognizes such a page by that
 * text. */
bool banner_leave_out(struct page *page, const struct signs *signs) {
    if (page->headline < 0 || !has_text_below(page, signs) || is_wall(page, signs)) return false;
    for (size_t i = 0; i < page->line_count; i++) {
        if (!may_be_banner(page, signs, i)) continue;
        int node = find_outer(page, page->lines[i].node);
        /* the second pass over the page ignores `left_out` but not `cards` (see body.c) */
        for (int j = node; j < page->tree->nodes[node].end; j++) page->left_out[j] = page->cards[j] = true;
    }
    return true;
}
