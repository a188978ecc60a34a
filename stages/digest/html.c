#include "stages/digest/page.h"

void page_count_flags(const struct article *article, size_t *ret_suspect, size_t *ret_failed) {
    *ret_suspect = *ret_failed = 0;
    for (struct segment_walk walk = {0}; segment_walk_next(article, &walk);) {
        *ret_suspect += walk.segment->status == SEGMENT_SUSPECT;
        *ret_failed += walk.segment->status == SEGMENT_FAILED;
    }
}

struct span page_title(const struct article *article) {
    bool usable = article->title.target.length && article->title.status != SEGMENT_FAILED;
    return usable ? article->title.target : article->title.source;
}

static void escape(struct buffer *out, struct span text) {
    for (size_t i = 0; i < text.length; i++) {
        switch (text.at[i]) {
        case '<': buffer_add_string(out, "&lt;"); break;
        case '>': buffer_add_string(out, "&gt;"); break;
        case '&': buffer_add_string(out, "&amp;"); break;
        case '"': buffer_add_string(out, "&quot;"); break;
        case '\'': buffer_add_string(out, "&#39;"); break;
        default: buffer_add(out, text.at + i, 1);
        }
    }
}

static void tagged(struct buffer *out, const char *open, struct span text, const char *close) {
    buffer_add_string(out, open);
    escape(out, text);
    buffer_add_string(out, close);
}

/* A link only to the web: nothing else in a record may become one. */
static void write_address(struct buffer *out, const struct article *article) {
    struct span address = article->origin.address;
    bool web = span_starts(address, SPAN("https://")) || span_starts(address, SPAN("http://"));
    if (!web) return;
    tagged(out, " · <a rel=\"noreferrer noopener\" href=\"", address, "\">original</a>");
}

static void write_flags(struct buffer *out, const struct article *article) {
    size_t suspect, failed;
    page_count_flags(article, &suspect, &failed);
    if (suspect) buffer_print(out, " · <span class=\"flag\">%zu to check</span>", suspect);
    if (failed) buffer_print(out, " · <span class=\"failed\">%zu not translated</span>", failed);
}

static void write_meta(struct buffer *out, const struct article *article) {
    buffer_add_string(out, "<p class=\"meta\">");
    escape(out, article->site.length ? article->site : article->origin.source);
    tagged(out, " · ", span_of(article->language.code), "");
    if (article->published.length) tagged(out, " · ", span_cut(article->published, 0, 10), "");
    tagged(out, " · ", span_of(article_status_name(article->status)), "");
    write_flags(out, article);
    write_address(out, article);
    buffer_add_string(out, "</p>\n");
}

static void write_summary(struct buffer *out, const struct article *article) {
    for (size_t i = 0; i < article->summary.count; i++) {
        const struct summary_sentence *sentence = &article->summary.sentences[i];
        tagged(out, "<p>", sentence->text, "</p>\n");
    }
}

static void write_findings(struct buffer *out, const struct segment *segment) {
    for (size_t i = 0; i < segment->finding_count; i++)
        tagged(out, segment->status == SEGMENT_FAILED ? "<br><span class=\"failed\">" : "<br><span class=\"flag\">",
               segment->findings[i].message, "</span>");
}

static void write_segments(struct buffer *out, const struct article *article) {
    buffer_add_string(out, "<details><summary>sentence by sentence</summary><table>\n");
    for (struct segment_walk walk = {0}; segment_walk_next(article, &walk);) {
        bool failed = walk.segment->status == SEGMENT_FAILED;
        tagged(out, "<tr><td>", failed ? SPAN("") : walk.segment->target, "");
        write_findings(out, walk.segment);
        buffer_add_string(out, "</td><td class=\"source\" lang=\"");
        escape(out, span_of(article->language.code));
        tagged(out, "\" dir=\"auto\">", walk.segment->source, "</td></tr>\n");
    }
    buffer_add_string(out, "</table></details>\n");
}

static void write_article(struct buffer *out, const struct article *article) {
    tagged(out, "<article>\n<h2>", page_title(article), "</h2>\n");
    if (article->title.target.length) {
        tagged(out, "<p class=\"source\" dir=\"auto\" lang=\"", span_of(article->language.code), "\">");
        tagged(out, "", article->title.source, "</p>\n");
    }
    write_meta(out, article);
    write_summary(out, article);
    write_segments(out, article);
    buffer_add_string(out, "</article>\n");
}

static void spending_line(void *context, struct span text) {
    tagged(context, "<br>", text, "");
}

/* Stories in the order of their first article; the others of a story follow it. */
bool page_html(const struct edition *edition, struct span style, struct buffer *out) {
    buffer_print(out, "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" "
                      "content=\"width=device-width\">\n<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
                      "style-src 'unsafe-inline'\">\n<title>Digest of %s</title>\n<style>\n%.*s</style>\n</head>\n<body>\n",
                 edition->day, SPAN_ARGS(style));
    buffer_print(out, "<header><h1>Digest of %s</h1><p class=\"meta\">%zu articles, translated by machine; what is marked should "
                      "be checked against the source.</p></header>\n",
                 edition->day, edition->count);
    for (size_t i = 0; i < edition->count; i++) write_article(out, edition->articles[i]);
    buffer_add_string(out, "<footer>Made by Dragoman. Nothing on this page is loaded from elsewhere.");
    page_spending(edition, spending_line, out);
    return buffer_add_string(out, "</footer>\n</body>\n</html>\n");
}
