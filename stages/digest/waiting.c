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

static void write_article(const cJSON *article, struct buffer *out) {
    struct buffer state = BUFFER(4096);
    struct span address = json_member_text(article, "address");
    page_missing_state(article, &state);
    buffer_add_string(out, "<li><span></span><div>");
    write_title(article, out);
    html_tagged(out, "<small>", buffer_span(&state), "</small></div>");
    if (url_is_remote(address)) html_tagged(out, "<a class=\"go\" href=\"", address, "\">original</a>");
    buffer_add_string(out, "</li>\n");
    buffer_free(&state);
}

/* Appends the articles until they would make the page too large. Returns how many were left out. */
static size_t write_articles(const cJSON *articles, size_t end, struct buffer *out) {
    size_t left_out = 0;
    const cJSON *article;
    cJSON_ArrayForEach(article, articles) {
        if (out->length < end)
            write_article(article, out);
        else
            left_out++;
    }
    return left_out;
}

static void write_list(const cJSON *notes, struct buffer *out) {
    size_t end = out->length + PAGE_BYTES;
    buffer_add_string(
        out, "<section class=\"more\" id=\"waiting\" aria-labelledby=\"w\"><h2 id=\"w\">Waiting or failed, as they "
             "came</h2>\n<ul class=\"takes\">\n");
    size_t left_out = write_articles(json_member(notes, "failed"), end, out);
    left_out += write_articles(json_member(notes, "waiting"), end, out);
    left_out += (size_t)json_member_number(notes, "more_missing", 0);
    if (left_out)
        buffer_print(out, "<li><span></span><div>and %zu more: see `dragoman status` or digest.json</div></li>\n",
                     left_out);
    buffer_add_string(out, "</ul></section>\n");
}

size_t waiting_count(const struct edition *edition) {
    if (!edition->run_notes.length) return 0;
    cJSON *notes = json_parse(edition->run_notes, NOTES_LIMIT, "the day's notes", NULL);
    int listed = cJSON_GetArraySize(json_member(notes, "waiting")) + cJSON_GetArraySize(json_member(notes, "failed"));
    size_t count = (size_t)listed + (size_t)json_member_number(notes, "more_missing", 0);
    cJSON_Delete(notes);
    return count;
}

void waiting_html(const struct edition *edition, struct buffer *out) {
    if (waiting_count(edition) == 0) return;
    cJSON *notes = json_parse(edition->run_notes, NOTES_LIMIT, "the day's notes", NULL);
    write_list(notes, out);
    cJSON_Delete(notes);
}
