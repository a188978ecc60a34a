/* The digest as Markdown and as JSON. */
#include <string.h>

#include "pipeline/json.h"
#include "stages/digest/page.h"

static void escape(struct buffer *out, struct span text) {
    for (size_t i = 0; i < text.length; i++) {
        if (text.at[i] && strchr("\\`*_[]<>#", text.at[i])) buffer_add(out, "\\", 1);
        buffer_add(out, text.at + i, 1);
    }
}

static void spending_line(void *context, struct span text) {
    buffer_add_string(context, "- ");
    escape(context, text);
    buffer_add_string(context, "\n");
}

bool page_markdown(const struct edition *edition, struct buffer *out) {
    buffer_print(out, "# Digest of %s\n", edition->day);
    for (size_t i = 0; i < edition->count; i++) {
        const struct article *article = edition->articles[i];
        size_t suspect, failed;
        page_count_flags(article, &suspect, &failed);
        buffer_add_string(out, "\n## ");
        escape(out, page_title(article));
        buffer_print(out, "\n\n%s, %s, %zu to check, %zu not translated\n\n", article->language.code,
                     article_status_name(article->status), suspect, failed);
        for (size_t j = 0; j < article->summary.count; j++) {
            buffer_add_string(out, "- ");
            escape(out, article->summary.sentences[j].text);
            buffer_add_string(out, "\n");
        }
    }
    buffer_add_string(out, "\n---\n\n");
    page_spending(edition, spending_line, out);
    return !out->full;
}

static cJSON *article_json(const struct article *article) {
    cJSON *object = cJSON_CreateObject();
    size_t suspect, failed;
    page_count_flags(article, &suspect, &failed);
    json_add(object, "id", span_of(article->id));
    json_add_filled(object, "story", article->story);
    json_add(object, "title", page_title(article));
    json_add_filled(object, "title_source", article->title.source);
    json_add(object, "language", span_of(article->language.code));
    json_add(object, "status", span_of(article_status_name(article->status)));
    json_add_filled(object, "url", article->origin.address);
    json_add_filled(object, "source", article->origin.source);
    json_add_filled(object, "published", article->published);
    cJSON_AddNumberToObject(object, "suspect", (double)suspect);
    cJSON_AddNumberToObject(object, "failed", (double)failed);
    cJSON *summary = cJSON_AddArrayToObject(object, "summary");
    for (size_t i = 0; i < article->summary.count; i++) {
        cJSON *sentence = cJSON_CreateObject();
        json_add(sentence, "text", article->summary.sentences[i].text);
        cJSON_AddItemToArray(summary, sentence);
    }
    return object;
}

bool page_json(const struct edition *edition, struct buffer *out) {
    cJSON *root = cJSON_CreateObject();
    json_add(root, "format", SPAN("dragoman-digest/1"));
    json_add(root, "day", span_of(edition->day));
    if (edition->run_notes.length) cJSON_AddRawToObject(root, "run", edition->run_notes.at);
    cJSON *articles = cJSON_AddArrayToObject(root, "articles");
    for (size_t i = 0; i < edition->count; i++) cJSON_AddItemToArray(articles, article_json(edition->articles[i]));
    return json_print_free(root, out);
}
