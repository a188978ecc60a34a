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

/* Returns the place of a heading. If more running text precedes it than a stand-first, it belongs to the body or to
 * something below the article. */
static enum heading_place place_of(const struct page *page, int node, size_t prose_before) {
    bool first = page->tree->nodes[node].tag == TAG_H1;
    unsigned marks = page->meanings[node].marks;
    bool hidden = marks & MARK_HIDDEN || node_has(&page->tree->nodes[node], "hidden");
    if (hidden || page->left_out[node] || prose_before > MAX_PROSE_BEFORE || marks & MARK_BOILERPLATE)
        return HEADING_ELSEWHERE;
    if (is_named(page, node)) return first ? HEADING_HEADLINE : HEADING_NAMED;
    if (!first) return HEADING_SECOND;
    return is_within_article(page, node) ? HEADING_HEADLINE : HEADING_FIRST;
}

static void add(const struct page *page, int node, enum heading_place place, struct titles *titles) {
    struct span text = tree_text(page->tree, node, page->arena);
    if (!text.length || titles->heading_count == MAX_HEADINGS) return;
    titles->headings[titles->heading_count] = text;
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
        enum heading_place place = place_of(page, i, prose);
        bool wanted = tag == TAG_H1 || (place != HEADING_ELSEWHERE && seconds++ < MAX_SECOND);
        if (wanted) add(page, i, place, titles);
    }
}
