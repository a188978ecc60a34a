#include "stages/digest/story_page.h"

#include <stdio.h>

#include "pipeline/base/sha256.h"
#include "stages/digest/entry.h"
#include "stages/digest/figures.h"
#include "stages/digest/html.h"
#include "stages/digest/linked.h"
#include "stages/language/names.h"

/* Increase this number whenever the pages of stories change, so that existing ones are written again. */
enum { STORY_FORMAT = 5, MAX_RELATED = 5, VERSION_BYTES = 64 << 20 };

/* ---------------------------------------------------------------- what the page is made from */

/* Returns the number of the day's page on which the story stands. */
static size_t front_page_of(const struct page *page, const struct entry *entry) {
    return page->front_pages ? page->front_pages[entry - page->day->entries] : 1;
}

void story_page_version(const struct page *page, const struct entry *entry, char ret_version[33]) {
    struct buffer all = BUFFER(VERSION_BYTES);
    char hash[65];
    buffer_print(&all, "%d %s %.*s %u\n", STORY_FORMAT, page->edition->day, SPAN_ARGS(entry->id),
                 page->story_style_hash);
    buffer_print(&all, "%.*s\n%zu\n", SPAN_ARGS(page->feed.url), front_page_of(page, entry));
    for (size_t i = 0; i < entry->count; i++)
        buffer_print(&all, "%s %s\n", entry->takes[i].article->id, entry->takes[i].article->record_hash);
    for (size_t i = 0; entry->story && i < entry->story->related_count && i < MAX_RELATED; i++)
        buffer_print(&all, "related %.*s\n", SPAN_ARGS(entry->story->related[i]));
    if (entry->story) buffer_print(&all, "%.*s", SPAN_ARGS(entry->story->earlier));
    sha256_hex(buffer_span(&all), hash);
    snprintf(ret_version, 33, "%.32s", hash);
    buffer_free(&all);
}

/* ---------------------------------------------------------------- head of the page */

static void write_head(const struct page *page, const struct entry *entry, const char *version, struct buffer *out) {
    const struct article *lead = entry->takes[0].article;
    html_head(out, version, page_title(lead), SPAN(""), page->story_style);
    linked_html(page, entry, out);
    size_t number = front_page_of(page, entry);
    buffer_add_string(out, "<div class=\"page\"><nav class=\"top\" aria-label=\"Day\"><a href=\"../");
    if (number > 1)
        buffer_print(out, "more-%zu.html#s-", number);
    else
        buffer_add_string(out, "index.html#s-");
    html_name(out, entry->id);
    buffer_add_string(out, "\">‹ ");
    html_day(out, page->edition->day);
    buffer_add_string(out, "</a></nav>\n<header>\n");
    entry_eyebrow(NULL, entry, out);
    buffer_add_string(out, "<h1>");
    html_headline(out, lead);
    buffer_add_string(out, "</h1>\n");
    html_source_headline(out, lead);
    entry_summary(lead, SPAN(""), out);
    figures_html(page->day, entry, out);
    buffer_add_string(out, "</header>\n");
}

static void write_takes(const struct page *page, const struct entry *entry, struct buffer *out) {
    if (entry->count < 2) return;
    buffer_add_string(out, "<nav aria-label=\"Articles\"><ul class=\"takes\">\n");
    for (size_t i = 0; i < entry->count; i++) entry_take(page->day, &entry->takes[i], SPAN(""), out);
    buffer_add_string(out, "</ul></nav>\n");
}

/* ---------------------------------------------------------------- one article */

/* Says how much of the text also appears in another article. */
static void write_copy(const struct article *article, struct buffer *out) {
    if (!article->duplicate_of.length) return;
    buffer_print(out, "<p class=\"note\">%.0f %% of its text also appears in article ", article->containment * 100);
    page_escape(out, span_cut(article->duplicate_of, 0, 8));
    buffer_add_string(out, "</p>\n");
}

static void write_providers(const struct article *article, struct buffer *out) {
    for (size_t i = 0; i < article->provider_count; i++) {
        const struct provider *provider = &article->providers[i];
        html_tagged(out, i ? ", " : "<p class=\"meta\">English by ", provider->service, "");
        if (provider->model.length) html_tagged(out, " (", provider->model, ")");
    }
    if (article->provider_count) buffer_add_string(out, "</p>\n");
}

static void write_text(const struct article *article, struct buffer *out) {
    const struct block *block = NULL;
    buffer_add_string(out, "<div class=\"bi\">\n");
    for (struct segment_walk walk = {0}; segment_walk_next(article, &walk);) {
        if (!walk.segment->source.length) continue;
        pair_html(article, &walk, true, walk.block != block, out);
        block = walk.block;
    }
    buffer_add_string(out, "</div>\n");
}

/* The only article of a story has its headline at the top of the page. */
static void write_headline(const struct article *article, bool only, struct buffer *out) {
    buffer_add_string(out, only ? "\">\n<h2 class=\"label\">" : "\">\n<h2>");
    if (only)
        buffer_add_string(out, "In both languages");
    else
        html_headline(out, article);
    buffer_add_string(out, "</h2>\n");
}

static void write_article(const struct page *page, const struct entry *entry, size_t number, struct buffer *out) {
    const struct take *take = &entry->takes[number];
    struct article *whole = edition_open_whole(page->edition, take->article);
    buffer_add_string(out, "<article class=\"text\" id=\"");
    html_article(out, take->article);
    write_headline(whole, entry->count == 1, out);
    entry_byline(page->day, take, out);
    write_copy(whole, out);
    if (number) entry_summary(whole, SPAN(""), out);
    write_text(whole, out);
    write_providers(whole, out);
    buffer_add_string(out, "</article>\n");
    edition_close_whole(take->article, whole);
}

/* ---------------------------------------------------------------- other stories */

static void write_link(const struct entry *entry, struct buffer *out) {
    buffer_add_string(out, "<li><a href=\"");
    html_name(out, entry->id);
    buffer_add_string(out, ".html\">");
    html_headline(out, entry->takes[0].article);
    buffer_add_string(out, "</a></li>\n");
}

static void write_earlier(const struct edition_story *story, struct buffer *out) {
    if (!story->earlier.length) return;
    buffer_add_string(out, "<p class=\"meta\">This story continues <a href=\"../../");
    html_name(out, story->earlier_day);
    buffer_add_string(out, "/");
    html_story_address(out, story->earlier);
    html_tagged(out, "\">that of ", story->earlier_day, "</a>.</p>\n");
}

static void write_related(const struct page *page, const struct edition_story *story, struct buffer *out) {
    size_t listed = 0;
    for (size_t i = 0; i < story->related_count && i < MAX_RELATED; i++) {
        const struct entry *entry = day_find_entry(page->day, story->related[i]);
        if (!entry) continue;
        if (!listed++) buffer_add_string(out, "<section class=\"list\"><h2>Related</h2><ul class=\"plain\">\n");
        write_link(entry, out);
    }
    buffer_add_string(out, listed ? "</ul></section>\n" : "");
}

/* ---------------------------------------------------------------- the page */

bool story_page_write(const struct page *page, const struct entry *entry, const char *version, struct buffer *out) {
    write_head(page, entry, version, out);
    write_takes(page, entry, out);
    buffer_add_string(out, "<main>\n");
    if (entry->story) write_earlier(entry->story, out);
    for (size_t i = 0; i < entry->count; i++) write_article(page, entry, i, out);
    if (entry->story) write_related(page, entry->story, out);
    buffer_add_string(
        out, "</main>\n<footer><p>Translated by machine. What is marked may be wrong; what is not marked may still "
             "be wrong.</p></footer></div>\n</body>\n</html>\n");
    return !out->full;
}

bool story_page_forward(const struct edition_forward *forward, struct buffer *out) {
    buffer_add_string(out,
                      "<!doctype html>\n<html lang=\"en\">\n<head><meta charset=\"utf-8\"><title>Moved</title><meta "
                      "name=\"viewport\" content=\"width=device-width,initial-scale=1\"><meta "
                      "http-equiv=\"refresh\" content=\"0; url=");
    html_name(out, forward->to);
    buffer_add_string(out, ".html\"></head>\n<body><main><h1>Moved</h1><p>This story is now part of <a href=\"");
    html_name(out, forward->to);
    return buffer_add_string(out, ".html\">another one</a>.</p></main></body></html>\n");
}
