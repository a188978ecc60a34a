#include "stages/digest/page.h"

#include "stages/language/names.h"

struct span page_title(const struct article *article) {
    /* the translation of a failed headline must not be shown */
    bool usable = article->title.target.length && article->title.status != SEGMENT_FAILED;
    struct span title = usable ? article->title.target : article->title.source;
    return title.length ? title : SPAN("Untitled");
}

void page_doubt(struct buffer *out, struct span doubt) {
    if (!doubt.length) return;
    buffer_add_string(out, " [to check: ");
    page_escape(out, doubt);
    buffer_add_string(out, "]");
}

struct span page_language(const struct page *page, const char *code) {
    return code[0] ? language_name(page->languages, span_of(code)) : SPAN("unknown language");
}

struct span page_publisher(const struct article *article) {
    return article_publisher(article);
}

void page_escape(struct buffer *out, struct span text) {
    for (size_t i = 0; i < text.length; i++) {
        switch (text.at[i]) {
        case '<':
            buffer_add_string(out, "&lt;");
            break;
        case '>':
            buffer_add_string(out, "&gt;");
            break;
        case '&':
            buffer_add_string(out, "&amp;");
            break;
        case '"':
            buffer_add_string(out, "&quot;");
            break;
        case '\'':
            buffer_add_string(out, "&#39;");
            break;
        default:
            if ((unsigned char)text.at[i] >= ' ' || text.at[i] == '\n' || text.at[i] == '\t')
                buffer_add(out, text.at + i, 1);
        }
    }
}

void page_number(struct buffer *out, size_t number) {
    if (number >= 1000) {
        page_number(out, number / 1000);
        buffer_print(out, ",%03zu", number % 1000);
    } else {
        buffer_print(out, "%zu", number);
    }
}

void page_count(struct buffer *out, size_t count, const char *one, const char *many) {
    page_number(out, count);
    buffer_print(out, " %s", count == 1 ? one : many);
}

bool page_moved(const struct page *page, struct buffer *out) {
    return buffer_print(out,
                        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Digest of %s</title><meta "
                        "name=\"dragoman-version\" content=\"%s\">\n<meta http-equiv=\"refresh\" content=\"0; "
                        "url=index.html\">\n<p>The digest is in <a href=\"index.html\">index.html</a>.</p></html>\n",
                        page->edition->day, page->edition->version);
}
