#include "stages/digest/entry.h"

#include "pipeline/base/clock.h"
#include "stages/digest/figures.h"
#include "stages/digest/html.h"
#include "stages/language/names.h"

/* A story shows this many of its articles; the others are on its own page. */
enum { MAX_TAKES = 6, MAX_COUNTRIES = 3, MAX_SHOWN_LANGUAGES = 40, WHY_BYTES = 400 };

/* ---------------------------------------------------------------- what the filters look at */

static void write_classes(const struct entry *entry, struct buffer *out) {
    buffer_add_string(out, " class=\"e");
    if (entry->new_count) buffer_add_string(out, " n");
    if (entry->is_latest) buffer_add_string(out, " m");
    if (entry->flags.suspect + entry->flags.failed) buffer_add_string(out, " c");
    if (entry->watched) buffer_add_string(out, " w");
    for (size_t i = 0; i < entry->language_count && i < MAX_SHOWN_LANGUAGES; i++) {
        buffer_add_string(out, " l-");
        html_name(out, entry->languages[i]);
    }
    buffer_add_string(out, "\" id=\"s-");
    html_name(out, entry->id);
    buffer_add_string(out, "\"");
}

/* ---------------------------------------------------------------- the line above the headline */

/* Appends the countries of the story's sources, each once. */
static void write_countries(const struct entry *entry, struct buffer *out) {
    struct span seen[MAX_COUNTRIES];
    size_t count = 0;
    for (size_t i = 0; i < entry->count && count < MAX_COUNTRIES; i++) {
        struct span country = entry->takes[i].article->origin.country;
        bool known = !country.length;
        for (size_t j = 0; j < count; j++) known = known || span_equal(seen[j], country);
        if (known) continue;
        buffer_add_string(out, count ? ", " : entry->takes[0].article->section.length ? " · " : "");
        html_clipped(out, country, 60);
        seen[count++] = country;
    }
}

static void write_new(const struct day *day, const struct entry *entry, struct buffer *out) {
    char local[26];
    if (!entry->new_count) return;
    clock_zoned(entry->newest.at, local);
    bool today = entry->newest.kind == WHEN_TIME && span_starts(span_of(local), span_of(day->edition->day));
    buffer_add_string(out, "<span class=\"new\">● ");
    if (!entry_is_new(entry)) buffer_print(out, "%zu of %zu ", entry->new_count, entry->count);
    buffer_print(out, today ? "new %.5s</span>" : "new</span>", local + 11);
}

static void write_state(const struct entry *entry, struct buffer *out) {
    size_t doubts = entry->flags.suspect, failed = entry->flags.failed;
    if (doubts) buffer_print(out, "<span class=\"flag\">%zu to check</span>", doubts);
    if (failed) buffer_print(out, "<span class=\"bad\">%zu not translated</span>", failed);
}

void entry_eyebrow(const struct day *day, const struct entry *entry, struct buffer *out) {
    buffer_add_string(out, "<p class=\"eyebrow\"><span>");
    html_clipped(out, entry->takes[0].article->section, 60);
    write_countries(entry, out);
    buffer_add_string(out, "</span>");
    if (day) write_new(day, entry, out);
    write_state(entry, out);
    buffer_add_string(out, "</p>\n");
}

/* ---------------------------------------------------------------- the summary and its doubts */

/* Links to a sentence of the article. */
static void write_reference(const struct article *article, unsigned id, struct span prefix, struct buffer *out) {
    const struct segment *segment = article_segment(article, id);
    if (!segment) return;
    html_tagged(out, "<a href=\"", prefix, "#");
    html_segment(out, article, id);
    buffer_print(out, "\">%u</a>", id);
}

static void write_why(struct span reason, const struct article *article, const struct segment *segment,
                      struct buffer *out) {
    buffer_add_string(out, "<p class=\"why\"><b class=\"flag\">Check before you use it:</b> ");
    html_clipped(out, reason, WHY_BYTES);
    if (segment && segment->source.length) {
        buffer_add_string(out, ". The source: ");
        html_source(out, span_of(segment->language[0] ? segment->language : article->language.code),
                    text_clip(segment->source, WHY_BYTES));
    }
    buffer_add_string(out, "</p>\n");
}

static void write_whys(const struct article *article, struct buffer *out) {
    const struct summary *summary = &article->summary;
    if (article->title_doubt.length && html_has_headline(article)) {
        buffer_add_string(out, "<p class=\"why\"><b class=\"flag\">Check the headline:</b> ");
        html_clipped(out, article->title_doubt, WHY_BYTES);
        buffer_add_string(out, "</p>\n");
    }
    for (size_t i = 0; i < summary->count; i++) {
        const struct summary_sentence *sentence = &summary->sentences[i];
        if (!sentence->doubt.length) continue;
        bool one = sentence->rests_on_count > 0;
        write_why(sentence->doubt, article, one ? article_segment(article, sentence->rests_on[0]) : NULL, out);
    }
}

/* Without a page to which they lead (NULL), there are no references. */
static void write_sentences(const struct article *article, const struct span *prefix, struct buffer *out) {
    const struct summary *summary = &article->summary;
    buffer_add_string(out, summary->count ? "<p class=\"lead\">" : "");
    for (size_t i = 0; i < summary->count; i++) {
        const struct summary_sentence *sentence = &summary->sentences[i];
        buffer_add_string(out, i ? " " : "");
        html_marked(out, sentence->text, sentence->doubt.length > 0);
        for (size_t j = 0; prefix && j < sentence->rests_on_count; j++)
            write_reference(article, sentence->rests_on[j], *prefix, out);
    }
    buffer_add_string(out, summary->count ? "</p>\n" : "");
}

static void write_notes(const struct article *article, struct buffer *out) {
    struct span notes[ARTICLE_NOTES];
    size_t count = article_notes(article, notes);
    for (size_t i = 0; i < count; i++) {
        buffer_add_string(out, "<p class=\"note flag\">");
        html_clipped(out, notes[i], WHY_BYTES);
        buffer_add_string(out, "</p>\n");
    }
    if (article->summary.note.length) html_tagged(out, "<p class=\"note\">", article->summary.note, "</p>\n");
}

static void write_summary(const struct article *article, const struct span *prefix, struct buffer *out) {
    write_notes(article, out);
    write_sentences(article, prefix, out);
    write_whys(article, out);
}

void entry_summary(const struct article *article, struct span prefix, struct buffer *out) {
    write_summary(article, &prefix, out);
}

/* ---------------------------------------------------------------- articles of a story */

static void write_publisher(const struct article *article, struct buffer *out) {
    html_publisher(out, article);
    if (article->language.code[0]) html_tagged(out, " <i>", span_of(article->language.code), "</i>");
}

/* Appends how much of the article is doubtful, and what the reader must know about it. */
static void write_short_state(const struct take *take, struct buffer *out) {
    struct span notes[ARTICLE_NOTES];
    size_t count = article_notes(take->article, notes);
    if (take->article->status != ARTICLE_COMPLETE)
        buffer_print(out, " <span class=\"bad\">· %s</span>", article_status_name(take->article->status));
    if (take->flags.suspect) buffer_print(out, " <span class=\"flag\">· %zu to check</span>", take->flags.suspect);
    if (take->flags.failed) buffer_print(out, " <span class=\"bad\">· %zu not translated</span>", take->flags.failed);
    for (size_t i = 0; i < count; i++)
        html_tagged(out, "<small class=\"flag\">", text_clip(notes[i], WHY_BYTES), "</small>");
}

/* In a selection, the articles of a story may stand on the pages of several days. */
static void write_text_link(const struct edition *edition, const struct article *article, struct span prefix,
                            struct buffer *out) {
    struct buffer address = BUFFER(1 << 16);
    if (edition->selection)
        html_text_address(edition, SPAN(""), article, &address);
    else
        buffer_add_span(&address, prefix);
    bool known = address.length || !edition->selection;
    if (known) buffer_add_string(&address, "#");
    if (known) html_article(&address, article);
    html_open_link(buffer_span(&address), out);
    buffer_free(&address);
}

void entry_take(const struct day *day, const struct take *take, struct span prefix, struct buffer *out) {
    const struct article *article = take->article;
    buffer_add_string(out, "<li>");
    when_write(article, &take->when, day->edition->day, true, out);
    buffer_add_string(out, "<span>");
    write_publisher(article, out);
    buffer_add_string(out, "</span><div>");
    write_text_link(day->edition, article, prefix, out);
    html_headline(out, article);
    buffer_add_string(out, "</a>");
    write_short_state(take, out);
    buffer_add_string(out, "</div>");
    html_original(out, article, true);
    buffer_add_string(out, "</li>\n");
}

/* The lead stands above, so the list begins with the second article. A selection shows all articles, because they are
 * on no single page of a story. */
static void write_takes(const struct day *day, const struct entry *entry, struct span prefix, struct buffer *out) {
    if (entry->count < 2) return;
    buffer_add_string(out, "<ul class=\"takes\">\n");
    size_t shown = day->edition->selection ? entry->count : MAX_TAKES;
    for (size_t i = 1; i < entry->count && i < shown; i++) entry_take(day, &entry->takes[i], prefix, out);
    buffer_add_string(out, "</ul>\n");
}

/* ---------------------------------------------------------------- entries */

void entry_byline(const struct day *day, const struct take *take, struct buffer *out) {
    const struct article *article = take->article;
    buffer_add_string(out, "<p class=\"meta\">");
    html_publisher(out, article);
    if (article->language.code[0])
        html_tagged(out, " · ", language_name(day->languages, span_of(article->language.code)), "");
    buffer_add_string(out, " · ");
    when_write(article, &take->when, day->edition->day, false, out);
    for (size_t i = 0; i < article->author_count && i < 3; i++)
        html_tagged(out, i ? ", " : " · ", text_clip(article->authors[i], 100), "");
    if (article->status != ARTICLE_COMPLETE)
        html_tagged(out, " · <span class=\"bad\">", span_of(article_status_name(article->status)), "</span>");
    buffer_add_string(out, article_web_address(article).length ? " · " : "");
    html_original(out, article, false);
    buffer_add_string(out, "</p>\n");
}

/* In a selection, the page has what that day had of the story. */
static void write_more(const struct day *day, const struct entry *entry, struct span prefix, struct buffer *out) {
    buffer_add_string(out, "<p class=\"all\">");
    html_open_link(prefix, out);
    if (entry->count == 1 || day->edition->selection)
        buffer_add_string(out, "Read it in both languages");
    else
        buffer_print(out, "Read all %zu articles in both languages", entry->count);
    buffer_add_string(out, "</a></p>\n");
}

void entry_story(const struct day *day, const struct entry *entry, struct buffer *out) {
    const struct article *lead = entry->takes[0].article;
    struct buffer address = BUFFER(1 << 16);
    html_entry_address(day, entry, &address);
    struct span prefix = buffer_span(&address);
    buffer_add_string(out, "<article");
    write_classes(entry, out);
    buffer_add_string(out, ">\n");
    entry_eyebrow(day, entry, out);
    buffer_add_string(out, "<h3>");
    html_open_link(prefix, out);
    html_headline(out, lead);
    buffer_add_string(out, "</a></h3>\n");
    html_source_headline(out, lead);
    entry_byline(day, &entry->takes[0], out);
    write_summary(lead, prefix.length ? &prefix : NULL, out);
    figures_html(day, entry, out);
    write_takes(day, entry, prefix, out);
    if (prefix.length) write_more(day, entry, prefix, out);
    buffer_add_string(out, "</article>\n");
    buffer_free(&address);
}

/* Appends the first sentence of the summary, and says what is doubtful about it. */
static void write_first_sentence(const struct article *article, struct buffer *out) {
    if (article->title_doubt.length && html_has_headline(article))
        html_tagged(out, "<small class=\"flag\">Check the headline: ", text_clip(article->title_doubt, WHY_BYTES),
                    "</small>");
    if (!article->summary.count) return;
    const struct summary_sentence *first = &article->summary.sentences[0];
    buffer_add_string(out, "<p>");
    html_marked(out, text_clip(first->text, WHY_BYTES), first->doubt.length > 0);
    buffer_add_string(out, "</p>");
    if (first->doubt.length)
        html_tagged(out, "<small class=\"flag\">Check: ", text_clip(first->doubt, WHY_BYTES), "</small>");
}

void entry_single(const struct day *day, const struct entry *entry, struct buffer *out) {
    const struct article *article = entry->takes[0].article;
    buffer_add_string(out, "<li");
    write_classes(entry, out);
    buffer_add_string(out, ">");
    when_write(article, &entry->takes[0].when, day->edition->day, true, out);
    struct buffer address = BUFFER(1 << 16);
    html_entry_address(day, entry, &address);
    buffer_add_string(out, entry->new_count ? "<div><i class=\"dot\" title=\"new\">●</i> " : "<div>");
    html_open_link(buffer_span(&address), out);
    buffer_free(&address);
    html_headline(out, article);
    buffer_add_string(out, "</a> <span class=\"from\">");
    write_publisher(article, out);
    write_short_state(&entry->takes[0], out);
    buffer_add_string(out, "</span>");
    write_first_sentence(article, out);
    buffer_add_string(out, "</div>");
    html_original(out, article, true);
    buffer_add_string(out, "</li>\n");
}
