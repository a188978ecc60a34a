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
    struct arena *arena; /* of its own: what is found on a day of many doubts takes more room than its page */
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
        all->items = arena_grow(all->arena, all->items, all->count, &all->capacity, sizeof *all->items);
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

static bool same_heading(const struct page *page, const struct doubtful *a, const struct doubtful *b) {
    return span_equal(heading_of(page->checks, a->kind), heading_of(page->checks, b->kind));
}

static void write_where(const struct doubtful *doubtful, struct buffer *out) {
    buffer_add_string(out, "<p class=\"meta\"><a href=\"");
    html_story_address(out, doubtful->entry->id);
    buffer_add_string(out, "#");
    html_segment(out, doubtful->article, doubtful->walk.id);
    buffer_add_string(out, "\">");
    html_headline(out, doubtful->article);
    buffer_add_string(out, "</a> · ");
    html_publisher(out, doubtful->article);
    buffer_add_string(out, article_web_address(doubtful->article).length ? " · " : "");
    html_original(out, doubtful->article, false);
    buffer_add_string(out, "</p>\n");
}

/* Begins the section of a kind; `first` tells whether it is the first one. */
static void begin_section(const struct page *page, size_t kind, bool first, struct buffer *out) {
    buffer_print(out, "%s<section class=\"list\" aria-labelledby=\"k%zu\"><h2 id=\"k%zu\">",
                 first ? "" : "</section>\n", kind, kind);
    html_tagged(out, "", heading_of(page->checks, kind), "</h2>\n");
}

/* Says how an editor removes the doubt. A sentence without a translation cannot be accepted. */
static void write_answer(const struct doubtful *doubtful, struct buffer *out) {
    if (doubtful->walk.segment->status != SEGMENT_SUSPECT) return;
    buffer_add_string(out, "<p class=\"answer\">if it is right: <code>dragoman accept ");
    buffer_add_span(out, text_clip(span_of(doubtful->article->id), 8));
    buffer_add_string(out, " ");
    buffer_add_number(out, doubtful->walk.id);
    buffer_add_string(out, "</code></p>\n");
}

static void write_doubtful(const struct page *page, const struct doubtful *doubtful, const struct doubtful *previous,
                           struct buffer *out) {
    bool same = previous && same_heading(page, doubtful, previous);
    if (!same) begin_section(page, doubtful->kind, !previous, out);
    if (!same || doubtful->article != previous->article) write_where(doubtful, out);
    buffer_add_string(out, "<div class=\"bi\">");
    pair_html(doubtful->article, &doubtful->walk, false, true, out);
    buffer_add_string(out, "</div>\n");
    write_answer(doubtful, out);
}

static void write_sentences(const struct page *page, const struct doubtfuls *all, struct buffer *out) {
    size_t shown = 0;
    while (shown < all->count && shown < MAX_SENTENCES && out->length < PAGE_BYTES) {
        write_doubtful(page, &all->items[shown], shown ? &all->items[shown - 1] : NULL, out);
        shown++;
    }
    buffer_add_string(out, shown ? "</section>\n" : "<p>No sentence of this day is doubtful.</p>\n");
    if (shown == all->count) return;
    buffer_add_string(out, "<p class=\"note\">");
    page_count(out, all->count - shown, "more is in digest.json.</p>\n", "more are in digest.json.</p>\n");
}

/* Lists the kinds with the numbers of their sentences, as links to the sections. */
static void write_kinds(const struct page *page, const struct doubtfuls *all, struct buffer *out) {
    if (!all->count) return;
    buffer_add_string(out, "<p class=\"meta\">The worst kinds come first.</p>\n<nav aria-label=\"Kinds of doubt\"><ul "
                           "class=\"kinds\">\n");
    for (size_t i = 0, end; i < all->count; i = end) {
        for (end = i; end < all->count && same_heading(page, &all->items[i], &all->items[end]);) end++;
        /* Not all of very many sentences are on the page. */
        buffer_print(out, i < MAX_SENTENCES ? "<li><a href=\"#k%zu\">" : "<li><a>", all->items[i].kind);
        html_tagged(out, "", heading_of(page->checks, all->items[i].kind), "</a> ");
        page_number(out, end - i);
        buffer_add_string(out, "</li>\n");
    }
    buffer_add_string(out, "</ul></nav>\n");
}

static void write_top(const struct page *page, const struct doubtfuls *all, struct buffer *out) {
    struct buffer title = BUFFER(256);
    buffer_add_string(&title, "To check, ");
    html_day(&title, page->edition->day);
    buffer_add_string(&title, " – Dragoman");
    html_head(out, page->edition->version, buffer_span(&title), SPAN(""), page->story_style);
    buffer_add_string(out, "<div class=\"page\"><nav class=\"top\" aria-label=\"Day\"><a href=\"index.html\">‹ ");
    html_day(out, page->edition->day);
    buffer_add_string(out, "</a></nav>\n<main>\n<h1>");
    page_doubts(out, page->day->flags.suspect, page->day->flags.failed);
    if (!all->count) buffer_add_string(out, "Nothing to check");
    buffer_add_string(out, "</h1>\n");
    write_kinds(page, all, out);
    buffer_free(&title);
}

bool check_page_write(const struct page *page, struct buffer *out) {
    struct doubtfuls all = {.arena = arena_new()};
    const struct day *day = page->day;
    for (size_t i = 0; i < day->count; i++)
        for (size_t j = 0; j < day->entries[i].count; j++)
            collect_article(page, &day->entries[i], day->entries[i].takes[j].article, &all);
    if (all.count) qsort(all.items, all.count, sizeof *all.items, by_kind);
    write_top(page, &all, out);
    write_sentences(page, &all, out);
    buffer_add_string(out, "</main></div>\n</body>\n</html>\n");
    arena_free(all.arena);
    return !out->full;
}
