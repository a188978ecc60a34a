#include "stages/formats/feed_page.h"

#include "stages/formats/feed.h"

/* Escaping makes a title at most six times as long, and it is written twice. */
struct span feed_page(const struct feed_entry *feed, struct arena *arena) {
    struct span text = feed->content.length ? feed->content : feed->summary;
    if (!text.length) return text;
    struct buffer page = BUFFER(text.length + 12 * feed->title.length + 512);
    buffer_add_string(&page, "<!DOCTYPE html><html><head><meta charset=\"utf-8\"><title>");
    feed_escape(feed->title, &page);
    buffer_add_string(&page, "</title></head><body><article><h1>");
    feed_escape(feed->title, &page);
    buffer_add_string(&page, "</h1>\n<div>");
    buffer_add_span(&page, text);
    buffer_add_string(&page, "</div></article></body></html>\n");
    struct span made = arena_copy(arena, buffer_span(&page));
    buffer_free(&page);
    return made;
}
