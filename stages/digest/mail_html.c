/* The part of a mail in HTML. Mail programs drop style sheets and do not know newer layouts, so the style is in the
 * elements, and the colours are those of the mail program, light or dark, except for marks. */
#include "pipeline/base/clock.h"
#include "pipeline/base/json.h"
#include "pipeline/net/url.h"
#include "stages/digest/html.h"
#include "stages/digest/mail.h"
#include "stages/language/names.h"

/* Some mail programs cut what is longer than about 100 kB. */
enum { NOTES_LIMIT = 16 << 20, HTML_BYTES = 80000, MISSING_BYTES = 12000, WHY_BYTES = 400, MAX_TAKES = 6 };

#define SANS "font-family:-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif"
#define SMALL "margin:4px 0;font-size:13px;" SANS
#define LINK "color:inherit"
#define MARK "<mark style=\"background:#ffe08a;color:#1a1a1a\">"
#define WHY "<p style=\"margin:6px 0;padding-left:8px;border-left:3px solid #b7791f;font-size:13px;" SANS "\">"

/* ---------------------------------------------------------------- texts */

static void add_marked(struct buffer *out, struct span text, bool doubtful) {
    buffer_add_string(out, doubtful ? MARK : "");
    html_clipped(out, text, 1200);
    buffer_add_string(out, doubtful ? "</mark>" : "");
}

static void add_headline(struct buffer *out, const struct article *article) {
    if (html_has_headline(article)) {
        add_marked(out, article->title.target, article->title_doubt.length > 0);
    } else if (article->title.source.length) {
        buffer_add_string(out, "<b>Not translated:</b> ");
        html_source(out, span_of(article->language.code), text_clip(article->title.source, 600));
    } else {
        buffer_add_string(out, "Untitled");
    }
}

static void add_why(struct buffer *out, const char *label, struct span reason) {
    if (!reason.length) return;
    buffer_print(out, WHY "<b>%s:</b> ", label);
    html_clipped(out, reason, WHY_BYTES);
    buffer_add_string(out, "</p>\n");
}

static void add_why_sentence(struct buffer *out, const struct article *article,
                             const struct summary_sentence *sentence) {
    if (!sentence->doubt.length) return;
    const struct segment *segment = sentence->rests_on_count ? article_segment(article, sentence->rests_on[0]) : NULL;
    buffer_add_string(out, WHY "<b>Check before you use it:</b> ");
    html_clipped(out, sentence->doubt, WHY_BYTES);
    if (segment && segment->source.length) {
        buffer_add_string(out, ". The source: ");
        html_source(out, span_of(segment->language[0] ? segment->language : article->language.code),
                    text_clip(segment->source, WHY_BYTES));
    }
    buffer_add_string(out, "</p>\n");
}

static void add_summary(struct buffer *out, const struct article *article) {
    struct span notes[ARTICLE_NOTES];
    const struct summary *summary = &article->summary;
    size_t count = article_notes(article, notes);
    if (summary->count) buffer_add_string(out, "<p style=\"margin:6px 0\">");
    for (size_t i = 0; i < summary->count; i++) {
        buffer_add_string(out, i ? " " : "");
        add_marked(out, summary->sentences[i].text, summary->sentences[i].doubt.length > 0);
    }
    if (summary->count) buffer_add_string(out, "</p>\n");
    if (html_has_headline(article)) add_why(out, "Check the headline", article->title_doubt);
    for (size_t i = 0; i < summary->count; i++) add_why_sentence(out, article, &summary->sentences[i]);
    for (size_t i = 0; i < count; i++) add_why(out, "Note", notes[i]);
}

/* ---------------------------------------------------------------- links */

/* Without an address of the pages, only the path can be told: a link to a file works on one machine only. */
static void add_page_link(const struct mail *mail, struct span name, const char *text, struct buffer *out) {
    struct buffer place = BUFFER(1 << 14);
    mail_page(mail, name, &place);
    if (mail->url.length) {
        html_tagged(out, "<a style=\"" LINK "\" href=\"", buffer_span(&place), "\">");
        buffer_print(out, "%s</a>", text);
    } else {
        buffer_print(out, "%s: ", text);
        html_tagged(out, "<code>", buffer_span(&place), "</code>");
    }
    buffer_free(&place);
}

static void add_headline_link(const struct mail *mail, const struct article *article, struct span name,
                              struct buffer *out) {
    struct buffer place = BUFFER(1 << 14);
    mail_page(mail, name, &place);
    if (mail->url.length)
        html_tagged(out, "<a style=\"" LINK ";text-decoration:none\" href=\"", buffer_span(&place), "\">");
    add_headline(out, article);
    buffer_add_string(out, mail->url.length ? "</a>" : "");
    buffer_free(&place);
}

static void add_original(struct buffer *out, struct span address) {
    if (url_is_remote(address)) html_tagged(out, " · <a style=\"" LINK "\" href=\"", address, "\">original</a>");
}

static void add_byline(const struct mail *mail, const struct take *take, struct buffer *out) {
    const struct article *article = take->article;
    struct buffer text = BUFFER(1024);
    html_publisher(out, article);
    if (article->language.code[0])
        html_tagged(out, " · ", language_name(mail->languages, span_of(article->language.code)), "");
    mail_time(mail, take, &text);
    mail_article_state(take, &text);
    html_tagged(out, " · ", buffer_span(&text), "");
    add_original(out, article_web_address(article));
    buffer_free(&text);
}

/* ---------------------------------------------------------------- stories */

static void add_takes(const struct mail *mail, const struct mail_item *item, struct buffer *out) {
    size_t shown = 0;
    for (size_t i = 1; i < item->entry->count && shown < MAX_TAKES; i++) {
        const struct take *take = &item->entry->takes[i];
        if (!mail_is_fresh(mail, take)) continue;
        buffer_add_string(out, shown++ ? "<li style=\"margin:4px 0\">"
                                       : "<ul style=\"margin:6px 0;padding-left:20px\">\n"
                                         "<li style=\"margin:4px 0\">");
        add_headline(out, take->article);
        buffer_add_string(out, "<br><span style=\"font-size:13px;" SANS "\">");
        add_byline(mail, take, out);
        buffer_add_string(out, "</span>");
        add_why(out, "Check the headline", html_has_headline(take->article) ? take->article->title_doubt : SPAN(""));
        buffer_add_string(out, "</li>\n");
    }
    if (shown) buffer_add_string(out, "</ul>\n");
}

static void add_source_headline(struct buffer *out, const struct article *article) {
    const struct segment *title = &article->title;
    if (!html_has_headline(article) || span_equal(title->source, title->target)) return;
    buffer_add_string(out, "<p style=\"margin:2px 0\"");
    html_language(out, span_of(article->language.code), title->source);
    buffer_add_string(out, ">");
    html_clipped(out, title->source, 600);
    buffer_add_string(out, "</p>\n");
}

static void add_item(const struct mail *mail, const struct mail_item *item, struct buffer *out) {
    const struct article *article = item->entry->takes[0].article;
    struct buffer name = BUFFER(1024), news = BUFFER(8192);
    html_story_address(&name, item->entry->id);
    buffer_add_string(out, "<div style=\"border-top:1px solid #999;padding:10px 0\">\n<p style=\"" SMALL "\"><b>");
    mail_news(mail, item, &news);
    page_escape(out, buffer_span(&news));
    buffer_add_string(out, "</b></p>\n<h3 style=\"margin:2px 0;font-size:19px;line-height:1.25\">");
    add_headline_link(mail, article, buffer_span(&name), out);
    buffer_add_string(out, "</h3>\n");
    add_source_headline(out, article);
    buffer_add_string(out, "<p style=\"" SMALL "\">");
    add_byline(mail, &item->entry->takes[0], out);
    buffer_add_string(out, "</p>\n");
    add_summary(out, article);
    add_takes(mail, item, out);
    buffer_add_string(out, "<p style=\"" SMALL "\">");
    add_page_link(mail, buffer_span(&name), "In both languages", out);
    buffer_add_string(out, "</p>\n</div>\n");
    buffer_free(&name);
    buffer_free(&news);
}

static void add_heading(struct buffer *out, const char *text) {
    buffer_print(out, "<h2 style=\"margin:20px 0 8px;font-size:15px;" SANS "\">%s</h2>\n", text);
}

static void add_items(const struct mail *mail, struct buffer *out) {
    size_t i = 0;
    for (; i < mail->count && i < mail->max_stories && out->length < HTML_BYTES; i++) {
        if (i == 0 && mail->watched) add_heading(out, "Watch-list");
        if (i == mail->watched) add_heading(out, mail->watched ? "Other stories" : "Stories");
        add_item(mail, &mail->items[i], out);
    }
    if (i == mail->count) return;
    buffer_print(out, "<p style=\"margin:12px 0\">… and %zu more. ", mail->count - i);
    add_page_link(mail, SPAN("index.html"), "The day's page", out);
    buffer_add_string(out, "</p>\n");
}

/* ---------------------------------------------------------------- what is missing */

struct missing_part {
    struct buffer *out;
    size_t end, left_out;
};

static bool has_room(struct missing_part *part) {
    bool room = part->out->length < part->end;
    part->left_out += !room;
    return room;
}

static void add_outage(void *context, const struct problem *problem) {
    struct missing_part *part = context;
    if (!has_room(part)) return;
    html_tagged(part->out, "<li><b>", problem->where, problem->where.length ? ":</b> " : "</b>");
    html_tagged(part->out, "", problem->what, problem->what.length && problem->reason.length ? ": " : "");
    html_tagged(part->out, "", problem->reason, "</li>\n");
}

/* An article that has no record keeps its own headline, in its own script. */
static void add_articles(const cJSON *articles, struct missing_part *part) {
    const cJSON *article;
    cJSON_ArrayForEach(article, articles) {
        if (!has_room(part)) continue;
        struct buffer state = BUFFER(4096);
        struct span title = json_member_text(article, "title"), address = json_member_text(article, "address");
        if (!title.length) title = address.length ? address : json_member_text(article, "id");
        page_missing_state(article, &state);
        buffer_add_string(part->out, "<li>");
        html_source(part->out, json_member_text(article, "language"), text_clip(title, 400));
        html_tagged(part->out, "<br>", buffer_span(&state), "");
        add_original(part->out, address);
        buffer_add_string(part->out, "</li>\n");
        buffer_free(&state);
    }
}

static void add_missing(const struct mail *mail, struct buffer *out) {
    const struct edition *edition = mail->day->edition;
    if (!page_missing_count(edition)) return;
    struct missing_part part = {.out = out, .end = out->length + MISSING_BYTES};
    cJSON *notes = json_parse(edition->run_notes, NOTES_LIMIT, "the day's notes", NULL);
    add_heading(out, "Missing, waiting or failed");
    buffer_add_string(out, "<ul style=\"margin:6px 0;padding-left:20px;font-size:14px;" SANS "\">\n");
    add_articles(json_member(notes, "failed"), &part);
    add_articles(json_member(notes, "waiting"), &part);
    page_outages(edition, add_outage, &part);
    part.left_out += json_member_count(notes, "more_missing", 0);
    if (part.left_out) buffer_print(out, "<li>and %zu more</li>\n", part.left_out);
    buffer_add_string(out, "</ul>\n");
    cJSON_Delete(notes);
}

/* ---------------------------------------------------------------- the part */

bool mail_html(const struct mail *mail, struct buffer *out) {
    char name[64];
    clock_day_name(mail->day->edition->day, name);
    buffer_print(
        out,
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" "
        "content=\"width=device-width,initial-scale=1\">\n<meta name=\"color-scheme\" content=\"light dark\">\n"
        "<meta name=\"supported-color-schemes\" content=\"light dark\">\n<title>%s</title>\n</head>\n"
        "<body style=\"margin:0;padding:16px\">\n<div style=\"max-width:640px;margin:0 auto;font:16px/1.45 "
        "Georgia,'Times New Roman',serif\">\n<h1 style=\"margin:0 0 4px;font-size:24px\">%s</h1>\n<p style=\"" SMALL
        "\">",
        name, name);
    mail_state(mail, out);
    buffer_add_string(out, ".<br>");
    add_page_link(mail, SPAN("index.html"), "The day's page", out);
    buffer_add_string(out, "</p>\n");
    add_items(mail, out);
    add_missing(mail, out);
    buffer_add_string(out, "<p style=\"" SMALL "\">Translated by machine. Every sentence was checked against its "
                           "source. What is marked may be wrong; what is not marked may still be wrong.</p>\n</div>\n"
                           "</body>\n</html>\n");
    return !out->full;
}
