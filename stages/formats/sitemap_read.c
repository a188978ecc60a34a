#include "stages/formats/sitemap_read.h"

#include <string.h>

#include "pipeline/base/xml.h"
#include "pipeline/net/url.h"
#include "stages/formats/xml_text.h"

/* The state of parsing; `known` is set if the first element shows that the document is a sitemap, an index or OPML. */
struct reader {
    struct arena *arena;
    struct sitemap *sitemap;
    struct span base;
    size_t limit;
    unsigned depth, entry_depth;
    struct sitemap_entry entry;
    struct span *place; /* where the current text is stored, or NULL */
    struct buffer text;
    bool known;
};

/* Skips the prefix, because any prefix may be used. */
static const char *local_name(const char *name) {
    const char *colon = strrchr(name, ':');
    return colon ? colon + 1 : name;
}

/* A local list may name feeds in its own folder and below, by relative addresses without "..". */
static struct span local_address(const struct reader *reader, struct span address) {
    size_t folder = reader->base.length;
    while (folder > 0 && reader->base.at[folder - 1] != '/') folder--;
    bool local = span_starts(reader->base, SPAN("/")) && span_find(address, SPAN("://")) == SIZE_MAX,
         upwards = span_find(address, SPAN("..")) != SIZE_MAX;
    if (!local || upwards || !address.length || url_names_file(address)) return SPAN("");
    return arena_print(reader->arena, "%.*s%.*s", SPAN_ARGS(span_cut(reader->base, 0, folder)), SPAN_ARGS(address));
}

/* Notes an entry that names a local file and may not, so that the list can be reported. */
static void note_refused(struct reader *reader, struct span written) {
    bool local = span_starts(reader->base, SPAN("/"));
    bool names = local ? span_find(written, SPAN("://")) == SIZE_MAX || url_names_file(written)
                       : span_starts_ascii_fold(written, SPAN("file:"));
    if (!written.length || !names) return;
    if (!reader->sitemap->refused++) reader->sitemap->first_refused = written;
}

/* Entries without a usable address are dropped and do not count. */
static void add_entry(struct reader *reader) {
    struct sitemap *sitemap = reader->sitemap;
    struct span written = span_trim(reader->entry.address);
    reader->entry.address = url_resolve(reader->base, written, reader->arena);
    if (!url_is_remote(reader->entry.address)) reader->entry.address = local_address(reader, written);
    if (!reader->entry.address.length) note_refused(reader, written);
    if (!reader->entry.address.length) return;
    if (sitemap->count >= reader->limit) {
        sitemap->left_out++;
        return;
    }
    sitemap->entries =
        arena_grow(reader->arena, sitemap->entries, sitemap->count, &sitemap->capacity, sizeof *sitemap->entries);
    sitemap->entries[sitemap->count++] = reader->entry;
}

/* An outline without an address is a folder of feeds. */
static void add_outline(struct reader *reader, const char **attributes) {
    reader->entry = (struct sitemap_entry){.is_list = true};
    for (; attributes[0]; attributes += 2) {
        if (span_is_ascii_fold(span_of(attributes[0]), "xmlUrl")) /* some programs write xmlurl */
            reader->entry.address = arena_copy(reader->arena, span_of(attributes[1]));
        if (strcmp(attributes[0], "title") == 0)
            reader->entry.title = arena_copy(reader->arena, span_of(attributes[1]));
    }
    if (reader->entry.address.length) add_entry(reader);
    reader->entry = (struct sitemap_entry){0};
}

/* Image and video extensions contain their own <loc> and <title>, so these count only as direct children or with the
 * prefix of news. */
static struct span *place_of(struct reader *reader, const char *name) {
    bool direct = reader->depth == reader->entry_depth + 1;
    const char *local = local_name(name);
    if (direct && strcmp(local, "loc") == 0) return &reader->entry.address;
    if (direct && strcmp(local, "lastmod") == 0) return &reader->entry.changed;
    if (strcmp(local, "publication_date") == 0) return &reader->entry.published;
    if (strcmp(local, "language") == 0) return &reader->entry.language;
    return strcmp(name, "news:title") == 0 ? &reader->entry.title : NULL;
}

/* Elements inside an entry are read only if no text is being captured, so nested markup is part of the text. */
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

/* If an entry has a field more than once, the first value is kept. */
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
    XML_Parser expat = xml_parser_new("UTF-8", NULL);
    XML_SetUserData(expat, reader);
    XML_SetElementHandler(expat, on_start, on_end);
    XML_SetCharacterDataHandler(expat, on_text);
    enum XML_Status status = XML_STATUS_OK;
    /* expat takes lengths as int, so the text is passed in pieces. */
    for (size_t at = 0; status == XML_STATUS_OK && at < text.length; at += 1 << 20) {
        struct span piece = span_cut(text, at, at + (1 << 20));
        status = XML_Parse(expat, piece.at, (int)piece.length, at + piece.length >= text.length);
    }
    enum XML_Error error = status == XML_STATUS_OK ? XML_ERROR_NONE : XML_GetErrorCode(expat);
    reader->sitemap->broken_at = error ? (size_t)XML_GetCurrentLineNumber(expat) : 0;
    XML_ParserFree(expat);
    return error;
}

/* No field of an entry may be longer than an address. */
static struct reader new_reader(struct span address, size_t limit, struct arena *arena, struct sitemap *sitemap) {
    *sitemap = (struct sitemap){0};
    return (struct reader){
        .arena = arena, .sitemap = sitemap, .base = address, .limit = limit, .text = BUFFER(URL_LIMIT)};
}

/* Parses the document and, if it is not well-formed, parses it again with common mistakes repaired, because everything
 * after an error would be lost. */
static enum XML_Error parse_repaired(struct span text, struct span address, size_t limit, struct arena *arena,
                                     struct reader *ret_reader, struct sitemap *ret_sitemap) {
    *ret_reader = new_reader(address, limit, arena, ret_sitemap);
    enum XML_Error error = parse(text, ret_reader);
    if (error && error != XML_ERROR_AMPLIFICATION_LIMIT_BREACH) {
        struct buffer repaired = BUFFER(8 * text.length + 4096);
        xml_text_repair(text, &repaired);
        buffer_free(&ret_reader->text);
        *ret_reader = new_reader(address, limit, arena, ret_sitemap);
        error = parse(buffer_span(&repaired), ret_reader);
        buffer_free(&repaired);
    }
    buffer_free(&ret_reader->text);
    return error;
}

bool sitemap_read(struct span text, struct span address, size_t limit, struct arena *arena, struct sitemap *ret_sitemap,
                  struct failure *ret_failure) {
    struct buffer clean = BUFFER(text.length + 16);
    struct reader reader;
    xml_text_clean(text, &clean);
    enum XML_Error error = parse_repaired(buffer_span(&clean), address, limit, arena, &reader, ret_sitemap);
    buffer_free(&clean);
    if (error == XML_ERROR_AMPLIFICATION_LIMIT_BREACH)
        return failure_set(ret_failure, REACH_SERVICE, REMEDY_NONE,
                           "%.*s was rejected: its XML entities expand excessively", SPAN_ARGS(address));
    if (reader.known && (!error || ret_sitemap->count)) return true;
    return failure_set(ret_failure, REACH_SERVICE, REMEDY_NONE, "%.*s is not a sitemap or OPML list: %s",
                       SPAN_ARGS(address), error ? XML_ErrorString(error) : "unexpected first element");
}

static bool tell_broken(const struct sitemap *sitemap, size_t line, struct span address, struct failure *ret_failure) {
    return failure_set(ret_failure, REACH_ARTICLE, REMEDY_NONE,
                       "%.*s cannot be read after line %zu; the %zu address%s before it %s read",
                       SPAN_ARGS(text_clip(address, 200)), line, sitemap->count, sitemap->count == 1 ? "" : "es",
                       sitemap->count == 1 ? "was" : "were");
}

bool sitemap_tell(struct sitemap *sitemap, struct span address, struct failure *ret_failure) {
    size_t line = sitemap->broken_at, refused = sitemap->refused;
    sitemap->broken_at = 0;
    if (line) return tell_broken(sitemap, line, address, ret_failure);
    sitemap->refused = 0;
    return !refused || failure_set(ret_failure, REACH_ARTICLE, REMEDY_NONE,
                                   "%.*s names %zu file%s on this computer that may not be read (%.*s); a local list "
                                   "may name files beside it, by relative addresses",
                                   SPAN_ARGS(text_clip(address, 200)), refused, refused == 1 ? "" : "s",
                                   SPAN_ARGS(text_clip(sitemap->first_refused, 100)));
}

bool sitemap_tell_left_out(struct sitemap *sitemap, struct span address, size_t limit, struct failure *ret_failure) {
    size_t left_out = sitemap->left_out;
    sitemap->left_out = 0;
    return !left_out ||
           failure_set(ret_failure, REACH_ARTICLE, REMEDY_NONE,
                       "%.*s lists more than %zu addresses, so %zu %s left out; split it into several lists",
                       SPAN_ARGS(text_clip(address, 200)), limit, left_out, left_out == 1 ? "was" : "were");
}
