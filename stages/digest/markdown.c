/* Writes the digest as Markdown. */
#include <string.h>

#include "stages/digest/page.h"

/* Escapes the characters that start Markdown or HTML markup. Line feeds become spaces, since a character at the start
 * of a line could begin a heading or a list. */
static void escape(struct buffer *out, struct span text) {
    for (size_t i = 0; i < text.length; i++) {
        char c = text.at[i] == '\n' ? ' ' : text.at[i];
        if (c && strchr("\\`*_[]<>#&|~", c)) buffer_add(out, "\\", 1);
        buffer_add(out, &c, 1);
    }
}

static void write_meta(struct buffer *out, const struct page *page, const struct article *article) {
    struct flags flags = article_flags(article);
    escape(out, page_publisher(article));
    buffer_add_string(out, ", ");
    escape(out, page_language(page, article->language.code));
    if (article->published.length) buffer_print(out, ", %.*s", SPAN_ARGS(span_cut(article->published, 0, 10)));
    buffer_print(out, ", %s", article_status_name(article->status));
    if (flags.suspect) buffer_print(out, ", %zu to check", flags.suspect);
    if (flags.failed) buffer_print(out, ", %zu not translated", flags.failed);
    struct span address = article_web_address(article);
    /* a ">" would end the link early */
    if (address.length && span_find(address, SPAN(">")) == SIZE_MAX) buffer_print(out, ", <%.*s>", SPAN_ARGS(address));
    buffer_add_string(out, "\n\n");
}

/* Quotes a segment with findings: its translation, its source and the findings. */
static void write_flagged(struct buffer *out, const struct segment *segment) {
    bool failed = segment->status == SEGMENT_FAILED;
    if (!failed && segment->status != SEGMENT_SUSPECT) return;
    buffer_add_string(out, failed ? "> not translated: " : "> to check: ");
    if (!failed) {
        escape(out, segment->target);
        buffer_add_string(out, " / ");
    }
    escape(out, segment->source);
    for (size_t i = 0; i < segment->finding_count; i++) {
        buffer_add_string(out, i ? "; " : " (");
        escape(out, segment->findings[i].message);
    }
    buffer_add_string(out, segment->finding_count ? ")\n>\n" : "\n>\n");
}

/* Writes the reason why a translation may be wrong, in bold; Markdown has no way to hide it until the reader asks for
 * it. */
static void write_doubt(struct buffer *out, struct span doubt) {
    if (!doubt.length) return;
    buffer_add_string(out, " **(to check: ");
    escape(out, doubt);
    buffer_add_string(out, ")**");
}

static void write_notes(struct buffer *out, const struct article *article) {
    struct span notes[ARTICLE_NOTES];
    size_t count = article_notes(article, notes);
    for (size_t i = 0; i < count; i++) {
        buffer_add_string(out, "*");
        escape(out, notes[i]);
        buffer_add_string(out, "*\n\n");
    }
}

/* Writes an article: the summary, then the sentences to check. The full text is only in the records. */
static void write_article(struct buffer *out, const struct page *page, const struct article *article,
                          const char *heading) {
    buffer_print(out, "\n%s ", heading);
    escape(out, page_title(article));
    write_doubt(out, article->title_doubt);
    buffer_add_string(out, "\n\n");
    write_meta(out, page, article);
    write_notes(out, article);
    for (size_t i = 0; i < article->summary.count; i++) {
        buffer_add_string(out, "- ");
        escape(out, article->summary.sentences[i].text);
        write_doubt(out, article->summary.sentences[i].doubt);
        buffer_add_string(out, "\n");
    }
    buffer_add_string(out, "\n");
    for (struct segment_walk walk = {0}; segment_walk_next(article, &walk);) write_flagged(out, walk.segment);
}

static void spending_line(void *context, struct span text) {
    buffer_add_string(context, "- ");
    escape(context, text);
    buffer_add_string(context, "\n");
}

static void missing_line(void *context, struct span where, struct span what) {
    buffer_add_string(context, "- ");
    if (where.length) {
        buffer_add_string(context, "**");
        escape(context, where);
        buffer_add_string(context, "**: ");
    }
    escape(context, what);
    buffer_add_string(context, "\n");
}

/* Lists what is missing from the digest, before the articles, so that it is not overlooked. */
static void write_missing(struct buffer *out, const struct edition *edition) {
    size_t count = page_missing_count(edition);
    if (count == 0) return;
    buffer_print(out, "\n## Missing from this digest: %zu\n\n", count);
    page_missing(edition, missing_line, out);
}

bool page_markdown(const struct page *page, struct buffer *out) {
    buffer_add_string(out, "# Digest of ");
    escape(out, page_days(page->edition));
    buffer_print(out, "\n\n<!-- dragoman-version %s -->\n", page->edition->version);
    write_missing(out, page->edition);
    for (size_t i = 0; i < page->day->count; i++)
        for (size_t j = 0; j < page->day->entries[i].count; j++)
            write_article(out, page, page->day->entries[i].takes[j].article, j ? "###" : "##");
    buffer_add_string(out, "\n---\n\n");
    page_spending(page->edition, spending_line, out);
    return !out->full;
}
