/* Writes the digest as one self-contained HTML page, without scripts and external resources. */
#include <string.h>

#include "stages/digest/page.h"

/* Writes the head of the page. The Content-Security-Policy makes sure that the page runs no scripts and loads nothing
 * from other sites. */
static void write_head(struct buffer *out, const struct page *page) {
    buffer_print(out,
                 "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" "
                 "content=\"width=device-width\">\n<meta name=\"dragoman-version\" content=\"%s\">\n<meta "
                 "http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
                 "style-src 'unsafe-inline'\">\n<meta name=\"referrer\" content=\"no-referrer\">\n<title>Digest of "
                 "%s</title>\n<style>\n",
                 page->edition->version, page->edition->day);
    buffer_add_span(out, page->style);
    buffer_add_string(out, "</style>\n</head>\n<body>\n");
}

/* ---------------------------------------------------------------- counts and problems */

/* Writes at the top how many segments an editor should check. */
static void write_counts(struct buffer *out, const struct page *page) {
    struct flags flags = page->day->flags;
    page_count(out, page->day->count, "story", "stories");
    buffer_add_string(out, " in ");
    page_count(out, page->edition->count, "article", "articles");
    buffer_add_string(out, " and ");
    page_count(out, page->day->language_count, "language", "languages");
    buffer_add_string(out, ", translated by machine");
    if (flags.suspect) {
        buffer_add_string(out, " · <span class=\"flag\">");
        page_count(out, flags.suspect, "sentence", "sentences");
        buffer_add_string(out, " to check</span>");
    }
    if (flags.failed) {
        buffer_add_string(out, " · <span class=\"failed\">");
        page_count(out, flags.failed, "sentence", "sentences");
        buffer_add_string(out, " not translated</span>");
    }
}

/* Appends a problem as a list item, with its source or article in bold. */
static void missing_line(void *context, struct span where, struct span what) {
    struct buffer *out = context;
    buffer_add_string(out, "<li>");
    if (where.length) {
        buffer_add_string(out, "<b>");
        page_escape(out, where);
        buffer_add_string(out, "</b>: ");
    }
    page_escape(out, what);
    buffer_add_string(out, "</li>\n");
}

/* Lists failed sources, services and articles, so that a source that fails is not mistaken for one with no news. */
static void write_missing(struct buffer *out, const struct edition *edition) {
    size_t count = page_missing_count(edition);
    if (count == 0) return;
    buffer_print(out, "<details class=\"run\"><summary>missing from this digest: %zu</summary><ul>\n", count);
    page_missing(edition, missing_line, out);
    buffer_add_string(out, "</ul></details>\n");
}

/* ---------------------------------------------------------------- stories */

/* Adds the other articles of a story in a collapsible section, whose title lists their publishers. */
static void write_also(struct buffer *out, const struct page *page, const struct entry *story) {
    if (story->count < 2) return;
    buffer_add_string(out, "<details class=\"also\"><summary>");
    page_count(out, story->count - 1, "more article about this: ", "more articles about this: ");
    for (size_t i = 1; i < story->count; i++) {
        if (i > 1) buffer_add_string(out, ", ");
        page_escape(out, page_publisher(story->takes[i].article));
        buffer_add_string(out, " (");
        page_escape(out, page_language(page, story->takes[i].article->language.code));
        buffer_add_string(out, ")");
    }
    buffer_add_string(out, "</summary>\n");
    for (size_t i = 1; i < story->count; i++) article_html(page, story->takes[i].article, 3, out);
    buffer_add_string(out, "</details>\n");
}

static void write_story(struct buffer *out, const struct page *page, const struct entry *story) {
    buffer_add_string(out, "<section>\n");
    article_html(page, story->takes[0].article, 2, out);
    write_also(out, page, story);
    buffer_add_string(out, "</section>\n");
}

static void spending_line(void *context, struct span text) {
    buffer_add_string(context, "<br>");
    page_escape(context, text);
}

bool page_html(const struct page *page, struct buffer *out) {
    write_head(out, page);
    buffer_print(out, "<header><h1>Digest of %s</h1>\n<p class=\"meta\">", page->edition->day);
    write_counts(out, page);
    buffer_add_string(out, "</p>\n");
    write_missing(out, page->edition);
    buffer_add_string(out, "</header>\n<main>\n");
    for (size_t i = 0; i < page->day->count; i++) write_story(out, page, &page->day->entries[i]);
    if (page->edition->slim)
        buffer_add_string(out, "<p class=\"meta\">This day has too many articles to include their full texts here. See "
                               "the folder <code>articles</code>.</p>\n");
    buffer_add_string(out, "</main>\n<footer>Made by Dragoman. This page loads nothing from other sites.");
    page_spending(page->edition, spending_line, out);
    return buffer_add_string(out, "</footer>\n</body>\n</html>\n");
}

bool page_moved(const struct page *page, struct buffer *out) {
    return buffer_print(
        out,
        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Digest of %s</title><meta "
        "name=\"dragoman-version\" content=\"%s\">\n<meta http-equiv=\"refresh\" content=\"0; "
        "url=index.html\">\n<p>The digest is now in <a href=\"index.html\">index.html</a>.</p></html>\n",
        page->edition->day, page->edition->version);
}
