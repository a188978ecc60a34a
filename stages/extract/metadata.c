#include "stages/extract/metadata.h"

#include <string.h>

#include "pipeline/json.h"

enum { LD_LIMIT = 4 << 20, LD_NODES = 2000 };

static void set(struct span *field, struct span value, struct arena *arena) {
    value = span_trim(value);
    if (field->length == 0 && value.length) *field = arena_copy(arena, value);
}

/* ---------------------------------------------------------------- JSON-LD */

static bool is_article_type(const cJSON *type) {
    const cJSON *item;
    struct span name = json_text(type);
    if (cJSON_IsArray(type)) {
        cJSON_ArrayForEach(item, type) if (is_article_type(item)) return true;
    }
    return span_ends(name, SPAN("Article")) || span_is(name, "BlogPosting") || span_is(name, "LiveBlogPosting") ||
           span_is(name, "Report");
}

static bool is_organization(const cJSON *person) {
    struct span type = json_member_text(person, "@type");
    return span_ends(type, SPAN("Organization")) || span_is(type, "Corporation");
}

static void read_authors(const cJSON *author, struct article *article) {
    const cJSON *item;
    if (cJSON_IsString(author)) {
        if (span_trim(json_text(author)).length) article_add_author(article, span_trim(json_text(author)));
    } else if (cJSON_IsObject(author)) {
        struct span name = span_trim(json_member_text(author, "name"));
        if (name.length && !is_organization(author)) article_add_author(article, name);
    } else if (cJSON_IsArray(author)) {
        cJSON_ArrayForEach(item, author) if (!cJSON_IsArray(item)) read_authors(item, article);
    }
}

static struct span image_address(const cJSON *image) {
    if (cJSON_IsArray(image)) image = image->child;
    return cJSON_IsObject(image) ? json_member_text(image, "url") : json_text(image);
}

static void read_ld_article(const cJSON *object, struct metadata *metadata, struct article *article, struct arena *arena) {
    set(&metadata->headline, json_member_text(object, "headline"), arena);
    set(&metadata->published, json_member_text(object, "datePublished"), arena);
    set(&metadata->modified, json_member_text(object, "dateModified"), arena);
    set(&metadata->description, json_member_text(object, "description"), arena);
    set(&metadata->article_body, json_member_text(object, "articleBody"), arena);
    set(&metadata->section, json_member_text(object, "articleSection"), arena);
    set(&metadata->image, image_address(json_member(object, "image")), arena);
    set(&metadata->site, json_member_text(json_member(object, "publisher"), "name"), arena);
    const cJSON *free_to_read = json_member(object, "isAccessibleForFree");
    if (cJSON_IsFalse(free_to_read) || span_is_fold(json_text(free_to_read), "false")) article->paywalled = true;
    if (!metadata->has_author) read_authors(json_member(object, "author"), article);
    metadata->has_author = article->author_count > 0;
}

/* Every object of the tree (its depth is capped by json_parse), breadth of each level by its own list. */
static void walk_ld(const cJSON *item, struct metadata *metadata, struct article *article, struct arena *arena, size_t *budget) {
    for (; item && *budget > 0; item = item->next) {
        --*budget;
        if (cJSON_IsObject(item) && is_article_type(json_member(item, "@type"))) read_ld_article(item, metadata, article, arena);
        walk_ld(item->child, metadata, article, arena, budget);
    }
}

static void read_ld(struct span text, struct metadata *metadata, struct article *article, struct arena *arena) {
    cJSON *root = json_parse(text, LD_LIMIT, "JSON-LD", NULL);
    size_t budget = LD_NODES;
    walk_ld(root, metadata, article, arena, &budget);
    cJSON_Delete(root);
}

/* ---------------------------------------------------------------- tags */

static void read_meta(const struct node *node, struct metadata *metadata, struct article *article, struct arena *arena) {
    struct span name = node_attribute(node, "property"), content = span_trim(node_attribute(node, "content"));
    if (name.length == 0) name = node_attribute(node, "name");
    if (name.length == 0) name = node_attribute(node, "itemprop");
    const struct {
        const char *name;
        struct span *field;
    } fields[] = {{"og:title", &metadata->og_title},
                  {"twitter:title", &metadata->og_title},
                  {"og:description", &metadata->description},
                  {"description", &metadata->description},
                  {"og:image", &metadata->image},
                  {"og:site_name", &metadata->site},
                  {"article:section", &metadata->section},
                  {"article:published_time", &metadata->published},
                  {"datePublished", &metadata->published},
                  {"date", &metadata->published},
                  {"dc.date", &metadata->published},
                  {"DC.date.issued", &metadata->published},
                  {"article:modified_time", &metadata->modified},
                  {"dateModified", &metadata->modified}};
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        if (span_is_fold(name, fields[i].name)) set(fields[i].field, content, arena);
    bool names_author = span_is_fold(name, "author") || span_is_fold(name, "article:author");
    if (names_author && content.length && !metadata->has_author && !span_starts(content, SPAN("http"))) {
        article_add_author(article, content);
        metadata->has_author = true;
    }
}

static void read_element(const struct tree *tree, int index, struct metadata *metadata, struct article *article,
                         struct arena *arena) {
    const struct node *node = &tree->nodes[index];
    if (node->tag == TAG_META) read_meta(node, metadata, article, arena);
    else if (node->tag == TAG_TITLE) set(&metadata->document_title, tree_text(tree, index, arena), arena);
    else if (node->tag == TAG_H1) set(&metadata->title, tree_text(tree, index, arena), arena);
    else if (node->tag == TAG_TIME) set(&metadata->published, node_attribute(node, "datetime"), arena);
    else if (node->tag == TAG_LINK && span_is_fold(node_attribute(node, "rel"), "canonical"))
        set(&metadata->canonical, node_attribute(node, "href"), arena);
}

struct metadata metadata_read(const struct tree *tree, struct article *article, struct arena *arena) {
    struct metadata metadata = {0};
    for (size_t i = 0; i < tree->linked_count; i++) read_ld(tree->linked_data[i], &metadata, article, arena);
    for (size_t i = 0; i < tree->count; i++)
        if (tree->nodes[i].tag != TAG_TEXT) read_element(tree, (int)i, &metadata, article, arena);
    return metadata;
}
