/* Writes the digest of a day as an Atom feed for feed readers and newsroom systems. */
#include "stages/digest/feed.h"

#include <stdio.h>
#include <stdlib.h>

#include "pipeline/net/url.h"

/* The day from which on the ids are ours to give (RFC 4151); it must never change. */
#define TAG_DATE "2026"
enum { NOTES_LIMIT = 16 << 20 };

/* ---------------------------------------------------------------- where the feeds are */

/* A tag names a domain, so addresses that name none, such as "[::1]", cannot be used. */
static bool is_domain(struct span host) {
    for (size_t i = 0; i < host.length; i++) {
        char c = host.at[i];
        if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.')) return false;
    }
    return host.length > 0;
}

struct feed_place feed_place_of(const struct digest_settings *settings, struct arena *arena) {
    struct feed_place place = {.tag = SPAN("tag:dragoman.invalid," TAG_DATE ":")};
    if (!settings) return place;
    place.summaries = settings->feed == FEED_SUMMARIES;
    if (!settings->url.length) return place;
    struct span host = url_host(settings->url, arena);
    host = span_cut(host, 0, span_find(host, SPAN(":")));
    if (is_domain(host)) place.tag = arena_print(arena, "tag:%.*s," TAG_DATE ":", SPAN_ARGS(host));
    place.url = settings->url;
    while (span_ends(place.url, SPAN("/"))) place.url.length--;
    return place;
}

/* ---------------------------------------------------------------- the head of a feed */

static void write_link(const struct feed_place *place, const char *relation, const char *type, const char *folder,
                       const char *name, struct buffer *out) {
    buffer_print(out, "<link rel=\"%s\" type=\"%s\" href=\"", relation, type);
    atom_address(out, place->url);
    buffer_print(out, "/%s%s\"/>\n", folder, name);
}

void feed_head(const struct feed_place *place, const char *id, const char *title, const char *folder,
               struct span updated, struct buffer *out) {
    buffer_print(out, "<id>%.*s%s</id>\n<title>%s</title>\n", SPAN_ARGS(place->tag), id, title);
    buffer_print(out, "<updated>%.*s</updated>\n", SPAN_ARGS(updated));
    if (place->url.length) {
        write_link(place, "self", "application/atom+xml", folder, "feed.xml", out);
        write_link(place, "alternate", "text/html", folder, "index.html", out);
    }
    buffer_add_string(out, "<generator>Dragoman</generator>\n");
}

/* Appends a problem as a line without markup, because feed readers show the subtitle as plain text. */
static void missing_line(void *context, struct span where, struct span what) {
    struct buffer *out = context;
    if (where.length) {
        atom_escape(out, where);
        buffer_add_string(out, ": ");
    }
    atom_escape(out, what);
    buffer_add_string(out, "\n");
}

/* Lists in the subtitle what is missing from the digest, since Atom has no element for that. */
static void write_missing(struct buffer *out, const struct edition *edition) {
    size_t count = page_missing_count(edition);
    if (count == 0) return;
    buffer_print(out, "<subtitle>Missing from the digest of %s: %zu\n", edition->day, count);
    page_missing(edition, missing_line, out);
    buffer_add_string(out, "</subtitle>\n");
}

/* ---------------------------------------------------------------- the entries */

struct items {
    struct feed_item *items;
    size_t count, capacity;
};

static void add_item(const struct page *page, struct items *items, struct feed_item item) {
    items->items = arena_grow(page->day->arena, items->items, items->count, &items->capacity, sizeof *items->items);
    items->items[items->count++] = item;
}

static void add_articles(const struct page *page, struct items *items) {
    for (size_t i = 0; i < page->day->count; i++) {
        const struct entry *entry = &page->day->entries[i];
        for (size_t j = 0; j < entry->count; j++)
            add_item(page, items,
                     (struct feed_item){.id = span_of(entry->takes[j].article->id),
                                        .updated = feed_updated(entry->takes[j].article),
                                        .entry = entry,
                                        .take = &entry->takes[j]});
    }
}

/* Rows of earlier versions have only the day since when an article waits. */
static struct span moment(const struct page *page, struct span since) {
    if (since.length == 20) return since;
    bool is_day = span_form(since, "dddd-dd-dd") == since.length && since.length;
    return arena_print(page->day->arena, "%.10sT00:00:00Z", is_day ? since.at : page->edition->day);
}

static void add_missing(const struct page *page, const cJSON *list, struct items *items) {
    const cJSON *article;
    cJSON_ArrayForEach(article, list)
        add_item(page, items,
                 (struct feed_item){.id = json_member_text(article, "id"),
                                    .updated = moment(page, json_member_text(article, "since")),
                                    .missing = article});
}

static int newest_first(const void *left, const void *right) {
    const struct feed_item *a = left, *b = right;
    int order = span_compare(b->updated, a->updated);
    if (!order) order = span_compare(a->id, b->id);
    return order ? order : (a->missing != NULL) - (b->missing != NULL);
}

static cJSON *list_items(const struct page *page, struct items *ret_items) {
    struct span notes = page->edition->run_notes;
    cJSON *run = notes.length ? json_parse(notes, NOTES_LIMIT, "the day's notes", NULL) : NULL;
    add_articles(page, ret_items);
    add_missing(page, json_member(run, "failed"), ret_items);
    add_missing(page, json_member(run, "waiting"), ret_items);
    if (ret_items->count) qsort(ret_items->items, ret_items->count, sizeof *ret_items->items, newest_first);
    return run;
}

bool page_feed(const struct page *page, struct buffer *out) {
    struct items items = {0};
    char id[256], title[256], folder[16];
    struct span days = page_days(page->edition);
    snprintf(id, sizeof id, "%s/%.*s", page->edition->selection ? "selection" : "day", SPAN_ARGS(days));
    snprintf(title, sizeof title, "Digest of %.*s", SPAN_ARGS(days));
    snprintf(folder, sizeof folder, "%s/", page->edition->selection ? "selections" : page->edition->day);
    cJSON *run = list_items(page, &items);
    buffer_print(out,
                 "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<!-- dragoman-version %s -->\n<feed "
                 "xmlns=\"http://www.w3.org/2005/Atom\" xml:lang=\"en\">\n",
                 page->edition->version);
    struct feed_place place = page->feed;
    /* Nobody knows where a selection will be on the web. */
    if (page->edition->selection) place.url = SPAN("");
    feed_head(&place, id, title, folder, items.count ? items.items[0].updated : moment(page, SPAN("")), out);
    write_missing(out, page->edition);
    for (size_t i = 0; i < items.count; i++) {
        feed_entry_write(page, &items.items[i], out);
        page_drain(page, out);
    }
    cJSON_Delete(run);
    return buffer_add_string(out, "</feed>\n");
}
