/* RSS and Atom through expat: one pass, no tree. */
#include <expat.h>
#include <stdlib.h>
#include <string.h>

#include "pipeline/net/url.h"
#include "stages/formats/feed.h"
#include "stages/formats/xml_text.h"

enum field { NO_FIELD, TITLE, LINK, GUID, SUMMARY, CONTENT, AUTHOR, PUBLISHED, MODIFIED, SECTION, LANGUAGE, CAPTION };
enum form { FORM_HTML, FORM_PLAIN, FORM_XHTML }; /* what the captured text becomes: as it is, escaped, tags kept */

/* Earlier names win over later ones of the same field only by standing first in the item. */
static const struct {
    const char *name;
    enum field field;
} fields[] = {{"title", TITLE},
              {"dc:title", TITLE},
              {"link", LINK},
              {"guid", GUID},
              {"id", GUID},
              {"description", SUMMARY},
              {"summary", SUMMARY},
              {"dc:description", SUMMARY},
              {"media:description", CAPTION},
              {"content:encoded", CONTENT},
              {"content", CONTENT},
              {"body", CONTENT},
              {"xhtml:body", CONTENT},
              {"yandex:full-text", CONTENT},
              {"fulltext", CONTENT},
              {"author", AUTHOR},
              {"dc:creator", AUTHOR},
              {"pubDate", PUBLISHED},
              {"pubdate", PUBLISHED},
              {"published", PUBLISHED},
              {"dc:date", PUBLISHED},
              {"issued", PUBLISHED},
              {"dcterms:created", PUBLISHED},
              {"updated", MODIFIED},
              {"modified", MODIFIED},
              {"dcterms:modified", MODIFIED},
              {"category", SECTION},
              {"dc:subject", SECTION},
              {"language", LANGUAGE},
              {"dc:language", LANGUAGE}};

struct feed_reader {
    XML_Parser expat;
    struct arena *arena;
    struct feed *feed;
    struct span address;
    struct span feed_base, item_base; /* xml:base, absolute; empty: the address */
    size_t item_limit, text_left;     /* bytes of text that may still be kept */
    unsigned depth, item_depth, capture_depth;
    struct feed_item item;
    struct span caption; /* of its picture or film: the summary of an item that has none */
    enum field field;
    enum form form;
    bool is_atom, is_feed, in_name, had_name;
    char root[64];
    struct buffer text;
};

static const char *plain_name(const char *name) {
    static const char *const prefixes[] = {"atom:", "a10:", "atom10:", "rss:"};
    for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++)
        if (strncmp(name, prefixes[i], strlen(prefixes[i])) == 0) return name + strlen(prefixes[i]);
    return name;
}

static struct span attribute(const char **attributes, const char *name) {
    for (; attributes[0]; attributes += 2)
        if (strcmp(attributes[0], name) == 0) return span_of(attributes[1]);
    return (struct span){NULL, 0};
}

static void keep(struct feed_reader *reader, struct span *where, struct span text) {
    if (!where || where->length || text.length == 0 || text.length > reader->text_left) return;
    reader->text_left -= text.length;
    *where = arena_copy(reader->arena, text);
}

static struct span base_of(const struct feed_reader *reader) {
    return reader->item_base.length   ? reader->item_base
           : reader->feed_base.length ? reader->feed_base
                                      : reader->address;
}

static struct span read_base(const struct feed_reader *reader, const char **attributes) {
    struct span base = attribute(attributes, "xml:base");
    return base.length ? url_resolve(base_of(reader), base, reader->arena) : base;
}

/* A link is seen from the base that its own element, its item or the feed names; without one it stays as it is, since
 * feeds that are no Atom have none. */
static void keep_link(struct feed_reader *reader, struct span link, struct span own_base) {
    struct span base = own_base.length ? own_base : base_of(reader);
    bool based = own_base.length || reader->item_base.length || reader->feed_base.length;
    struct span resolved = based && link.length ? url_resolve(base, link, reader->arena) : link;
    keep(reader, &reader->item.link, resolved.length ? resolved : link);
}

static struct span *place_of(struct feed_reader *reader, enum field field) {
    struct feed_item *item = &reader->item;
    switch (field) {
    case TITLE:
        return &item->entry.title;
    case LINK:
        return &item->link;
    case GUID:
        return &item->guid;
    case SUMMARY:
        return &item->entry.summary;
    case CONTENT:
        return &item->entry.content;
    case AUTHOR:
        return &item->entry.author;
    case PUBLISHED:
        return &item->entry.published;
    case MODIFIED:
        return &item->entry.modified;
    case SECTION:
        return &item->entry.section;
    case LANGUAGE:
        return &item->entry.language;
    case CAPTION:
        return &reader->caption;
    case NO_FIELD:
        break;
    }
    return NULL;
}

/* ---------------------------------------------------------------- elements */

static void start_root(struct feed_reader *reader, const char *name, const char **attributes) {
    strncpy(reader->root, name, sizeof reader->root - 1);
    reader->is_atom = strcmp(name, "feed") == 0;
    reader->is_feed = reader->is_atom || strcmp(name, "rss") == 0 || strcmp(name, "rdf:RDF") == 0 ||
                      strcmp(name, "channel") == 0 || strcmp(name, "RDF") == 0;
    keep(reader, &reader->feed->language, attribute(attributes, "xml:lang"));
    reader->feed_base = read_base(reader, attributes);
}

static bool is_image(const char **attributes) {
    struct span type = attribute(attributes, "type"), medium = attribute(attributes, "medium");
    return span_starts_fold(type, SPAN("image/")) || span_is(medium, "image");
}

/* Elements that say something by their attributes alone, at any depth in the item (media:group). */
static void read_attributes(struct feed_reader *reader, const char *name, const char **attributes) {
    struct span href = attribute(attributes, "href"), rel = attribute(attributes, "rel");
    struct feed_entry *entry = &reader->item.entry;
    bool picture = strcmp(name, "media:thumbnail") == 0 || strcmp(name, "itunes:image") == 0;
    bool attached = strcmp(name, "media:content") == 0 || strcmp(name, "enclosure") == 0;
    if (picture || (attached && is_image(attributes))) {
        struct span url = attribute(attributes, "url");
        keep(reader, &entry->image, url.length ? url : href);
    }
    if (reader->depth != reader->item_depth + 1) return;
    if (strcmp(name, "link") == 0 && href.length) {
        struct span type = attribute(attributes, "type");
        bool page = rel.length == 0 || span_is(rel, "alternate");
        if (page && (type.length == 0 || span_find(type, SPAN("html")) != SIZE_MAX))
            keep_link(reader, href, read_base(reader, attributes));
        else if (span_is(rel, "enclosure") && is_image(attributes))
            keep(reader, &entry->image, href);
    }
    if (strcmp(name, "category") == 0) {
        struct span label = attribute(attributes, "label");
        keep(reader, &entry->section, label.length ? label : attribute(attributes, "term"));
    }
    if (strcmp(name, "content") == 0 && attribute(attributes, "src").length)
        keep_link(reader, attribute(attributes, "src"), read_base(reader, attributes));
}

static enum form form_of(const struct feed_reader *reader, const char **attributes) {
    struct span type = attribute(attributes, "type");
    if (span_find(type, SPAN("xhtml")) != SIZE_MAX || span_is(attribute(attributes, "mode"), "xml")) return FORM_XHTML;
    if (span_find(type, SPAN("html")) != SIZE_MAX) return FORM_HTML;
    bool texts = reader->field == SUMMARY || reader->field == CONTENT;
    return reader->is_atom && texts ? FORM_PLAIN : FORM_HTML;
}

static void start_capture(struct feed_reader *reader, const char *name, const char **attributes) {
    reader->field = NO_FIELD;
    for (size_t i = 0; i < sizeof fields / sizeof *fields && !reader->field; i++)
        if (strcmp(fields[i].name, name) == 0) reader->field = fields[i].field;
    bool of_channel = reader->item_depth == 0;
    if (reader->field == NO_FIELD || (of_channel && reader->field != TITLE && reader->field != LANGUAGE)) return;
    reader->capture_depth = reader->depth;
    reader->form = form_of(reader, attributes);
    reader->in_name = reader->had_name = false;
    buffer_clear(&reader->text);
}

/* Markup inside a text: kept as markup where the text is HTML. */
static void nested_start(struct feed_reader *reader, const char *name, const char **attributes) {
    if (reader->field == AUTHOR) {
        reader->in_name = strcmp(name, "name") == 0 && !reader->had_name;
        if (reader->in_name) buffer_clear(&reader->text);
        return;
    }
    if (reader->form == FORM_PLAIN) return;
    buffer_print(&reader->text, "<%s", name);
    for (; attributes[0]; attributes += 2) {
        buffer_print(&reader->text, " %s=\"", attributes[0]);
        feed_escape(span_of(attributes[1]), &reader->text);
        buffer_add_string(&reader->text, "\"");
    }
    buffer_add_string(&reader->text, ">");
}

static void XMLCALL on_start(void *data, const char *raw_name, const char **attributes) {
    struct feed_reader *reader = data;
    const char *name = plain_name(raw_name);
    reader->depth++;
    if (reader->depth == 1) start_root(reader, name, attributes);
    if (reader->capture_depth) {
        nested_start(reader, name, attributes);
        return;
    }
    if (!reader->item_depth && (strcmp(name, "item") == 0 || strcmp(name, "entry") == 0)) {
        reader->item_depth = reader->depth;
        reader->item = (struct feed_item){0};
        reader->caption = (struct span){NULL, 0};
        keep(reader, &reader->item.guid, attribute(attributes, "rdf:about"));
        keep(reader, &reader->item.entry.language, attribute(attributes, "xml:lang"));
        reader->item_base = (struct span){NULL, 0};
        reader->item_base = read_base(reader, attributes);
        return;
    }
    if (reader->item_depth) read_attributes(reader, name, attributes);
    if (reader->depth == reader->item_depth + 1 || (!reader->item_depth && reader->depth <= 3))
        start_capture(reader, name, attributes);
}

static void add_item(struct feed_reader *reader) {
    struct feed *feed = reader->feed;
    struct feed_item *item = &reader->item;
    if (feed->count >= reader->item_limit) {
        feed->left_out++;
        return;
    }
    if (!item->entry.summary.length) item->entry.summary = reader->caption;
    feed->items = arena_grow(reader->arena, feed->items, feed->count, &feed->capacity, sizeof *feed->items);
    feed->items[feed->count++] = *item;
}

static void end_capture(struct feed_reader *reader) {
    struct span text = span_trim(buffer_span(&reader->text));
    struct arena *scratch = arena_new();
    if (reader->field != SUMMARY && reader->field != CONTENT && reader->field != CAPTION && reader->field != LINK &&
        reader->field != GUID)
        text = feed_plain(text, scratch);
    if (reader->field == TITLE && span_find(text, SPAN("&")) != SIZE_MAX)
        text = feed_plain(text, scratch); /* escaped twice */
    if (reader->item_depth && reader->field == LINK)
        keep_link(reader, text, SPAN(""));
    else if (reader->item_depth)
        keep(reader, place_of(reader, reader->field), text);
    else
        keep(reader, reader->field == TITLE ? &reader->feed->title : &reader->feed->language, text);
    arena_free(scratch);
    reader->capture_depth = 0;
}

static void nested_end(struct feed_reader *reader, const char *name) {
    if (reader->field == AUTHOR) {
        reader->had_name = reader->had_name || reader->in_name;
        reader->in_name = false;
    } else if (reader->form != FORM_PLAIN) {
        buffer_print(&reader->text, "</%s>", name);
    }
}

static void XMLCALL on_end(void *data, const char *raw_name) {
    struct feed_reader *reader = data;
    if (reader->capture_depth == reader->depth)
        end_capture(reader);
    else if (reader->capture_depth)
        nested_end(reader, plain_name(raw_name));
    else if (reader->item_depth && reader->item_depth == reader->depth) {
        add_item(reader);
        reader->item_depth = 0;
    }
    reader->depth--;
}

static void XMLCALL on_text(void *data, const char *at, int length) {
    struct feed_reader *reader = data;
    if (!reader->capture_depth) return;
    bool inside = reader->depth > reader->capture_depth;
    if (reader->field == AUTHOR && (inside ? !reader->in_name : reader->had_name)) return;
    struct span text = {at, (size_t)length};
    if (reader->form == FORM_HTML)
        buffer_add_span(&reader->text, text);
    else
        feed_escape(text, &reader->text);
}

/* ---------------------------------------------------------------- one pass */

/* False when expat met an error; *ret_feed holds what stood before it. */
static bool parse_once(struct span text, struct feed_reader *reader, enum XML_Error *ret_error) {
    reader->expat = XML_ParserCreate("UTF-8");
    if (!reader->expat) memory_exhausted();
    XML_SetUserData(reader->expat, reader);
    XML_SetElementHandler(reader->expat, on_start, on_end);
    XML_SetCharacterDataHandler(reader->expat, on_text);
    enum XML_Status status = XML_STATUS_OK;
    for (size_t at = 0; status == XML_STATUS_OK && at <= text.length; at += 1 << 20) {
        struct span piece = span_cut(text, at, at + (1 << 20));
        bool last = at + piece.length >= text.length;
        status = XML_Parse(reader->expat, piece.at, (int)piece.length, last);
        if (last) break;
    }
    *ret_error = status == XML_STATUS_OK ? XML_ERROR_NONE : XML_GetErrorCode(reader->expat);
    reader->feed->broken_at = *ret_error ? (size_t)XML_GetCurrentLineNumber(reader->expat) : 0;
    XML_ParserFree(reader->expat);
    buffer_free(&reader->text);
    return *ret_error == XML_ERROR_NONE;
}

static struct feed_reader new_reader(struct span text, struct span address, size_t item_limit, struct arena *arena,
                                     struct feed *feed) {
    *feed = (struct feed){0};
    return (struct feed_reader){.arena = arena,
                                .feed = feed,
                                .address = address,
                                .item_limit = item_limit,
                                .text_left = 4 * text.length + 65536,
                                .text = BUFFER(4 * text.length + 65536)};
}

static bool refuse(struct span text, struct span address, const char *root, enum XML_Error error, struct arena *arena,
                   struct failure *ret_failure) {
    if (error == XML_ERROR_AMPLIFICATION_LIMIT_BREACH)
        return failure_set(ret_failure, REACH_SERVICE, REMEDY_NONE,
                           "%.*s is refused: its entities grow without measure", SPAN_ARGS(address));
    struct span start = span_cut(text, 0, 2048);
    bool page = span_starts_fold(text, SPAN("<!doctype html")) || span_starts_fold(text, SPAN("<html")) ||
                strcmp(root, "html") == 0 || span_find(start, SPAN("<head")) != SIZE_MAX;
    struct span feeds = page ? feed_alternates(text, address, arena) : (struct span){NULL, 0};
    if (page && feeds.length)
        return failure_set(ret_failure, REACH_SERVICE, REMEDY_NONE,
                           "%.*s is a web page, no feed; it names these feeds: %.*s", SPAN_ARGS(address),
                           SPAN_ARGS(feeds));
    if (page)
        return failure_set(ret_failure, REACH_SERVICE, REMEDY_NONE,
                           "%.*s is a web page, no feed, and names none; use kind = page to read it as an article",
                           SPAN_ARGS(address));
    return failure_set(ret_failure, REACH_SERVICE, REMEDY_NONE, "%.*s is no feed: %s%s", SPAN_ARGS(address),
                       error ? XML_ErrorString(error) : "its first element is ", error ? "" : root);
}

static bool parse_xml(struct span text, struct span address, size_t item_limit, struct arena *arena,
                      struct feed *ret_feed, struct failure *ret_failure) {
    enum XML_Error error;
    struct feed_reader reader = new_reader(text, address, item_limit, arena, ret_feed);
    bool done = parse_once(text, &reader, &error);
    if (!done && error != XML_ERROR_AMPLIFICATION_LIMIT_BREACH) {
        struct buffer mended = BUFFER(8 * text.length + 4096);
        xml_text_repair(text, &mended);
        reader = new_reader(buffer_span(&mended), address, item_limit, arena, ret_feed);
        done = parse_once(buffer_span(&mended), &reader, &error);
        buffer_free(&mended);
    }
    bool usable = reader.is_feed && (done || ret_feed->count > 0) && error != XML_ERROR_AMPLIFICATION_LIMIT_BREACH;
    return usable || refuse(text, address, reader.root, error, arena, ret_failure);
}

static void finish_items(struct feed *feed, struct span address, struct arena *arena) {
    enum { FULL = 800 }; /* characters of plain text from which on a feed's content is taken for the article */
    bool local = span_starts_fold(address, SPAN("file://"));
    for (size_t i = 0; i < feed->count; i++) {
        struct feed_item *item = &feed->items[i];
        bool guid_is_address = url_is_remote(item->guid);
        item->link = url_resolve(address, item->link.length || !guid_is_address ? item->link : item->guid, arena);
        if (!local && !url_is_remote(item->link)) item->link = (struct span){NULL, 0};
        if (!item->entry.language.length) item->entry.language = feed->language;
        if (!item->entry.content.length) continue;
        struct arena *scratch = arena_new();
        item->entry.content_is_full = text_count(feed_plain(item->entry.content, scratch)) >= FULL;
        arena_free(scratch);
    }
}

bool feed_parse(struct span raw, struct span content_type, struct span address, size_t item_limit, struct arena *arena,
                struct feed *ret_feed, struct failure *ret_failure) {
    *ret_feed = (struct feed){0};
    struct buffer text = BUFFER(4 * raw.length + 16);
    struct span start = span_trim(raw);
    bool done;
    if (span_starts(start, SPAN("{")))
        done = feed_parse_json(start, item_limit, arena, ret_feed, ret_failure);
    else if (start.length == 0)
        done = failure_set(ret_failure, REACH_SERVICE, REMEDY_NONE, "%.*s is empty", SPAN_ARGS(address));
    else {
        xml_text_decode(raw, content_type, &text);
        done = parse_xml(buffer_span(&text), address, item_limit, arena, ret_feed, ret_failure);
    }
    buffer_free(&text);
    if (done) finish_items(ret_feed, address, arena);
    return done;
}
