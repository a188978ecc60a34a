/* The articles that wait or have failed, on the day's page: as they came, in their own language. */
#include "pipeline/base/json.h"
#include "pipeline/net/url.h"
#include "stages/digest/front.h"
#include "stages/digest/html.h"

enum { NOTES_LIMIT = 16 << 20, TITLE_BYTES = 400, PAGE_BYTES = 60000 };

static void write_title(const cJSON *article, struct buffer *out) {
    struct span title = json_member_text(article, "title"), language = json_member_text(article, "language");
    struct span address = json_member_text(article, "address");
    if (title.length)
        html_source(out, language, text_clip(title, TITLE_BYTES));
    else
        html_clipped(out, address.length ? address : json_member_text(article, "id"), TITLE_BYTES);
}

/* Returns whether both articles wait for the same thing, or have failed, for the same reason. */
static bool same_reason(const cJSON *a, const cJSON *b) {
    static const char *const members[] = {"for", "on", "reason"};
    for (size_t i = 0; i < sizeof members / sizeof *members; i++)
        if (!span_equal(json_member_text(a, members[i]), json_member_text(b, members[i]))) return false;
    return true;
}

static void write_article(const cJSON *article, struct buffer *out) {
    struct span address = json_member_text(article, "address"), source = json_member_text(article, "source");
    buffer_add_string(out, "<li><div>");
    write_title(article, out);
    if (source.length) html_tagged(out, " <span class=\"from\">· ", source, "</span>");
    buffer_add_string(out, "</div>");
    if (url_is_remote(address)) html_tagged(out, "<a href=\"", address, "\">original</a>");
    buffer_add_string(out, "</li>\n");
}

/* Says once for all articles of a group what they wait for, or that they failed, and why. */
static void write_reason(const cJSON *first, size_t count, struct buffer *out) {
    struct span cause = json_member_text(first, "for"), name = json_member_text(first, "on");
    struct span reason = page_reason(json_member_text(first, "reason"), cause, name);
    buffer_add_string(out, "<p class=\"note\"><b class=\"bad\">");
    page_count(out, count, "article ", "articles ");
    buffer_add_string(out, cause.length ? count == 1 ? "waits for " : "wait for " : "failed");
    page_escape(out, cause);
    if (cause.length && name.length) html_tagged(out, " ", name, "");
    buffer_add_string(out, "</b>");
    if (reason.length) html_tagged(out, ": ", reason, "");
    buffer_add_string(out, "</p>\n<ul class=\"takes\">\n");
}

/* Appends the articles that share the reason of `first`, unless one before it does, until the page would become too
 * large. Returns how many were left out. The notes list few enough articles to compare each with each. */
static size_t write_group(const cJSON *articles, const cJSON *first, size_t end, struct buffer *out) {
    size_t count = 0, left_out = 0;
    const cJSON *article;
    for (article = articles->child; article != first; article = article->next)
        if (same_reason(article, first)) return 0;
    cJSON_ArrayForEach(article, articles) count += same_reason(article, first);
    if (out->length >= end) return count;
    write_reason(first, count, out);
    cJSON_ArrayForEach(article, articles) {
        if (!same_reason(article, first)) continue;
        if (out->length < end)
            write_article(article, out);
        else
            left_out++;
    }
    buffer_add_string(out, "</ul>\n");
    return left_out;
}

static size_t write_groups(const cJSON *articles, size_t end, struct buffer *out) {
    size_t left_out = 0;
    const cJSON *article;
    cJSON_ArrayForEach(article, articles) left_out += write_group(articles, article, end, out);
    return left_out;
}

static void write_list(const cJSON *notes, struct buffer *out) {
    size_t end = out->length + PAGE_BYTES;
    buffer_add_string(out, "<section class=\"more wait\" id=\"waiting\" aria-labelledby=\"w\"><h2 id=\"w\">Waiting or "
                           "failed, as they came</h2>\n");
    size_t left_out = write_groups(json_member(notes, "failed"), end, out);
    left_out += write_groups(json_member(notes, "waiting"), end, out);
    left_out += json_member_count(notes, "more_missing", 0);
    if (left_out) {
        buffer_add_string(out, "<p class=\"note\">");
        page_count(out, left_out, "more: see", "more: see");
        buffer_add_string(out, " <code>dragoman status</code></p>\n");
    }
    buffer_add_string(out, "</section>\n");
}

size_t waiting_count(const struct edition *edition) {
    if (!edition->run_notes.length) return 0;
    cJSON *notes = json_parse(edition->run_notes, NOTES_LIMIT, "the day's notes", NULL);
    int listed = cJSON_GetArraySize(json_member(notes, "waiting")) + cJSON_GetArraySize(json_member(notes, "failed"));
    size_t count = (size_t)listed + json_member_count(notes, "more_missing", 0);
    cJSON_Delete(notes);
    return count;
}

void waiting_html(const struct edition *edition, struct buffer *out) {
    if (waiting_count(edition) == 0) return;
    cJSON *notes = json_parse(edition->run_notes, NOTES_LIMIT, "the day's notes", NULL);
    write_list(notes, out);
    cJSON_Delete(notes);
}
