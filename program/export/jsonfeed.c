/* Exports the English articles as JSON Feed 1.1, for feed readers. */
#include "pipeline/base/json.h"
#include "pipeline/net/url.h"
#include "program/export/export.h"
#include "program/export/parts/reading.h"

enum { TEXT_LIMIT = 64 << 20 };

/* The items are written one by one, so the feed as a whole is never in memory. */
static void begin(const struct export_head *head, struct buffer *out) {
    (void)head;
    buffer_add_string(
        out,
        "{\"version\":\"https://jsonfeed.org/version/1.1\",\"title\":\"Dragoman\",\"language\":\"en\",\"items\":[");
}

static void add_authors(cJSON *item, const struct article *article) {
    if (article->author_count == 0) return;
    cJSON *authors = cJSON_AddArrayToObject(item, "authors");
    for (size_t i = 0; i < article->author_count; i++) {
        cJSON *author = cJSON_CreateObject();
        json_add(author, "name", article->authors[i]);
        cJSON_AddItemToArray(authors, author);
    }
}

/* Adds the enclosure, e.g. the recording of a podcast. JSON Feed requires a type, so an enclosure without one is left
 * out. */
static void add_attachment(cJSON *item, const struct feed_entry *feed) {
    if (!url_is_remote(feed->enclosure) || !feed->enclosure_type.length) return;
    cJSON *attachments = cJSON_AddArrayToObject(item, "attachments"), *attachment = cJSON_CreateObject();
    json_add(attachment, "url", feed->enclosure);
    json_add(attachment, "mime_type", feed->enclosure_type);
    cJSON_AddItemToArray(attachments, attachment);
}

/* Leaves out times that are incomplete, which JSON Feed does not allow. */
static void add_time(cJSON *item, const char *name, struct span iso) {
    char text[32];
    if (reading_time(iso, text)) cJSON_AddStringToObject(item, name, text);
}

/* Adds an extension with the data for which JSON Feed has no members. The names of extensions begin with an
 * underscore. */
static void add_extension(cJSON *item, const struct article *article) {
    cJSON *ours = cJSON_AddObjectToObject(item, "_dragoman");
    struct buffer note = BUFFER(TEXT_LIMIT);
    reading_note(article, &note);
    json_add(ours, "source_language", span_of(article->language.code));
    json_add_filled(ours, "source_title", article->title.source);
    json_add(ours, "status", span_of(article_status_name(article->status)));
    json_add(ours, "note", buffer_span(&note));
    buffer_free(&note);
}

static void add_texts(cJSON *item, const struct article *article) {
    struct buffer text = BUFFER(TEXT_LIMIT);
    reading_title(article, &text);
    json_add_filled(item, "title", buffer_span(&text));
    buffer_clear(&text);
    reading_english(article, &text);
    json_add(item, "content_text", buffer_span(&text));
    buffer_clear(&text);
    reading_summary(article, &text);
    json_add_filled(item, "summary", buffer_span(&text));
    buffer_free(&text);
}

static void add_article(const struct article *article, struct span record, size_t number, struct buffer *out) {
    (void)record;
    cJSON *item = cJSON_CreateObject();
    json_add(item, "id", span_of(article->id));
    json_add_filled(item, "url", article_web_address(article));
    add_texts(item, article);
    add_attachment(item, &article->feed);
    json_add_filled(item, "image", article->image);
    add_time(item, "date_published", article->published);
    add_time(item, "date_modified", article->modified);
    add_authors(item, article);
    cJSON_AddStringToObject(item, "language", "en");
    if (article->section.length) {
        cJSON *tags = cJSON_AddArrayToObject(item, "tags");
        cJSON_AddItemToArray(tags, cJSON_CreateString(article->section.at));
    }
    add_extension(item, article);
    if (number) buffer_add_string(out, ",\n");
    json_print_free(item, out);
}

static void end(struct buffer *out) {
    buffer_add_string(out, "]}\n");
}

const struct exporter exporter_jsonfeed = {.name = "jsonfeed",
                                           .help = "JSON Feed 1.1: the English articles for a feed reader",
                                           .begin = begin,
                                           .article = add_article,
                                           .end = end};
