#include "stages/formats/sitemap_read.h"

#include <expat.h>
#include <string.h>

#include "pipeline/net/url.h"
#include "stages/formats/gunzip.h"
#include "stages/formats/xml_text.h"

struct reader {
    struct arena *arena;
    struct sitemap *sitemap;
    struct span base;
    size_t limit;
    unsigned depth, entry_depth;
    struct sitemap_entry entry;
    struct span *place; /* what the text under way is for */
    struct buffer text;
    bool known;
};

/* Behind the prefix, so that any prefix will do. */
static const char *local_name(const char *name) {
    const char *colon = strrchr(name, ':');
    return colon ? colon + 1 : name;
}

static void add_entry(struct reader *reader) {
    struct sitemap *sitemap = reader->sitemap;
    reader->entry.address = url_resolve(reader->base, reader->entry.address, reader->arena);
    if (!url_is_remote(reader->entry.address)) return;
    if (sitemap->count >= reader->limit) {
        sitemap->left_out++;
        return;
    }
    sitemap->entries =
        arena_grow(reader->arena, sitemap->entries, sitemap->count, &sitemap->capacity, sizeof *sitemap->entries);
    sitemap->entries[sitemap->count++] = reader->entry;
}

static void add_outline(struct reader *reader, const char **attributes) {
    reader->entry = (struct sitemap_entry){.is_list = true};
    for (; attributes[0]; attributes += 2) {
        if (strcmp(attributes[0], "xmlUrl") == 0)
            reader->entry.address = arena_copy(reader->arena, span_of(attributes[1]));
        if (strcmp(attributes[0], "title") == 0)
            reader->entry.title = arena_copy(reader->arena, span_of(attributes[1]));
    }
    if (reader->entry.address.length) add_entry(reader);
}

static struct span *place_of(struct reader *reader, const char *name) {
    bool direct = reader->depth == reader->entry_depth + 1;
    const char *local = local_name(name);
    if (direct && strcmp(local, "loc") == 0) return &reader->entry.address;
    if (direct && strcmp(local, "lastmod") == 0) return &reader->entry.changed;
    if (strcmp(local, "publication_date") == 0) return &reader->entry.published;
    if (strcmp(local, "language") == 0) return &reader->entry.language;
    return strcmp(name, "news:title") == 0 ? &reader->entry.title : NULL;
}

static void XMLCALL on_start(void *data, const char *name, const char **attributes) {
    struct reader *reader = data;
    const char *local = local_name(name);
    reader->depth++;
    if (reader->depth == 1)
        reader->known =
            strcmp(local, "urlset") == 0 || strcmp(local, "sitemapindex") == 0 || strcmp(local, "opml") == 0;
    if (strcmp(local, "outline") == 0) add_outline(reader, attributes);
    bool list = strcmp(local, "sitemap") == 0;
    if (!reader->entry_depth && (list || strcmp(local, "url") == 0)) {
        reader->entry_depth = reader->depth;
        reader->entry = (struct sitemap_entry){.is_list = list};
    } else if (reader->entry_depth && !reader->place) {
        reader->place = place_of(reader, name);
        buffer_clear(&reader->text);
    }
}

static void XMLCALL on_end(void *data, const char *name) {
    struct reader *reader = data;
    (void)name;
    if (reader->place) {
        if (!reader->place->length) *reader->place = arena_copy(reader->arena, span_trim(buffer_span(&reader->text)));
        reader->place = NULL;
    } else if (reader->entry_depth == reader->depth) {
        add_entry(reader);
        reader->entry_depth = 0;
    }
    reader->depth--;
}

static void XMLCALL on_text(void *data, const char *at, int length) {
    struct reader *reader = data;
    if (reader->place) buffer_add(&reader->text, at, (size_t)length);
}

static enum XML_Error parse(struct span text, struct reader *reader) {
    XML_Parser expat = XML_ParserCreate("UTF-8");
    if (!expat) memory_exhausted();
    XML_SetUserData(expat, reader);
    XML_SetElementHandler(expat, on_start, on_end);
    XML_SetCharacterDataHandler(expat, on_text);
    enum XML_Status status = XML_STATUS_OK;
    for (size_t at = 0; status == XML_STATUS_OK && at < text.length; at += 1 << 20) {
        struct span piece = span_cut(text, at, at + (1 << 20));
        status = XML_Parse(expat, piece.at, (int)piece.length, at + piece.length >= text.length);
    }
    enum XML_Error error = status == XML_STATUS_OK ? XML_ERROR_NONE : XML_GetErrorCode(expat);
    XML_ParserFree(expat);
    return error;
}

static bool read_text(struct span text, struct span address, size_t limit, struct arena *arena,
                      struct sitemap *ret_sitemap, struct failure *ret_failure) {
    struct reader reader = {
        .arena = arena, .sitemap = ret_sitemap, .base = address, .limit = limit, .text = BUFFER(URL_LIMIT)};
    enum XML_Error error = parse(text, &reader);
    buffer_free(&reader.text);
    if (error == XML_ERROR_AMPLIFICATION_LIMIT_BREACH)
        return failure_set(ret_failure, REACH_SERVICE, REMEDY_NONE,
                           "%.*s is refused: its entities grow without measure", SPAN_ARGS(address));
    if (reader.known && (!error || ret_sitemap->count)) return true;
    return failure_set(ret_failure, REACH_SERVICE, REMEDY_NONE, "%.*s is no list of addresses (sitemap or OPML): %s",
                       SPAN_ARGS(address), error ? XML_ErrorString(error) : "it begins with another element");
}

bool sitemap_read(struct span raw, struct span address, size_t limit, size_t bytes, struct arena *arena,
                  struct sitemap *ret_sitemap, struct failure *ret_failure) {
    *ret_sitemap = (struct sitemap){0};
    struct buffer unpacked = BUFFER(bytes), text = BUFFER(4 * bytes + 16);
    bool done = !gunzip_is(raw) || gunzip(raw, &unpacked);
    if (!done)
        failure_set(ret_failure, REACH_SERVICE, REMEDY_NONE,
                    "%.*s cannot be unpacked: damaged, or larger than max_bytes", SPAN_ARGS(address));
    done = done && xml_text_decode(gunzip_is(raw) ? buffer_span(&unpacked) : raw, SPAN(""), &text) &&
           read_text(buffer_span(&text), address, limit, arena, ret_sitemap, ret_failure);
    buffer_free(&unpacked);
    buffer_free(&text);
    return done;
}
