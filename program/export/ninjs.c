/* Exports ninjs 3.1 (IPTC News in JSON): an array of news objects, each with the English text and the original. */
#include "pipeline/base/json.h"
#include "program/export/export.h"
#include "program/export/parts/reading.h"

enum { TEXT_LIMIT = 64 << 20 };

static void begin(const struct export_head *head, struct buffer *out) {
    (void)head;
    buffer_add_string(out, "[");
}

/* Returns {"role": ..., "contentType": "text/plain", "value": ...}. */
static cJSON *part(const char *role, struct span value) {
    cJSON *object = cJSON_CreateObject();
    cJSON_AddStringToObject(object, "role", role);
    cJSON_AddStringToObject(object, "contentType", "text/plain");
    json_add(object, "value", value);
    return object;
}

static void add_part(cJSON *array, const char *role, struct span value) {
    if (value.length) cJSON_AddItemToArray(array, part(role, value));
}

/* In ninjs, the original is a second body of the same object, not an object of its own. */
static void add_bodies(cJSON *object, const struct article *article) {
    cJSON *bodies = cJSON_AddArrayToObject(object, "bodies");
    struct buffer text = BUFFER(TEXT_LIMIT);
    reading_english(article, &text);
    cJSON *main = part("main", buffer_span(&text));
    cJSON_AddNumberToObject(main, "charCount", (double)text_count(buffer_span(&text)));
    cJSON_AddNumberToObject(main, "wordCount", (double)span_count_words(buffer_span(&text)));
    cJSON_AddItemToArray(bodies, main);
    buffer_clear(&text);
    reading_source(article, &text);
    add_part(bodies, "original", buffer_span(&text));
    buffer_free(&text);
}

/* The member edNote is meant for notes to editors. Here it says that a machine translated the article, and what should
 * be checked. */
static void add_descriptions(cJSON *object, const struct article *article) {
    struct buffer text = BUFFER(TEXT_LIMIT);
    reading_summary(article, &text);
    if (text.length) add_part(cJSON_AddArrayToObject(object, "descriptions"), "summary", buffer_span(&text));
    buffer_clear(&text);
    reading_note(article, &text);
    json_add(object, "edNote", buffer_span(&text));
    buffer_free(&text);
}

static void add_by(cJSON *object, const struct article *article) {
    struct buffer by = BUFFER(1 << 16);
    for (size_t i = 0; i < article->author_count; i++)
        buffer_print(&by, "%s%.*s", i ? ", " : "", SPAN_ARGS(article->authors[i]));
    json_add_filled(object, "by", buffer_span(&by));
    buffer_free(&by);
}

/* Adds the member "array": [{"name": "value", "other": "text"}], where `array`, `name` and `other` are the names to
 * use. Leaves out "name": "value" if `name` is NULL. Adds nothing if the text is empty. */
static void add_single(cJSON *object, const char *array, const char *name, const char *value, const char *other,
                       struct span text) {
    if (!text.length) return;
    cJSON *item = cJSON_CreateObject();
    if (name) cJSON_AddStringToObject(item, name, value);
    json_add(item, other, text);
    cJSON_AddItemToArray(cJSON_AddArrayToObject(object, array), item);
}

static void add_standard(cJSON *object) {
    cJSON *standard = cJSON_AddObjectToObject(object, "standard");
    cJSON_AddStringToObject(standard, "name", "ninjs");
    cJSON_AddStringToObject(standard, "version", "3.1");
    cJSON_AddStringToObject(standard, "schema", "http://www.iptc.org/std/ninjs/ninjs-schema_3.1.json#");
}

static void add_times(cJSON *object, const struct article *article) {
    char text[32];
    if (reading_time(article->origin.collected, text)) cJSON_AddStringToObject(object, "versionCreated", text);
    if (reading_time(article->published, text)) cJSON_AddStringToObject(object, "contentCreated", text);
}

static void add_headlines(cJSON *object, const struct article *article) {
    struct buffer title = BUFFER(TEXT_LIMIT);
    reading_title(article, &title);
    json_add_filled(object, "title", buffer_span(&title));
    cJSON *headlines = cJSON_AddArrayToObject(object, "headlines");
    add_part(headlines, "main", buffer_span(&title));
    add_part(headlines, "original", article->title.source);
    buffer_free(&title);
}

/* The standard defines the names of members, roles and values. The id of the article becomes a URN. */
static cJSON *object_of(const struct article *article, struct buffer *uri) {
    cJSON *object = cJSON_CreateObject();
    add_standard(object);
    buffer_print(uri, "urn:dragoman:%s", article->id);
    json_add(object, "uri", buffer_span(uri));
    cJSON_AddStringToObject(object, "type", "text");
    cJSON_AddStringToObject(object, "representationType", article->status == ARTICLE_COMPLETE ? "full" : "partial");
    cJSON_AddStringToObject(object, "profile", "translation");
    add_times(object, article);
    cJSON_AddStringToObject(object, "pubStatus", "usable");
    cJSON_AddStringToObject(object, "language", "en");
    add_headlines(object, article);
    add_bodies(object, article);
    add_descriptions(object, article);
    add_by(object, article);
    add_single(object, "subjects", NULL, NULL, "name", article->section);
    add_single(object, "infoSources", "role", "originator", "name", article_publisher(article));
    add_single(object, "altIds", "role", "url", "value", article_web_address(article));
    return object;
}

static void add_article(const struct article *article, struct span record, size_t number, struct buffer *out) {
    struct buffer uri = BUFFER(256);
    (void)record;
    if (number) buffer_add_string(out, ",\n");
    json_print_free(object_of(article, &uri), out);
    buffer_free(&uri);
}

static void end(struct buffer *out) {
    buffer_add_string(out, "]\n");
}

const struct exporter exporter_ninjs = {.name = "ninjs",
                                        .help = "ninjs 3.1 (IPTC): an array of news objects",
                                        .begin = begin,
                                        .article = add_article,
                                        .end = end};
