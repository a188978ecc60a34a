/* Writes the digest as an Atom feed for feed readers and newsroom systems. */
#include "stages/digest/page.h"

/* Appends an element with escaped text. */
static void element(struct buffer *out, const char *name, struct span text) {
    buffer_print(out, "<%s>", name);
    page_escape(out, text);
    buffer_print(out, "</%s>\n", name);
}

/* Returns the date of an entry. Atom requires a full RFC 3339 timestamp. The time of collection is used, because the
 * time of publication is not always known to the second. */
static struct span entry_time(const struct article *article) {
    return article->origin.collected.length >= 20 ? article->origin.collected : SPAN("1970-01-01T00:00:00Z");
}

static void write_summary(struct buffer *out, const struct article *article) {
    buffer_add_string(out, "<summary>");
    for (size_t i = 0; i < article->summary.count; i++) {
        if (i) buffer_add_string(out, " ");
        page_escape(out, article->summary.sentences[i].text);
        page_doubt(out, article->summary.sentences[i].doubt);
    }
    buffer_add_string(out, "</summary>\n");
}

/* Appends an article. Its id must be the same in every feed, so it is derived from the id of the article. */
static void write_entry(struct buffer *out, const struct page *page, const struct article *article) {
    struct span address = article_web_address(article), publisher = page_publisher(article);
    buffer_print(out, "<entry>\n<id>urn:dragoman:%s</id>\n", article->id);
    buffer_add_string(out, "<title>");
    page_escape(out, page_title(article));
    page_doubt(out, article->title_doubt);
    buffer_add_string(out, "</title>\n");
    element(out, "updated", entry_time(article));
    buffer_add_string(out, "<author>");
    element(out, "name", publisher.length ? publisher : SPAN("unknown"));
    buffer_add_string(out, "</author>\n");
    if (address.length) {
        buffer_add_string(out, "<link rel=\"alternate\" hreflang=\"");
        page_escape(out, span_of(article->language.code));
        buffer_add_string(out, "\" href=\"");
        page_escape(out, address);
        buffer_add_string(out, "\"/>\n");
    }
    buffer_add_string(out, "<category term=\"");
    page_escape(out, span_of(article->language.code));
    buffer_add_string(out, "\" label=\"");
    page_escape(out, page_language(page, article->language.code));
    buffer_add_string(out, "\"/>\n");
    write_summary(out, article);
    buffer_add_string(out, "</entry>\n");
}

/* Returns the latest timestamp of all entries. Timestamps are in UTC and have the same format, so they can be compared
 * as text. */
static struct span newest(const struct page *page) {
    struct span newest = SPAN("");
    for (size_t i = 0; i < page->edition->count; i++) {
        struct span own = entry_time(page->edition->articles[i]);
        bool later = newest.length == 0;
        for (size_t j = 0; j < own.length && j < newest.length; j++) {
            if (own.at[j] == newest.at[j]) continue;
            later = own.at[j] > newest.at[j];
            break;
        }
        if (later) newest = own;
    }
    return newest.length ? newest : SPAN("1970-01-01T00:00:00Z");
}

/* Appends a problem as a line without markup, because feed readers show the subtitle as plain text. */
static void missing_line(void *context, struct span where, struct span what) {
    struct buffer *out = context;
    if (where.length) {
        page_escape(out, where);
        buffer_add_string(out, ": ");
    }
    page_escape(out, what);
    buffer_add_string(out, "\n");
}

/* Lists what is missing from the digest in the subtitle, since Atom has no element for that. */
static void write_missing(struct buffer *out, const struct edition *edition) {
    size_t count = page_missing_count(edition);
    if (count == 0) return;
    buffer_print(out, "<subtitle>Missing from this digest: %zu\n", count);
    page_missing(edition, missing_line, out);
    buffer_add_string(out, "</subtitle>\n");
}

bool page_feed(const struct page *page, struct buffer *out) {
    const char *day = page->edition->day;
    buffer_print(out,
                 "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<!-- dragoman-version %s -->\n<feed "
                 "xmlns=\"http://www.w3.org/2005/Atom\" xml:lang=\"en\">\n"
                 "<id>urn:dragoman:digest:%s</id>\n<title>Digest of %s</title>\n",
                 page->edition->version, day, day);
    write_missing(out, page->edition);
    element(out, "updated", newest(page));
    buffer_add_string(out, "<generator>Dragoman</generator>\n");
    for (size_t i = 0; i < page->day->count; i++)
        for (size_t j = 0; j < page->day->entries[i].count; j++)
            write_entry(out, page, page->day->entries[i].takes[j].article);
    return buffer_add_string(out, "</feed>\n");
}
