/* Writes one article of the HTML page: headline, summary with links to its source sentences, findings, and the whole
 * article sentence by sentence. */
#include <stdio.h>
#include <string.h>

#include "stages/digest/page.h"

/* Appends escaped text between two pieces of markup. */
static void add_tagged(struct buffer *out, const char *open, struct span text, const char *close) {
    buffer_add_string(out, open);
    page_escape(out, text);
    buffer_add_string(out, close);
}

/* ---------------------------------------------------------------- headline and notes */

static void write_status(struct buffer *out, const struct article *article) {
    struct flags flags = article_flags(article);
    if (article->status != ARTICLE_COMPLETE)
        add_tagged(out, " · <span class=\"failed\">", span_of(article_status_name(article->status)), "</span>");
    if (flags.suspect) buffer_print(out, " · <span class=\"flag\">%zu to check</span>", flags.suspect);
    if (flags.failed) buffer_print(out, " · <span class=\"failed\">%zu not translated</span>", flags.failed);
}

static void write_meta(struct buffer *out, const struct page *page, const struct article *article) {
    buffer_add_string(out, "<p class=\"meta\">");
    page_escape(out, page_publisher(article));
    add_tagged(out, " · ", page_language(page, article->language.code), "");
    if (article->published.length) add_tagged(out, " · ", span_cut(article->published, 0, 10), "");
    for (size_t i = 0; i < article->author_count && i < 3; i++)
        add_tagged(out, i ? ", " : " · ", article->authors[i], "");
    write_status(out, article);
    struct span address = article_web_address(article);
    if (address.length) add_tagged(out, " · <a rel=\"noreferrer noopener\" href=\"", address, "\">original</a>");
    buffer_add_string(out, "</p>\n");
}

static void write_note(struct buffer *out, struct span note) {
    if (note.length) add_tagged(out, "<p class=\"meta flag\">", note, "</p>\n");
}

static void write_notes(struct buffer *out, const struct article *article) {
    struct span notes[ARTICLE_NOTES];
    size_t count = article_notes(article, notes);
    for (size_t i = 0; i < count; i++) write_note(out, notes[i]);
}

/* Says how much of the text also appears in another article. */
static void write_copy(struct buffer *out, const struct article *article) {
    if (!article->duplicate_of.length) return;
    buffer_print(out, "<p class=\"meta\">%.0f %% of its text also appears in article ", article->containment * 100);
    page_escape(out, span_cut(article->duplicate_of, 0, 8));
    buffer_add_string(out, "</p>\n");
}

/* ---------------------------------------------------------------- summary */

/* Returns whether the page contains the sentences of its articles, so that links can lead to them. A page with too many
 * articles leaves them out. */
static bool is_on_page(const struct page *page, const struct article *article, unsigned id) {
    const struct segment *segment = page->edition->slim ? NULL : article_segment(article, id);
    return segment && segment->source.length;
}

/* Marks a translation that may be wrong. The reason is in the title attribute; screen readers do not read that aloud,
 * so the reason is also written below the text. */
static void write_marked(struct buffer *out, struct span text, struct span doubt) {
    if (doubt.length) add_tagged(out, "<mark class=\"doubt\" title=\"to check: ", doubt, "\">");
    page_escape(out, text);
    buffer_add_string(out, doubt.length ? "</mark>" : "");
}

static void write_doubt(struct buffer *out, const char *what, struct span doubt) {
    if (!doubt.length) return;
    buffer_print(out, "<p class=\"meta flag\">please check %s: ", what);
    page_escape(out, doubt);
    buffer_add_string(out, "</p>\n");
}

static void write_summary_doubts(struct buffer *out, const struct article *article) {
    for (size_t i = 0; i < article->summary.count; i++) {
        char what[64];
        snprintf(what, sizeof what, "sentence %zu of the summary", i + 1);
        write_doubt(out, what, article->summary.sentences[i].doubt);
    }
}

static void write_summary(struct buffer *out, const struct page *page, const struct article *article) {
    buffer_add_string(out, article->summary.count ? "<p>" : "");
    for (size_t i = 0; i < article->summary.count; i++) {
        const struct summary_sentence *sentence = &article->summary.sentences[i];
        buffer_add_string(out, i ? "\n" : "");
        write_marked(out, sentence->text, sentence->doubt);
        for (size_t j = 0; j < sentence->rests_on_count; j++)
            if (is_on_page(page, article, sentence->rests_on[j]))
                buffer_print(out, "<a class=\"rests\" href=\"#s%s-%u\" title=\"based on this sentence\">%u</a>",
                             article->id, sentence->rests_on[j], sentence->rests_on[j]);
    }
    buffer_add_string(out, article->summary.count ? "</p>\n" : "");
    write_summary_doubts(out, article);
    write_note(out, article->summary.note);
}

/* ---------------------------------------------------------------- segments */

/* Appends the findings of the checks about a segment, in a colour that depends on their severity. */
static void write_findings(struct buffer *out, const struct segment *segment) {
    for (size_t i = 0; i < segment->finding_count; i++) {
        const struct finding *finding = &segment->findings[i];
        const char *class = finding->severity == SEVERITY_ERROR     ? "failed"
                            : finding->severity == SEVERITY_WARNING ? "flag"
                                                                    : "note";
        buffer_print(out, "<br><span class=\"%s\">", class);
        page_escape(out, finding->message);
        buffer_add_string(out, "</span>");
    }
}

/* `named` gives the table row an id, so that links can lead to it. The same sentence may be in two tables, but ids must
 * be unique, so only one table has them. */
static void write_row(struct buffer *out, const struct article *article, const struct segment_walk *walk, bool named) {
    const struct segment *segment = walk->segment;
    bool failed = segment->status == SEGMENT_FAILED;
    const char *language = segment_walk_language(article, walk);
    buffer_add_string(out, "<tr");
    if (named) buffer_print(out, " id=\"s%s-%u\"", article->id, walk->id);
    if (walk->block && walk->block->kind == BLOCK_HEADING) buffer_add_string(out, " class=\"heading\"");
    add_tagged(out, "><td>", failed ? SPAN("not translated") : segment->target, "");
    write_findings(out, segment);
    add_tagged(out, "</td><td class=\"source\" dir=\"auto\" lang=\"", span_of(language), "\">");
    page_escape(out, segment->source);
    buffer_add_string(out, "</td></tr>\n");
}

static bool is_flagged(const struct segment *segment) {
    return segment->status == SEGMENT_SUSPECT || segment->status == SEGMENT_FAILED;
}

/* Lists the sentences with findings, so that an editor can review them without reading the whole article. */
static void write_flagged(struct buffer *out, const struct article *article) {
    struct flags flags = article_flags(article);
    if (flags.suspect + flags.failed == 0) return;
    buffer_add_string(out, "<details class=\"check\"><summary>to check against the source: ");
    page_count(out, flags.suspect + flags.failed, "sentence", "sentences");
    buffer_add_string(out, "</summary><table>\n");
    for (struct segment_walk walk = {0}; segment_walk_next(article, &walk);)
        if (is_flagged(walk.segment)) write_row(out, article, &walk, false);
    buffer_add_string(out, "</table></details>\n");
}

static void write_all(struct buffer *out, const struct article *article) {
    buffer_add_string(out, "<details><summary>sentence by sentence</summary><table>\n");
    for (struct segment_walk walk = {0}; segment_walk_next(article, &walk);)
        if (walk.segment->source.length) write_row(out, article, &walk, true);
    buffer_add_string(out, "</table></details>\n");
}

/* Lists the services that translated the article or wrote its summary, each once. */
static void write_providers(struct buffer *out, const struct article *article) {
    for (size_t i = 0; i < article->provider_count; i++) {
        const struct provider *provider = &article->providers[i];
        add_tagged(out, i ? ", " : "<p class=\"meta\">English by ", provider->service, "");
        if (provider->model.length) add_tagged(out, " (", provider->model, ")");
    }
    if (article->provider_count) buffer_add_string(out, "</p>\n");
}

void article_html(const struct page *page, const struct article *article, int level, struct buffer *out) {
    buffer_print(out, "<article id=\"a%s\">\n<h%d>", article->id, level);
    write_marked(out, page_title(article), article->title_doubt);
    buffer_print(out, "</h%d>\n", level);
    write_doubt(out, "the headline", article->title_doubt);
    if (article->title.target.length) {
        add_tagged(out, "<p class=\"source\" dir=\"auto\" lang=\"", span_of(article->language.code), "\">");
        add_tagged(out, "", article->title.source, "</p>\n");
    }
    write_meta(out, page, article);
    write_copy(out, article);
    write_notes(out, article);
    write_summary(out, page, article);
    write_flagged(out, article);
    if (!page->edition->slim) write_all(out, article);
    write_providers(out, article);
    buffer_add_string(out, "</article>\n");
}
