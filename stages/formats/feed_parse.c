/* Parses feeds of any kind: chooses the parser, explains why a document is not a feed, and completes the items. */
#include <string.h>

#include "pipeline/net/url.h"
#include "stages/formats/feed_xml.h"
#include "stages/formats/xml_text.h"

/* Reports the most helpful failure: for a page, the feeds to which it links; for anything else, the name of its first
 * element. */
static bool refuse(struct span text, struct span address, const struct feed_outcome *outcome, struct arena *arena,
                   struct failure *ret_failure) {
    if (outcome->grows)
        return failure_set(ret_failure, REACH_SERVICE, REMEDY_NONE,
                           "%.*s was rejected: its XML entities expand excessively", SPAN_ARGS(address));
    struct span start = span_cut(text, 0, 2048);
    bool page = span_starts_ascii_fold(text, SPAN("<!doctype html")) || span_starts_ascii_fold(text, SPAN("<html")) ||
                strcmp(outcome->root, "html") == 0 || span_find(start, SPAN("<head")) != SIZE_MAX;
    struct span feeds = page ? feed_alternates(text, address, arena) : (struct span){NULL, 0};
    if (page && feeds.length)
        return failure_set(ret_failure, REACH_SERVICE, REMEDY_NONE,
                           "%.*s is a web page, not a feed; it links to these feeds: %.*s", SPAN_ARGS(address),
                           SPAN_ARGS(feeds));
    if (page)
        return failure_set(
            ret_failure, REACH_SERVICE, REMEDY_NONE,
            "%.*s is a web page, not a feed, and links to no feed; use kind = page to read it as an article",
            SPAN_ARGS(address));
    return failure_set(ret_failure, REACH_SERVICE, REMEDY_NONE, "%.*s is not a feed: %s%s", SPAN_ARGS(address),
                       outcome->error ? outcome->error : "its first element is ", outcome->error ? "" : outcome->root);
}

/* Repairs the document only if it is not well-formed, so that a valid feed is never changed. If that does not help, the
 * items before the error are still used. */
static bool parse_xml(struct span text, struct span address, size_t item_limit, struct arena *arena,
                      struct feed *ret_feed, struct failure *ret_failure) {
    struct feed_outcome outcome;
    feed_read_xml(text, address, item_limit, arena, ret_feed, &outcome);
    if (outcome.error && !outcome.grows) {
        struct buffer repaired = BUFFER(8 * text.length + 4096);
        xml_text_repair(text, &repaired);
        feed_read_xml(buffer_span(&repaired), address, item_limit, arena, ret_feed, &outcome);
        buffer_free(&repaired);
    }
    bool usable = outcome.is_feed && (!outcome.error || ret_feed->count > 0) && !outcome.grows;
    return usable || refuse(text, address, &outcome, arena, ret_failure);
}

/* A recording without a usable address is dropped together with its type. */
static void finish_enclosure(struct feed_entry *entry, struct span address, struct arena *arena) {
    if (entry->enclosure.length) entry->enclosure = url_resolve(address, entry->enclosure, arena);
    if (!url_is_remote(entry->enclosure)) entry->enclosure = entry->enclosure_type = (struct span){NULL, 0};
}

/* Whether a local feed may name this file: by a relative link, in its own folder or below. Links within the folder that
 * lead out of it are refused when the file is opened. */
static bool may_name(struct span address, const struct feed_item *item, struct span written) {
    size_t folder = address.length;
    while (folder > 0 && address.at[folder - 1] != '/') folder--;
    return (item->is_relative || !url_names_file(written)) && span_starts(address, SPAN("file://")) &&
           span_starts(item->link, span_cut(address, 0, folder));
}

/* A local feed keeps a link that is refused, because it may be the item's identity. */
static void finish_link(struct feed_item *item, struct span written, struct span address, struct arena *arena) {
    item->link = url_resolve(address, written, arena);
    if (url_is_remote(item->link) || !item->link.length || may_name(address, item, written)) return;
    item->refused = written;
    if (url_is_remote(address)) item->link = (struct span){NULL, 0};
}

/* Completes what is the same for all kinds of feeds: absolute addresses, default author and language. */
static void finish_items(struct feed *feed, struct span address, struct arena *arena) {
    enum { FULL = 800 }; /* min. characters of plain text for a feed's content to count as the whole article */
    for (size_t i = 0; i < feed->count; i++) {
        struct feed_item *item = &feed->items[i];
        bool guid_is_address = url_is_remote(item->guid);
        if (!item->entry.author.length) item->entry.author = feed->author;
        /* An item without a link may use its address as its GUID. */
        finish_link(item, item->link.length || !guid_is_address ? item->link : item->guid, address, arena);
        finish_enclosure(&item->entry, address, arena);
        if (!item->entry.language.length) item->entry.language = feed->language;
        if (!item->entry.content.length) continue;
        struct arena *scratch = arena_new();
        item->entry.content_is_full = text_count(feed_plain(item->entry.content, scratch)) >= FULL;
        arena_free(scratch);
    }
}

/* The first character distinguishes JSON from XML; text before an XML document is tolerated. */
bool feed_parse(struct span text, struct span address, size_t item_limit, struct arena *arena, struct feed *ret_feed,
                struct failure *ret_failure) {
    *ret_feed = (struct feed){0};
    struct buffer clean = BUFFER(4 * text.length + 16);
    struct span start = span_trim(text);
    bool done;
    if (span_starts(start, SPAN("{")))
        done = feed_parse_json(start, item_limit, arena, ret_feed, ret_failure);
    else if (start.length == 0)
        done = failure_set(ret_failure, REACH_SERVICE, REMEDY_NONE, "%.*s is empty", SPAN_ARGS(address));
    else {
        xml_text_clean(text, &clean);
        done = parse_xml(buffer_span(&clean), address, item_limit, arena, ret_feed, ret_failure);
    }
    buffer_free(&clean);
    if (done) finish_items(ret_feed, address, arena);
    return done;
}

/* ---------------------------------------------------------------- recognizing documents */

/* Returns the name of the first element after declarations and comments, without its prefix. */
static struct span first_element(struct span head) {
    for (size_t at; (at = span_find(head, SPAN("<"))) != SIZE_MAX; head = span_cut(head, at + 1, head.length)) {
        struct span name = span_cut(head, at + 1, head.length);
        if (span_starts(name, SPAN("!--"))) {
            size_t end = span_find(name, SPAN("-->"));
            if (end == SIZE_MAX) return SPAN("");
            at += end;
        }
        if (!name.length || name.at[0] == '!' || name.at[0] == '?') continue;
        size_t end = 0, colon;
        while (end < name.length && !text_is_space(name.at[end]) && name.at[end] != '>' && name.at[end] != '/') end++;
        name = span_cut(name, 0, end);
        colon = span_find(name, SPAN(":"));
        return colon == SIZE_MAX ? name : span_cut(name, colon + 1, name.length);
    }
    return SPAN("");
}

/* A text may begin with '<' and not be XML, so without a declaration the closing tag is required. */
struct span feed_xml_root(struct span text) {
    struct span name = first_element(text), start = span_trim(text);
    if (span_starts(start, SPAN("\xEF\xBB\xBF"))) start = span_trim(span_cut(start, 3, start.length));
    if (span_starts(start, SPAN("<?xml"))) return name;
    bool closed = span_starts(start, SPAN("<")) && span_ends(start, SPAN(">")) && name.length &&
                  span_ends(span_cut(start, 0, start.length - 1), name);
    return closed ? name : SPAN("");
}

/* "RDF" is the first element of RSS 1.0 without its prefix. */
bool feed_is(struct span head) {
    struct span name = first_element(head);
    return span_is_ascii_fold(name, "rss") || span_is(name, "feed") || span_is_ascii_fold(name, "rdf") ||
           span_find(head, SPAN("jsonfeed.org/version")) != SIZE_MAX;
}
