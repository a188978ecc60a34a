#include "stages/extract/headlines.h"

enum {
    MAX_SECOND = 3,      /* max. number of <h2> that are kept */
    MAX_PROSE_BEFORE = 2 /* max. lines of running text before a headline, enough for a stand-first */
};

/* Returns true if the heading is in an <article> or <main>. An <h1> there is the article's headline; any other may be
 * the site's name. */
static bool is_within_article(const struct page *page, int node) {
    for (int i = node; i >= 0; i = page->tree->nodes[i].parent)
        if (page->tree->nodes[i].tag == TAG_ARTICLE || page->tree->nodes[i].tag == TAG_MAIN) return true;
    return false;
}

/* Returns true if the element is labelled as a headline by its class or a similar attribute, or by schema.org's
 * itemprop. */
static bool is_named(const struct page *page, int node) {
    return page->meanings[node].marks & MARK_TITLE ||
           span_is(node_attribute(&page->tree->nodes[node], "itemprop"), "headline");
}

/* Returns the place of a heading. If more running text precedes it than a stand-first, it
 * belongs to the body or to something below the article. */
static enum place place_of(const struct page *page, int node, size_t prose_before) {
    bool first = page->tree->nodes[node].tag == TAG_H1;
    unsigned marks = page->meanings[node].marks;
    bool hidden = marks & MARK_HIDDEN || node_has(&page->tree->nodes[node], "hidden");
    if (hidden || page->left_out[node] || prose_before > MAX_PROSE_BEFORE || marks & MARK_BOILERPLATE)
        return TITLE_HEADING_ELSEWHERE;
    if (is_named(page, node)) return first ? TITLE_HEADING_MARKED : TITLE_HEADING_NAMED;
    if (!first) return TITLE_HEADING_SECOND;
    return is_within_article(page, node) ? TITLE_HEADING_MARKED : TITLE_HEADING_FIRST;
}

/* Returns the node or the first of its siblings after it that is not blank, or -1. */
static int skip_blank(const struct node *nodes, int node) {
    while (node >= 0 && nodes[node].tag == TAG_TEXT && !span_trim(nodes[node].text).length) node = nodes[node].next;
    return node;
}

/* Returns the text of the heading's first part if other text follows it, because kickers and sublines have elements of
 * their own; otherwise an empty span. */
static struct span first_of(const struct page *page, int heading, struct span text) {
    const struct node *nodes = page->tree->nodes;
    int part = skip_blank(nodes, nodes[heading].child);
    while (part >= 0 && nodes[part].tag != TAG_TEXT && skip_blank(nodes, nodes[part].next) < 0)
        part = skip_blank(nodes, nodes[part].child); /* an element that holds all of the heading */
    if (part < 0) return SPAN("");
    struct span first = nodes[part].tag == TAG_TEXT ? nodes[part].text : tree_text(page->tree, part, page->arena);
    first = span_trim(first);
    return first.length < text.length ? first : SPAN("");
}

static void add(const struct page *page, int node, enum place place, struct titles *titles) {
    struct span text = tree_text(page->tree, node, page->arena);
    if (!text.length || titles->heading_count == MAX_HEADINGS) return;
    titles->headings[titles->heading_count] = text;
    titles->firsts[titles->heading_count] = first_of(page, node, text);
    titles->places[titles->heading_count++] = place;
}

/* Keeps every <h1>, but only the first few <h2>, because articles have many. */
void headlines_read(const struct page *page, struct titles *titles) {
    size_t line = 0, prose = 0, seconds = 0;
    for (int i = 0; i < (int)page->tree->count; i++) {
        enum tag tag = page->tree->nodes[i].tag;
        if (tag != TAG_H1 && tag != TAG_H2) continue;
        for (; line < page->line_count && page->lines[line].at < i; line++)
            prose += !page_is_left_out(page, &page->lines[line]) && line_is_prose(&page->lines[line]);
        enum place place = place_of(page, i, prose);
        bool wanted = tag == TAG_H1 || (place != TITLE_HEADING_ELSEWHERE && seconds++ < MAX_SECOND);
        if (wanted) add(page, i, place, titles);
    }
}
