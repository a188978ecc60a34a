#include "stages/extract/metadata.h"

#include <string.h>

#include "pipeline/net/url.h"

enum {
    MAX_DESCRIPTIONS = 8,
    LONGEST_NAME = 60 /* max. bytes of a meta tag's name */
};

/* Keeps a value that is already set, so callers must try the most reliable place first. */
static void set(struct stated *field, struct span value, struct span from) {
    value = span_trim(value);
    if (field->text.length == 0) *field = (struct stated){value, from};
}

/* Decodes character references and markup. Does so twice, because some pages encode them twice in attributes and JSON.
 */
static struct span plain(struct span text, struct arena *arena) {
    for (int rounds = 0; rounds < 2 && text.length; rounds++) {
        if (!memchr(text.at, '&', text.length) && !memchr(text.at, '<', text.length)) break;
        struct tree tree = tree_parse(text, arena);
        text = tree_text(&tree, 0, arena);
    }
    return span_trim(text);
}

void metadata_add_date(struct metadata *metadata, struct span text, struct span from) {
    text = span_trim(text);
    if (text.length && metadata->date_count < MAX_DATES)
        metadata->dates[metadata->date_count++] = (struct stated){text, from};
}

/* ---------------------------------------------------------------- meta tags */

enum field { SHARED, SITE, IMAGE, SECTION, MODIFIED, CANONICAL, TITLE, HEADLINE, LANGUAGE };

static const struct {
    const char *name;
    enum field field;
} meta_fields[] = {
    {"og:title", SHARED},          {"og:site_name", SITE},
    {"application-name", SITE},    {"og:image", IMAGE},
    {"twitter:image", IMAGE},      {"article:section", SECTION},
    {"section", SECTION},          {"article:modified_time", MODIFIED},
    {"og:updated_time", MODIFIED}, {"datemodified", MODIFIED},
    {"last-modified", MODIFIED},   {"og:url", CANONICAL},
    {"twitter:title", TITLE},      {"parsely-title", TITLE},
    {"sailthru.title", TITLE},     {"dc.title", TITLE},
    {"headline", HEADLINE},        {"content-language", LANGUAGE},
};

static const char *const description_names[] = {"og:description", "description", "twitter:description",
                                                "dc.description", "sailthru.description"};

/* The order of this list does not matter, because dates are used in the order in which the page gives them. */
static const char *const date_names[] = {"article:published_time",
                                         "datepublished",
                                         "og:article:published_time",
                                         "article:published",
                                         "parsely-pub-date",
                                         "sailthru.date",
                                         "publishdate",
                                         "publish-date",
                                         "publish_date",
                                         "pubdate",
                                         "date.available",
                                         "dc.date",
                                         "dc.date.issued",
                                         "dcterms.created",
                                         "dcterms.date",
                                         "dcterms.issued",
                                         "dc.date.created",
                                         "cxenseparse:recs:publishtime",
                                         "citation_publication_date",
                                         "article_date_original",
                                         "published_at",
                                         "originalpublicationdate",
                                         "datecreated",
                                         "og:pubdate",
                                         "og:release_date",
                                         "release_date",
                                         "bt:pubdate",
                                         "date",
                                         "timestamp"};

/* Compares names without regard to case, because pages write them in lower or in upper case. */
static bool is_any_of(struct span name, const char *const *names, size_t count) {
    for (size_t i = 0; i < count; i++)
        if (span_is_ascii_fold(name, names[i])) return true;
    return false;
}

#define IS_ANY_OF(name, names) is_any_of(name, names, sizeof(names) / sizeof *(names))

/* Returns true for a meta tag that names an author. Prefixes differ ("article:author", "dc.creator",
 * "sailthru.author"), so only the end of the name is compared. */
static bool names_author(struct span name) {
    static const char *const others[] = {"twitter:creator", "its_author", "og:image:author"};
    static const char *const ends[] = {"author", "creator", "byl", "author.name"};
    if (IS_ANY_OF(name, others)) return false;
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        size_t length = strlen(ends[i]);
        if (name.length >= length && span_is_ascii_fold(span_cut(name, name.length - length, name.length), ends[i]))
            return true;
    }
    return false;
}

/* The state of reading a page's <head>. */
struct meta_reader {
    struct metadata *metadata;
    struct arena *arena;
    struct buffer descriptions;
    size_t description_count;
    struct stated shared, title; /* shared: from og:title; title: from twitter:title and similar names */
    struct stated headline;
};

static struct stated *meta_field(struct meta_reader *reader, enum field field) {
    struct metadata *metadata = reader->metadata;
    switch (field) {
    case SHARED:
        return &reader->shared;
    case SITE:
        return &metadata->site;
    case IMAGE:
        return &metadata->image;
    case SECTION:
        return &metadata->section;
    case MODIFIED:
        return &metadata->modified;
    case CANONICAL:
        return &metadata->canonical;
    case LANGUAGE:
        return &metadata->language;
    case HEADLINE:
        return &reader->headline;
    case TITLE:
        break;
    }
    return &reader->title;
}

static void add_description(struct meta_reader *reader, struct span text) {
    if (buffer_add_span(&reader->descriptions, plain(text, reader->arena)))
        buffer_add_string(&reader->descriptions, "\n");
}

/* Reads a <meta> tag. Its name may be in the attribute "property", "name" or "itemprop". */
static void read_meta(struct meta_reader *reader, const struct node *node) {
    struct span name = node_attribute(node, "property"), content = span_trim(node_attribute(node, "content"));
    if (name.length == 0) name = node_attribute(node, "name");
    if (name.length == 0) name = node_attribute(node, "itemprop");
    struct metadata *metadata = reader->metadata;
    if (content.length == 0 || name.length == 0 || name.length > LONGEST_NAME) return;
    struct span from = arena_print(reader->arena, "meta %.*s", SPAN_ARGS(name));
    for (size_t i = 0; i < sizeof meta_fields / sizeof *meta_fields; i++)
        if (span_is_ascii_fold(name, meta_fields[i].name)) set(meta_field(reader, meta_fields[i].field), content, from);
    if (IS_ANY_OF(name, description_names) && reader->description_count++ < MAX_DESCRIPTIONS)
        add_description(reader, content);
    if (IS_ANY_OF(name, date_names)) metadata_add_date(metadata, content, from);
    if (names_author(name) && metadata->meta_author_count < MAX_META_AUTHORS)
        metadata->meta_authors[metadata->meta_author_count++] = (struct stated){plain(content, reader->arena), from};
}

/* Reads the canonical address. It may also be in og:url; the first of the two in the page is used. */
static void read_link(struct metadata *metadata, const struct node *node) {
    struct span href = span_trim(node_attribute(node, "href"));
    if (span_is_ascii_fold(node_attribute(node, "rel"), "canonical"))
        set(&metadata->canonical, href, SPAN("link canonical"));
}

/* Reads an element of the head. <html> is read before the meta tags, so its language takes precedence over theirs. */
static void read_element(struct meta_reader *reader, const struct tree *tree, int index) {
    const struct node *node = &tree->nodes[index];
    struct titles *titles = &reader->metadata->titles;
    if (node->tag == TAG_META)
        read_meta(reader, node);
    else if (node->tag == TAG_LINK)
        read_link(reader->metadata, node);
    else if (node->tag == TAG_HTML)
        set(&reader->metadata->language, node_attribute(node, "lang"), SPAN("html lang"));
    else if (node->tag == TAG_TITLE && !titles->document.length)
        titles->document = span_trim(tree_text(tree, index, reader->arena));
}

/* Adds the JSON-LD before anything else, because its dates and description are usually the most reliable. */
static void read_linked(struct metadata *metadata, struct meta_reader *reader) {
    struct linked_article *linked = &metadata->linked;
    metadata_add_date(metadata, linked->published, SPAN("json-ld datePublished"));
    add_description(reader, linked->description);
    metadata->titles.headline = plain(linked->headline, reader->arena);
    for (size_t i = 0; i < linked->person_count; i++) linked->people[i] = plain(linked->people[i], reader->arena);
    for (size_t i = 0; i < linked->organization_count; i++)
        linked->organizations[i] = plain(linked->organizations[i], reader->arena);
    set(&metadata->modified, linked->modified, SPAN("json-ld dateModified"));
}

/* The order of the calls is the order of preference, because set() keeps the first value of a field. */
struct metadata metadata_read(const struct tree *tree, struct span address, struct arena *arena) {
    struct metadata metadata = {.linked = linked_data_read(tree->linked_data, tree->linked_count, arena)};
    struct meta_reader reader = {.metadata = &metadata, .arena = arena, .descriptions = BUFFER(1 << 16)};
    read_linked(&metadata, &reader);
    for (size_t i = 0; i < tree->count; i++)
        if (tree->nodes[i].tag != TAG_TEXT) read_element(&reader, tree, (int)i);
    metadata.descriptions = arena_copy(arena, buffer_span(&reader.descriptions));
    buffer_free(&reader.descriptions);
    set(&reader.shared, reader.title.text, reader.title.from);
    set(&metadata.site, plain(metadata.linked.publisher, arena), SPAN("json-ld publisher"));
    set(&metadata.section, metadata.linked.section, SPAN("json-ld articleSection"));
    set(&metadata.image, metadata.linked.image, SPAN("json-ld image"));
    metadata.site.text = plain(metadata.site.text, arena);
    metadata.section.text = plain(metadata.section.text, arena);
    metadata.titles.shared = plain(reader.shared.text, arena);
    metadata.titles.shared_from = reader.shared.from;
    metadata.titles.meta = plain(reader.headline.text, arena);
    metadata.titles.meta_from = reader.headline.from;
    metadata.titles.document = plain(metadata.titles.document, arena);
    metadata.titles.site = metadata.site.text;
    metadata.titles.host = url_host(address.length ? address : metadata.canonical.text, arena);
    return metadata;
}
