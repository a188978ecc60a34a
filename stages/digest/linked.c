#include "stages/digest/linked.h"

#include "pipeline/base/clock.h"
#include "stages/digest/html.h"

enum { DATA_LIMIT = 16 << 20, MAX_ARTICLES = 100, ADDRESS_LIMIT = 1 << 16 };

/* ---------------------------------------------------------------- parts */

/* Adds the address of the story's page, with that of an article on it; without an address of the folder, one within the
 * page. */
static void add_address(cJSON *object, const char *name, const struct page *page, const struct entry *entry,
                        const struct article *article) {
    struct buffer address = BUFFER(ADDRESS_LIMIT);
    if (page->feed.url.length) {
        buffer_print(&address, "%.*s/%s/", SPAN_ARGS(page->feed.url), page->edition->day);
        html_story_address(&address, entry->id);
    }
    if (article || !address.length) buffer_add_string(&address, "#");
    if (article) html_article(&address, article);
    json_add(object, name, buffer_span(&address));
    buffer_free(&address);
}

static void add_date(cJSON *object, const struct take *take) {
    char iso[21];
    if (take->when.kind == WHEN_DATE) json_add(object, "datePublished", span_cut(take->article->published, 0, 10));
    if (!when_is_exact(take->article, &take->when)) return;
    clock_iso(take->when.at, iso);
    json_add(object, "datePublished", span_of(iso));
}

static void add_publisher(cJSON *object, const struct article *article) {
    struct span name = page_publisher(article);
    if (!name.length) return;
    cJSON *publisher = cJSON_AddObjectToObject(object, "publisher");
    json_add(publisher, "@type", SPAN("Organization"));
    json_add(publisher, "name", name);
}

static void add_authors(cJSON *object, const struct article *article) {
    cJSON *list = article->author_count ? cJSON_AddArrayToObject(object, "author") : NULL;
    for (size_t i = 0; i < article->author_count; i++) {
        cJSON *author = cJSON_CreateObject();
        json_add(author, "@type", SPAN("Person"));
        json_add(author, "name", article->authors[i]);
        cJSON_AddItemToArray(list, author);
    }
}

/* Adds what was published. */
static void add_original(cJSON *object, const char *name, const struct take *take) {
    const struct article *article = take->article;
    cJSON *original = name ? cJSON_AddObjectToObject(object, name) : object;
    if (name) json_add(original, "@type", SPAN("NewsArticle"));
    json_add_filled(original, "headline", article->title.source);
    json_add_filled(original, "inLanguage", span_of(article->language.code));
    json_add_filled(original, "url", article_web_address(article));
    add_date(original, take);
    add_authors(original, article);
    add_publisher(original, article);
}

/* Adds the headline with its doubt, as feeds show it. */
static void add_headline(cJSON *object, const char *name, const struct article *article) {
    struct buffer headline = BUFFER(ADDRESS_LIMIT);
    buffer_add_span(&headline, page_title(article));
    if (article->title_doubt.length) buffer_print(&headline, " [to check: %.*s]", SPAN_ARGS(article->title_doubt));
    json_add(object, name, buffer_span(&headline));
    buffer_free(&headline);
}

static void add_story(cJSON *object, const struct page *page, const struct entry *entry) {
    cJSON *story = cJSON_AddObjectToObject(object, "isPartOf");
    json_add(story, "@type", SPAN("CollectionPage"));
    add_headline(story, "name", entry->takes[0].article);
    add_address(story, "url", page, entry, NULL);
}

/* ---------------------------------------------------------------- the data */

/* The English is a translation of what was published. Without a headline in English, nothing claims to be one. */
static cJSON *article_json(const struct page *page, const struct entry *entry, const struct take *take) {
    const struct article *article = take->article;
    cJSON *object = cJSON_CreateObject();
    json_add(object, "@type", SPAN("NewsArticle"));
    add_address(object, "@id", page, entry, article);
    if (html_has_headline(article)) {
        add_headline(object, "headline", article);
        json_add(object, "inLanguage", SPAN("en"));
        add_address(object, "url", page, entry, article);
        add_date(object, take);
        add_publisher(object, article);
        json_add_filled(object, "isBasedOn", article_web_address(article));
        add_original(object, "translationOfWork", take);
    } else {
        add_original(object, NULL, take);
    }
    add_story(object, page, entry);
    return object;
}

/* Within a script element, only '<' can end it or open a comment; '&' and '>' are escaped for readers that take it for
 * HTML, and the two line separators for those that take it for JavaScript. */
static void write_escaped(struct buffer *out, struct span json) {
    uint32_t rune;
    for (size_t at = 0, size; at < json.length; at += size) {
        size = text_next(json, at, &rune);
        if (rune == '<' || rune == '>' || rune == '&' || rune == 0x2028 || rune == 0x2029)
            buffer_print(out, "\\u%04x", (unsigned)rune);
        else
            buffer_add(out, json.at + at, size);
    }
}

void linked_html(const struct page *page, const struct entry *entry, struct buffer *out) {
    struct buffer json = BUFFER(DATA_LIMIT);
    cJSON *root = cJSON_CreateObject();
    json_add(root, "@context", SPAN("https://schema.org"));
    cJSON *graph = cJSON_AddArrayToObject(root, "@graph");
    for (size_t i = 0; i < entry->count && i < MAX_ARTICLES; i++)
        cJSON_AddItemToArray(graph, article_json(page, entry, &entry->takes[i]));
    if (!json_print_free(root, &json)) buffer_clear(&json);
    buffer_add_string(out, "<script type=\"application/ld+json\">");
    write_escaped(out, json.length ? buffer_span(&json) : SPAN("{}"));
    buffer_add_string(out, "</script>\n");
    buffer_free(&json);
}
