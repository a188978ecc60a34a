/* Parses RSS and Atom with expat in one pass, without building a tree. */
#include <stdio.h>
#include <string.h>

#include "pipeline/base/xml.h"
#include "pipeline/net/url.h"
#include "stages/formats/feed_base.h"
#include "stages/formats/feed_names.h"
#include "stages/formats/feed_xml.h"
#include "stages/formats/mail_coding.h"
#include "stages/formats/sniff.h"

/* How captured text is converted: kept as HTML, escaped, escaped with its tags kept, or decoded from base64. */
enum form { FORM_HTML, FORM_PLAIN, FORM_XHTML, FORM_BASE64 };

struct feed_reader {
    struct arena *arena;
    struct feed *feed;
    struct span address;
    struct feed_base feed_base, item_base; /* xml:base; if empty, the document's address applies */
    size_t item_limit, text_left;          /* text_left: number of bytes of text that may still be kept */
    unsigned depth, item_depth, capture_depth;
    unsigned source_depth, group_depth; /* depth of <source> or <media:group>, whose children are read too; or 0 */
    struct feed_item item, fallback;    /* fallback: values that are used where the item has no others */
    enum feed_field field;
    enum form form;
    bool is_atom, is_feed, is_fallback, is_plain, in_name, had_name;
    char root[FEED_ROOT];
    struct feed_names names;
    struct buffer text;
};

static struct span attribute(const char **attributes, const char *name) {
    for (; attributes[0]; attributes += 2)
        if (strcmp(attributes[0], name) == 0) return span_of(attributes[1]);
    return (struct span){NULL, 0};
}

/* If an item has a field more than once, the first value is kept. A value that exceeds the limit is dropped. */
static void keep(struct feed_reader *reader, struct span *where, struct span text) {
    if (!where || where->length || text.length == 0 || text.length > reader->text_left) return;
    reader->text_left -= text.length;
    *where = arena_copy(reader->arena, text);
}

static struct feed_base base_of(const struct feed_reader *reader) {
    struct feed_base stated = feed_base_or(reader->item_base, reader->feed_base);
    return feed_base_or(stated, (struct feed_base){.address = reader->address});
}

static struct feed_base read_base(const struct feed_reader *reader, const char **attributes) {
    return feed_base_read(base_of(reader), attribute(attributes, "xml:base"), reader->arena);
}

/* Resolves a link against the base that its element, its item or the feed states. Without one, the link is kept as it
 * is, because only Atom defines xml:base; feed_parse() resolves it against the document's address. */
static void keep_link(struct feed_reader *reader, struct span link, struct feed_base own_base) {
    struct feed_base base = feed_base_or(own_base, feed_base_or(reader->item_base, reader->feed_base));
    bool based = base.address.length && link.length, first = !reader->item.link.length;
    struct span resolved = based ? url_resolve(base.address, link, reader->arena) : link;
    keep(reader, &reader->item.link, resolved.length ? resolved : link);
    if (first) reader->item.is_relative = based && feed_base_is_relative(base, link);
}

static struct span *place_in(struct feed_item *item, enum feed_field field) {
    struct feed_entry *entry = &item->entry;
    switch (field) {
    case FEED_TITLE:
        return &entry->title;
    case FEED_LINK:
        return &item->link;
    case FEED_GUID:
        return &item->guid;
    case FEED_SUMMARY:
        return &entry->summary;
    case FEED_CONTENT:
        return &entry->content;
    case FEED_AUTHOR:
        return &entry->author;
    case FEED_PUBLISHED:
        return &entry->published;
    case FEED_MODIFIED:
        return &entry->modified;
    case FEED_SECTION:
        return &entry->section;
    case FEED_LANGUAGE:
        return &entry->language;
    case FEED_NONE:
        break;
    }
    return NULL;
}

/* Fills the fields that the item itself leaves empty. */
static void use_fallback(struct feed_item *item, const struct feed_item *fallback) {
    for (enum feed_field field = FEED_TITLE; field <= FEED_LANGUAGE; field++) {
        struct feed_item copy = *fallback;
        struct span *place = place_in(item, field);
        if (!place->length) *place = *place_in(&copy, field);
    }
}

/* ---------------------------------------------------------------- elements */

static void start_root(struct feed_reader *reader, const char *name, const char **attributes) {
    snprintf(reader->root, sizeof reader->root, "%s", name);
    reader->is_atom = strcmp(name, "feed") == 0;
    reader->is_feed = reader->is_atom || strcmp(name, "rss") == 0 || strcmp(name, "rdf:RDF") == 0 ||
                      strcmp(name, "channel") == 0 || strcmp(name, "RDF") == 0;
    keep(reader, &reader->feed->language, attribute(attributes, "xml:lang"));
    reader->feed_base = read_base(reader, attributes);
}

/* Keeps the first recording that belongs to the item; for pictures, see is_image(). */
static void keep_enclosure(struct feed_reader *reader, struct span url, struct span type) {
    struct feed_entry *entry = &reader->item.entry;
    if (entry->enclosure.length || !url.length) return;
    keep(reader, &entry->enclosure, url_resolve(base_of(reader).address, url, reader->arena));
    keep(reader, &entry->enclosure_type, type);
}

static bool is_recording(const char **attributes) {
    struct span type = attribute(attributes, "type"), medium = attribute(attributes, "medium");
    return span_starts_ascii_fold(type, SPAN("audio/")) || span_starts_ascii_fold(type, SPAN("video/")) ||
           span_is(medium, "audio") || span_is(medium, "video");
}

static bool is_image(const char **attributes) {
    struct span type = attribute(attributes, "type"), medium = attribute(attributes, "medium");
    return span_starts_ascii_fold(type, SPAN("image/")) || span_is(medium, "image");
}

/* Pictures and recordings may be at any depth in an item, for example in media:group. */
static void read_media(struct feed_reader *reader, const char *name, const char **attributes) {
    struct span href = attribute(attributes, "href"), url = attribute(attributes, "url");
    bool picture = strcmp(name, "media:thumbnail") == 0 || strcmp(name, "itunes:image") == 0,
         enclosed = strcmp(name, "enclosure") == 0, attached = enclosed || strcmp(name, "media:content") == 0;
    if (picture || (attached && is_image(attributes)))
        keep(reader, &reader->item.entry.image, url.length ? url : href);
    else if (enclosed || (attached && is_recording(attributes)))
        keep_enclosure(reader, url, attribute(attributes, "type"));
}

/* Reads a <link> of Atom, or an atom:link in another feed. */
static void read_link(struct feed_reader *reader, struct span href, const char **attributes) {
    struct span type = attribute(attributes, "type"), rel = attribute(attributes, "rel");
    bool page = rel.length == 0 || span_is(rel, "alternate");
    if (page && (type.length == 0 || span_find(type, SPAN("html")) != SIZE_MAX))
        keep_link(reader, href, read_base(reader, attributes));
    else if (span_is(rel, "enclosure") && is_image(attributes))
        keep(reader, &reader->item.entry.image, href);
    else if (span_is(rel, "enclosure"))
        keep_enclosure(reader, href, type);
}

/* Reads elements that carry their information in attributes. */
static void read_attributes(struct feed_reader *reader, const char *name, const char **attributes) {
    struct span href = attribute(attributes, "href"), label = attribute(attributes, "label");
    read_media(reader, name, attributes);
    if (reader->depth != reader->item_depth + 1) return;
    if (strcmp(name, "link") == 0 && href.length) read_link(reader, href, attributes);
    if (strcmp(name, "category") == 0)
        keep(reader, &reader->item.entry.section, label.length ? label : attribute(attributes, "term"));
    if (strcmp(name, "content") == 0 && attribute(attributes, "src").length)
        keep_link(reader, attribute(attributes, "src"), read_base(reader, attributes));
}

/* The content of an Atom entry may be a picture or a document, in base64. */
static bool is_media(struct span type) {
    return span_find(type, SPAN("/")) != SIZE_MAX && !span_starts_ascii_fold(type, SPAN("text/")) &&
           span_find(type, SPAN("xml")) == SIZE_MAX && span_find(type, SPAN("html")) == SIZE_MAX;
}

/* Atom states the form of each text; RSS does not, so its texts are HTML. */
static enum form form_of(const struct feed_reader *reader, const char **attributes) {
    struct span type = attribute(attributes, "type"), mode = attribute(attributes, "mode");
    bool html = span_find(type, SPAN("html")) != SIZE_MAX;
    if (span_is(mode, "base64") || (reader->is_atom && is_media(type))) return FORM_BASE64;
    if (span_find(type, SPAN("xhtml")) != SIZE_MAX || span_is(mode, "xml")) return FORM_XHTML;
    if (html || !reader->is_atom) return FORM_HTML;
    bool texts = reader->field == FEED_SUMMARY || reader->field == FEED_CONTENT;
    return texts || type.length ? FORM_PLAIN : FORM_HTML;
}

/* Of the feed itself, only the title, the language and an author for all items are kept. */
static void start_capture(struct feed_reader *reader, const char *name, const char **attributes) {
    reader->is_fallback = false;
    reader->field = feed_names_field(name, &reader->is_fallback);
    bool of_feed = reader->item_depth == 0,
         for_all = reader->field == FEED_TITLE || reader->field == FEED_LANGUAGE ||
                   (reader->field == FEED_AUTHOR && (reader->is_atom || reader->is_fallback));
    if (reader->field == FEED_NONE || (of_feed && !for_all)) return;
    reader->capture_depth = reader->depth;
    reader->form = form_of(reader, attributes);
    reader->is_plain = span_starts_ascii_fold(attribute(attributes, "type"), SPAN("text/plain"));
    reader->in_name = reader->had_name = false;
    if (reader->item_depth) keep(reader, &reader->fallback.entry.language, attribute(attributes, "xml:lang"));
    buffer_clear(&reader->text);
}

static const char *html_name(const char *name) {
    return strncmp(name, "xhtml:", 6) == 0 ? name + 6 : name;
}

/* Handles elements inside a captured text. They are kept as markup if the text is HTML; in an author, only <name>
 * counts. */
static void nested_start(struct feed_reader *reader, const char *name, const char **attributes) {
    if (reader->field == FEED_AUTHOR) {
        reader->in_name = strcmp(name, "name") == 0 && !reader->had_name;
        if (reader->in_name) buffer_clear(&reader->text);
        return;
    }
    if (reader->form != FORM_HTML && reader->form != FORM_XHTML) return;
    buffer_print(&reader->text, "<%s", html_name(name));
    for (; attributes[0]; attributes += 2) {
        buffer_print(&reader->text, " %s=\"", attributes[0]);
        feed_escape(span_of(attributes[1]), &reader->text);
        buffer_add_string(&reader->text, "\"");
    }
    buffer_add_string(&reader->text, ">");
}

static void start_item(struct feed_reader *reader, const char **attributes) {
    reader->item_depth = reader->depth;
    reader->item = reader->fallback = (struct feed_item){0};
    keep(reader, &reader->item.guid, attribute(attributes, "rdf:about"));
    keep(reader, &reader->item.entry.language, attribute(attributes, "xml:lang"));
    reader->item_base = (struct feed_base){.names_file = false};
    reader->item_base = read_base(reader, attributes);
}

/* Text is captured from child elements of the item or the feed, from the author of the feed from which an Atom entry
 * was copied, and from the description that media:group gives for several versions of a recording. */
static bool is_captured_here(const struct feed_reader *reader, const char *name) {
    if (reader->group_depth) return reader->depth == reader->group_depth + 1 && strncmp(name, "media:", 6) == 0;
    if (reader->source_depth) return reader->depth == reader->source_depth + 1 && strcmp(name, "author") == 0;
    return reader->item_depth ? reader->depth == reader->item_depth + 1 : reader->depth <= 3;
}

/* Inside a captured text, elements are part of the text and not read separately. */
static void XMLCALL on_start(void *data, const char *raw_name, const char **attributes) {
    struct feed_reader *reader = data;
    feed_names_declare(&reader->names, attributes);
    const char *name = feed_names_plain(&reader->names, raw_name);
    reader->depth++;
    if (reader->depth == 1) start_root(reader, name, attributes);
    if (reader->depth == 2 && strcmp(name, "channel") == 0)
        keep(reader, &reader->feed->language, attribute(attributes, "xml:lang"));
    if (reader->capture_depth) {
        nested_start(reader, name, attributes);
        return;
    }
    if (!reader->item_depth && (strcmp(name, "item") == 0 || strcmp(name, "entry") == 0)) {
        start_item(reader, attributes);
        return;
    }
    if (reader->item_depth && !reader->source_depth) read_attributes(reader, name, attributes);
    if (is_captured_here(reader, name)) start_capture(reader, name, attributes);
    if (!reader->item_depth || reader->depth != reader->item_depth + 1) return;
    if (reader->is_atom && strcmp(name, "source") == 0) reader->source_depth = reader->depth;
    if (strcmp(name, "media:group") == 0) reader->group_depth = reader->depth;
}

static void add_item(struct feed_reader *reader) {
    struct feed *feed = reader->feed;
    if (feed->count >= reader->item_limit) {
        feed->left_out++;
        return;
    }
    use_fallback(&reader->item, &reader->fallback);
    feed->items = arena_grow(reader->arena, feed->items, feed->count, &feed->capacity, sizeof *feed->items);
    feed->items[feed->count++] = reader->item;
}

/* Decodes base64. The result must be text in the feed's encoding, which is UTF-8 at this point; anything else, such as
 * a picture, is dropped. */
static struct span unpack(struct span text, bool is_plain, struct arena *arena) {
    struct buffer bytes = BUFFER(text.length + 16), escaped = BUFFER(6 * text.length + 16);
    mail_base64(text, &bytes);
    struct span found = buffer_span(&bytes);
    if (!text_valid(found) || sniff_file(found) || sniff_binary(found)) found = SPAN("");
    if (is_plain && feed_escape(found, &escaped)) found = buffer_span(&escaped);
    found = arena_copy(arena, span_trim(found));
    buffer_free(&bytes);
    buffer_free(&escaped);
    return found;
}

static struct span captured(const struct feed_reader *reader, struct arena *scratch) {
    struct span text = span_trim(buffer_span(&reader->text));
    enum feed_field field = reader->field;
    if (reader->form == FORM_BASE64) text = unpack(text, reader->is_plain, scratch);
    if (field == FEED_SUMMARY || field == FEED_CONTENT || field == FEED_LINK || field == FEED_GUID) return text;
    text = feed_plain(text, scratch);
    return field == FEED_TITLE && span_find(text, SPAN("&")) != SIZE_MAX ? feed_references(text, scratch) : text;
}

static void keep_author(struct feed_reader *reader, struct span name) {
    struct feed_item *item = reader->is_fallback || reader->source_depth ? &reader->fallback : &reader->item;
    struct span *names = reader->item_depth ? &item->entry.author : &reader->feed->author;
    if (name.length > reader->text_left) return;
    reader->text_left -= name.length;
    *names = feed_add_person(*names, name, reader->arena);
}

static void end_capture(struct feed_reader *reader) {
    struct arena *scratch = arena_new();
    struct span text = captured(reader, scratch);
    if (reader->field == FEED_AUTHOR)
        keep_author(reader, text);
    else if (reader->item_depth && reader->field == FEED_LINK)
        keep_link(reader, text, (struct feed_base){.names_file = false});
    else if (reader->item_depth)
        keep(reader, place_in(reader->is_fallback ? &reader->fallback : &reader->item, reader->field), text);
    else if (!reader->is_fallback)
        keep(reader, reader->field == FEED_TITLE ? &reader->feed->title : &reader->feed->language, text);
    arena_free(scratch);
    reader->capture_depth = 0;
}

static void nested_end(struct feed_reader *reader, const char *name) {
    if (reader->field == FEED_AUTHOR) {
        reader->had_name = reader->had_name || reader->in_name;
        reader->in_name = false;
    } else if (reader->form == FORM_HTML || reader->form == FORM_XHTML) {
        buffer_print(&reader->text, "</%s>", html_name(name));
    }
}

static void XMLCALL on_end(void *data, const char *raw_name) {
    struct feed_reader *reader = data;
    if (reader->capture_depth == reader->depth)
        end_capture(reader);
    else if (reader->capture_depth)
        nested_end(reader, feed_names_plain(&reader->names, raw_name));
    else if (reader->source_depth == reader->depth)
        reader->source_depth = 0;
    else if (reader->group_depth == reader->depth)
        reader->group_depth = 0;
    else if (reader->item_depth == reader->depth) {
        add_item(reader);
        reader->item_depth = 0;
    }
    reader->depth--;
}

/* expat decodes references, so texts that are not HTML are escaped again. */
static void XMLCALL on_text(void *data, const char *at, int length) {
    struct feed_reader *reader = data;
    if (!reader->capture_depth) return;
    bool inside = reader->depth > reader->capture_depth;
    if (reader->field == FEED_AUTHOR && (inside ? !reader->in_name : reader->had_name)) return;
    struct span text = {at, (size_t)length};
    if (reader->form == FORM_HTML || reader->form == FORM_BASE64)
        buffer_add_span(&reader->text, text);
    else
        feed_escape(text, &reader->text);
}

/* ---------------------------------------------------------------- running the parser */

static void parse_once(struct span text, struct feed_reader *reader, struct feed_outcome *ret_outcome) {
    XML_Parser expat = xml_parser_new("UTF-8", NULL);
    enum { PIECE = 1 << 20 };
    XML_SetUserData(expat, reader);
    XML_SetElementHandler(expat, on_start, on_end);
    XML_SetCharacterDataHandler(expat, on_text);
    enum XML_Status status = XML_STATUS_OK;
    for (size_t at = 0; status == XML_STATUS_OK && at <= text.length; at += PIECE) {
        struct span piece = span_cut(text, at, at + PIECE);
        bool last = at + piece.length >= text.length;
        status = XML_Parse(expat, piece.at, (int)piece.length, last);
        if (last) break;
    }
    enum XML_Error error = status == XML_STATUS_OK ? XML_ERROR_NONE : XML_GetErrorCode(expat);
    ret_outcome->error = error ? XML_ErrorString(error) : NULL;
    ret_outcome->grows = error == XML_ERROR_AMPLIFICATION_LIMIT_BREACH;
    reader->feed->broken_at = error ? (size_t)XML_GetCurrentLineNumber(expat) : 0;
    XML_ParserFree(expat);
}

void feed_read_xml(struct span text, struct span address, size_t item_limit, struct arena *arena, struct feed *ret_feed,
                   struct feed_outcome *ret_outcome) {
    struct feed_reader reader = {.arena = arena,
                                 .feed = ret_feed,
                                 .address = address,
                                 .item_limit = item_limit,
                                 .text_left = 4 * text.length + 65536,
                                 .text = BUFFER(4 * text.length + 65536)};
    *ret_feed = (struct feed){0};
    *ret_outcome = (struct feed_outcome){0};
    parse_once(text, &reader, ret_outcome);
    ret_outcome->is_feed = reader.is_feed;
    memcpy(ret_outcome->root, reader.root, sizeof reader.root);
    buffer_free(&reader.text);
}
