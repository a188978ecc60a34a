/* Writes check.html, an editor's queue: the day's doubtful sentences, the worst kinds first. */
#include <stdlib.h>

#include "stages/digest/html.h"
#include "stages/digest/story_page.h"

/* What is beyond is only counted. */
enum { MAX_SENTENCES = 5000, PAGE_BYTES = 8 << 20 };

struct doubtful {
    const struct entry *entry;
    const struct article *article;
    struct segment_walk walk;
    size_t kind;  /* the row of digest/findings.tsv */
    size_t place; /* in the order of the day's page */
};

struct doubtfuls {
    struct doubtful *items;
    size_t count, capacity;
};

/* ---------------------------------------------------------------- collecting */

/* Returns the row of the first finding in the order of the table; the number of rows if the table has none of them. */
static size_t worst_kind(const struct table *checks, const struct segment *segment) {
    size_t worst = segment->status == SEGMENT_FAILED ? 0 : checks->count;
    for (size_t i = 0; i < segment->finding_count; i++)
        for (size_t row = 0; row < worst; row++)
            if (span_is(checks->rows[row].cells[0], segment->findings[i].check)) worst = row;
    return worst;
}

static void collect_article(const struct page *page, const struct entry *entry, const struct article *article,
                            struct doubtfuls *all) {
    for (struct segment_walk walk = {0}; segment_walk_next(article, &walk);) {
        if (walk.segment->status != SEGMENT_SUSPECT && walk.segment->status != SEGMENT_FAILED) continue;
        struct arena *arena = page->edition->arena;
        all->items = arena_grow(arena, all->items, all->count, &all->capacity, sizeof *all->items);
        all->items[all->count] = (struct doubtful){.entry = entry,
                                                   .article = article,
                                                   .walk = walk,
                                                   .kind = worst_kind(page->checks, walk.segment),
                                                   .place = all->count};
        all->count++;
    }
}

static int by_kind(const void *left, const void *right) {
    const struct doubtful *a = left, *b = right;
    if (a->kind != b->kind) return a->kind < b->kind ? -1 : 1;
    return (a->place > b->place) - (a->place < b->place);
}

/* ---------------------------------------------------------------- the page */

static struct span heading_of(const struct table *checks, size_t kind) {
    return kind < checks->count ? checks->rows[kind].cells[2] : SPAN("Other doubts");
}

static void write_where(const struct doubtful *doubtful, struct buffer *out) {
    buffer_add_string(out, "<p class=\"meta\"><a href=\"");
    html_story_address(out, doubtful->entry->id);
    buffer_add_string(out, "#s");
    html_name(out, span_of(doubtful->article->id));
    buffer_print(out, "-%u\">", doubtful->walk.id);
    html_headline(out, doubtful->article);
    buffer_add_string(out, "</a> · ");
    html_publisher(out, doubtful->article);
    buffer_add_string(out, article_web_address(doubtful->article).length ? " · " : "");
    html_original(out, doubtful->article, "original");
    buffer_add_string(out, "</p>\n");
}

static void write_doubtful(const struct page *page, const struct doubtful *doubtful, const struct doubtful *previous,
                           struct buffer *out) {
    struct span heading = heading_of(page->checks, doubtful->kind);
    bool same = previous && span_equal(heading, heading_of(page->checks, previous->kind));
    if (!same)
        html_tagged(out, previous ? "</section>\n<section class=\"list\"><h2>" : "<section class=\"list\"><h2>",
                    heading, "</h2>\n");
    if (!same || doubtful->article != previous->article) write_where(doubtful, out);
    buffer_add_string(out, "<div class=\"bi\">");
    pair_html(doubtful->article, &doubtful->walk, false, true, out);
    buffer_add_string(out, "</div>\n");
}

static void write_sentences(const struct page *page, const struct doubtfuls *all, struct buffer *out) {
    size_t shown = 0;
    while (shown < all->count && shown < MAX_SENTENCES && out->length < PAGE_BYTES) {
        write_doubtful(page, &all->items[shown], shown ? &all->items[shown - 1] : NULL, out);
        shown++;
    }
    buffer_add_string(out, shown ? "</section>\n" : "<p>No sentence of this day is doubtful.</p>\n");
    if (shown < all->count)
        buffer_print(out, "<p class=\"note\">%zu more are in digest.json.</p>\n", all->count - shown);
}

bool check_page_write(const struct page *page, struct buffer *out) {
    struct doubtfuls all = {0};
    const struct day *day = page->day;
    for (size_t i = 0; i < day->count; i++)
        for (size_t j = 0; j < day->entries[i].count; j++)
            collect_article(page, &day->entries[i], day->entries[i].takes[j].article, &all);
    if (all.count) qsort(all.items, all.count, sizeof *all.items, by_kind);
    html_head(out, page->edition->version, SPAN("To check – Dragoman"), SPAN(""), page->story_style);
    buffer_print(
        out,
        "<div class=\"page\"><nav class=\"top\" aria-label=\"Day\"><a href=\"index.html\">‹ %s</a></nav>\n<main>"
        "<h1>To check: ",
        page->edition->day);
    page_count(out, all.count, "sentence", "sentences");
    buffer_add_string(out, "</h1>\n<p class=\"meta\">The worst kinds come first.</p>\n");
    write_sentences(page, &all, out);
    buffer_add_string(out, "</main></div>\n</body>\n</html>\n");
    return !out->full;
}
