/* Writes the digest as Markdown. */
#include "stages/digest/markdown.h"

#include "pipeline/net/url.h"
#include "stages/digest/html.h"

enum { NOTES_LIMIT = 16 << 20 };

/* A date that cannot be true is marked, as on the pages. */
static void write_date(struct buffer *out, const struct article *article) {
    struct when when = when_of(article);
    bool impossible = when.kind == WHEN_IMPOSSIBLE;
    buffer_add_string(out, when.kind == WHEN_UNKNOWN ? ", undated" : impossible ? ", dated " : ", ");
    markdown_text(out, text_clip(article->published, 10));
    buffer_add_string(out, impossible ? "?" : "");
}

static void write_meta(struct buffer *out, const struct page *page, const struct article *article) {
    struct flags flags = article_flags(article);
    markdown_text(out, page_publisher(article));
    buffer_add_string(out, ", ");
    markdown_text(out, page_language(page, article->language.code));
    write_date(out, article);
    buffer_print(out, ", %s", article_status_name(article->status));
    if (flags.suspect) buffer_print(out, ", %zu to check", flags.suspect);
    if (flags.failed) buffer_print(out, ", %zu not translated", flags.failed);
    struct span address = article_web_address(article);
    buffer_add_string(out, address.length ? ", " : "");
    markdown_link(out, address);
    buffer_add_string(out, "\n\n");
}

/* Quotes a segment with findings: its translation, its source and the findings. */
static void write_flagged(struct buffer *out, const struct segment *segment) {
    bool failed = segment->status == SEGMENT_FAILED;
    if (!failed && segment->status != SEGMENT_SUSPECT) return;
    buffer_add_string(out, failed ? "> not translated: " : "> to check: ");
    if (!failed) {
        markdown_text(out, segment->target);
        buffer_add_string(out, " / ");
    }
    markdown_text(out, segment->source);
    for (size_t i = 0; i < segment->finding_count; i++) {
        buffer_add_string(out, i ? "; " : " (");
        markdown_text(out, segment->findings[i].message);
    }
    buffer_add_string(out, segment->finding_count ? ")\n>\n" : "\n>\n");
}

/* Writes the reason why a translation may be wrong, in bold; Markdown has no way to hide it until the reader asks for
 * it. */
static void write_doubt(struct buffer *out, struct span doubt) {
    if (!doubt.length) return;
    buffer_add_string(out, " **(to check: ");
    markdown_text(out, doubt);
    buffer_add_string(out, ")**");
}

static void write_notes(struct buffer *out, const struct article *article) {
    struct span notes[ARTICLE_NOTES];
    size_t count = article_notes(article, notes);
    for (size_t i = 0; i < count; i++) {
        buffer_add_string(out, "*");
        markdown_text(out, notes[i]);
        buffer_add_string(out, "*\n\n");
    }
}

static void write_source_headline(struct buffer *out, const struct article *article) {
    if (!html_has_headline(article) || span_equal(article->title.source, article->title.target)) return;
    markdown_text(out, article->title.source);
    buffer_add_string(out, "\n\n");
}

/* Writes an article: the summary, then the sentences to check. The full text is only in the records. */
static void write_article(struct buffer *out, const struct page *page, const struct article *article,
                          const char *heading) {
    buffer_print(out, "\n%s ", heading);
    markdown_text(out, page_title(article));
    write_doubt(out, article->title_doubt);
    buffer_add_string(out, "\n\n");
    write_source_headline(out, article);
    write_meta(out, page, article);
    write_notes(out, article);
    for (size_t i = 0; i < article->summary.count; i++) {
        buffer_add_string(out, "- ");
        markdown_text(out, article->summary.sentences[i].text);
        write_doubt(out, article->summary.sentences[i].doubt);
        buffer_add_string(out, "\n");
    }
    buffer_add_string(out, "\n");
    for (struct segment_walk walk = {0}; segment_walk_next(article, &walk);) write_flagged(out, walk.segment);
}

static void spending_line(void *context, struct span text) {
    buffer_add_string(context, "- ");
    markdown_text(context, text);
    buffer_add_string(context, "\n");
}

static void missing_line(void *context, struct span where, struct span what) {
    buffer_add_string(context, "- ");
    if (where.length) {
        buffer_add_string(context, "**");
        markdown_text(context, where);
        buffer_add_string(context, "**: ");
    }
    markdown_text(context, what);
    buffer_add_string(context, "\n");
}

/* Lists an article with its headline as published. */
static void write_missing_article(struct buffer *out, const cJSON *article) {
    struct span title = json_member_text(article, "title"), address = json_member_text(article, "address");
    struct buffer state = BUFFER(1 << 16);
    if (!title.length) title = address.length ? address : json_member_text(article, "id");
    page_missing_state(article, &state);
    missing_line(out, title, buffer_span(&state));
    out->length--; /* the link stands on the same line */
    buffer_add_string(out, url_is_remote(address) ? " " : "");
    markdown_link(out, address);
    buffer_add_string(out, "\n");
    buffer_free(&state);
}

static void write_missing_articles(struct buffer *out, struct span notes) {
    cJSON *run = notes.length ? json_parse(notes, NOTES_LIMIT, "the day's notes", NULL) : NULL;
    const cJSON *article;
    size_t more = json_member_count(run, "more_missing", 0);
    cJSON_ArrayForEach(article, json_member(run, "failed")) write_missing_article(out, article);
    cJSON_ArrayForEach(article, json_member(run, "waiting")) write_missing_article(out, article);
    if (more) buffer_print(out, "- and %zu more article%s: see `dragoman status`\n", more, PLURAL(more));
    cJSON_Delete(run);
}

/* Lists what is missing from the digest, before the articles, so that it is not overlooked. */
static void write_missing(struct buffer *out, const struct edition *edition) {
    size_t count = page_missing_count(edition);
    if (count == 0) return;
    buffer_print(out, "\n## Missing from this digest: %zu\n\n", count);
    page_outage_lines(edition, missing_line, out);
    write_missing_articles(out, edition->run_notes);
}

bool page_markdown(const struct page *page, struct buffer *out) {
    buffer_add_string(out, "# Digest of ");
    markdown_text(out, page_days(page->edition));
    buffer_print(out, "\n\n<!-- dragoman-version %s -->\n", page->edition->version);
    write_missing(out, page->edition);
    for (size_t i = 0; i < page->day->count; i++)
        for (size_t j = 0; j < page->day->entries[i].count; j++) {
            write_article(out, page, page->day->entries[i].takes[j].article, j ? "###" : "##");
            page_drain(page, out);
        }
    buffer_add_string(out, "\n---\n\n");
    page_spending(page->edition, spending_line, out);
    return !out->full;
}
