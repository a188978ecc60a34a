/* Writes the digest as JSON (config/digest.schema.json): what is known about the day, its stories with the ids of their
 * articles, and the articles with their flagged segments. */
#include "pipeline/base/json.h"

#include "pipeline/base/clock.h"
#include "stages/digest/json.h"
#include "stages/language/unicode.h"

/* ---------------------------------------------------------------- what several objects share */

void json_add_moment(cJSON *object, const char *name, int64_t seconds) {
    char text[26];
    if (seconds <= 0) return;
    clock_zoned(seconds, text);
    json_add(object, name, span_of(text));
}

void json_add_when(cJSON *object, const char *name, const struct take *take) {
    char text[26];
    when_zoned(take->article, &take->when, text);
    json_add_filled(object, name, span_of(text));
}

void json_add_size(cJSON *object, const char *name, size_t number) {
    cJSON_AddNumberToObject(object, name, (double)number);
}

void json_add_watches(cJSON *object, const struct watches *watches, uint64_t watched) {
    if (!watches || !watched) return;
    cJSON *list = cJSON_AddArrayToObject(object, "watches");
    for (size_t i = 0; i < watches->count; i++)
        if (watched >> i & 1) json_append(list, watches->items[i].name);
}

void json_add_headline(cJSON *object, const struct article *article) {
    json_add(object, "title", page_title(article));
    json_add_filled(object, "title_doubt", article->title_doubt);
    json_add_filled(object, "title_source", article->title.source);
    json_add(object, "language", span_of(article->language.code));
    if (text_is_right_to_left(article->title.source)) json_add(object, "dir", SPAN("rtl"));
}

/* ---------------------------------------------------------------- the day */

static cJSON *language_json(const struct language_count *language) {
    cJSON *object = cJSON_CreateObject();
    json_add(object, "code", language->code);
    json_add(object, "name", language->name);
    json_add_size(object, "articles", language->count);
    return object;
}

static cJSON *counts_json(const struct page *page) {
    const struct day *day = page->day;
    cJSON *object = cJSON_CreateObject();
    json_add_size(object, "articles", day->article_count);
    json_add_size(object, "stories", day->count);
    json_add_size(object, "new_stories", day->new_count);
    json_add_size(object, "new_stories_in_last_run", day->latest_count);
    json_add_size(object, "stories_to_check", day->check_count);
    json_add_size(object, "suspect", day->flags.suspect);
    json_add_size(object, "failed", day->flags.failed);
    json_add_size(object, "missing", page_missing_count(page->edition));
    return object;
}

static void add_watch_list(cJSON *root, const struct day *day) {
    if (!day->watches || !day->watches->count) return;
    cJSON *list = cJSON_AddArrayToObject(root, "watches");
    for (size_t i = 0; i < day->watches->count; i++) {
        cJSON *object = cJSON_CreateObject();
        json_add(object, "name", day->watches->items[i].name);
        json_add_size(object, "stories", day->watch_count[i]);
        json_add_size(object, "new_stories", day->watch_new[i]);
        cJSON_AddItemToArray(list, object);
    }
}

static cJSON *day_json(const struct page *page) {
    const struct day *day = page->day;
    cJSON *root = cJSON_CreateObject();
    json_add(root, "format", SPAN("dragoman-digest/1"));
    json_add(root, "version", span_of(page->edition->version));
    json_add(root, "day", span_of(page->edition->day));
    if (page->edition->selection) json_add(root, "first_day", span_of(page->edition->selection->first));
    if (page->edition->selection) json_add(root, "selection", page->edition->selection->name);
    json_add_filled(root, "previous_day", span_of(page->edition->previous_day));
    json_add_moment(root, "as_of", day->as_of);
    json_add_moment(root, "new_since", day->morning);
    json_add_moment(root, "last_run_since", day->last);
    cJSON_AddItemToObject(root, "counts", counts_json(page));
    cJSON *languages = cJSON_AddArrayToObject(root, "languages");
    for (size_t i = 0; i < day->language_count; i++)
        cJSON_AddItemToArray(languages, language_json(&day->language_counts[i]));
    cJSON *hours = cJSON_AddArrayToObject(root, "hours");
    for (size_t i = 0; i < 24; i++) cJSON_AddItemToArray(hours, cJSON_CreateNumber((double)day->hours[i]));
    add_watch_list(root, day);
    return root;
}

/* ---------------------------------------------------------------- the document */

/* Appends `before` and the printed JSON tree, and frees the tree. */
static void add_piece(const struct page *page, struct buffer *out, const char *before, cJSON *piece) {
    buffer_add_string(out, before);
    json_print_free(piece, out);
    page_drain(page, out);
}

static void write_day(const struct page *page, struct buffer *out) {
    json_print_free(day_json(page), out);
    if (out->length) out->length--; /* the brace: more members follow */
    if (!page->edition->run_notes.length) return;
    buffer_add_string(out, ",\"run\":");
    buffer_add_span(out, page->edition->run_notes);
}

/* Builds and prints one JSON tree for each story and each article. A single tree for the whole day would take forty
 * times as much memory as its text. */
bool page_json(const struct page *page, struct buffer *out) {
    write_day(page, out);
    buffer_add_string(out, ",\"stories\":[");
    for (size_t i = 0; i < page->day->count; i++)
        add_piece(page, out, i ? ",\n" : "\n", json_story(page, &page->day->entries[i]));
    buffer_add_string(out, "],\"articles\":[");
    for (size_t i = 0; i < page->day->count; i++)
        for (size_t j = 0; j < page->day->entries[i].count; j++)
            add_piece(page, out, i || j ? ",\n" : "\n", json_article(page, &page->day->entries[i], j));
    return buffer_add_string(out, "]}\n");
}
