#include "stages/digest/feed.h"

#include "pipeline/base/clock.h"
#include "pipeline/base/visible.h"
#include "pipeline/net/url.h"
#include "stages/digest/html.h"
#include "stages/language/unicode.h"

enum { CONTENT_LIMIT = 4 << 20, TITLE_BYTES = 1200, MAX_DOUBTS = 20 };

/* ---------------------------------------------------------------- escaping */

static bool allowed_in_xml(uint32_t rune) {
    return (rune >= ' ' && rune < 0xFFFE) || rune > 0xFFFF || rune == '\n' || rune == '\t';
}

void atom_escape(struct buffer *out, struct span text) {
    size_t copied = 0;
    uint32_t rune;
    /* XML allows all characters of ASCII that can be printed, which are most. */
    for (size_t at = 0, size; (at = visible_skip_ascii(text, at)) < text.length; at += size) {
        size = text_next(text, at, &rune);
        bool invalid = rune == RUNE_INVALID && size == 1;
        if (!invalid && allowed_in_xml(rune)) continue;
        page_escape(out, span_cut(text, copied, at));
        if (invalid) buffer_add_rune(out, rune);
        copied = at + size;
    }
    page_escape(out, span_cut(text, copied, text.length));
}

static bool allowed_in_address(char c) {
    return (unsigned char)c > ' ' && c != 0x7F && !strchr("<>\"{}|\\^`", c);
}

void atom_address(struct buffer *out, struct span address) {
    for (size_t i = 0; i < address.length; i++) {
        if (allowed_in_address(address.at[i]))
            atom_escape(out, span_cut(address, i, i + 1));
        else
            buffer_print(out, "%%%02X", (unsigned char)address.at[i]);
    }
}

/* Appends HTML as the text of an element, which is escaped once more, and clears the buffer. */
static void add_html(struct buffer *out, const char *open, struct buffer *html, const char *close) {
    buffer_add_string(out, open);
    atom_escape(out, buffer_span(html));
    buffer_add_string(out, close);
    buffer_clear(html);
}

static void add_element(struct buffer *out, const char *open, struct span text, const char *close) {
    buffer_add_string(out, open);
    atom_escape(out, text);
    buffer_add_string(out, close);
}

static void add_doubt(struct buffer *out, struct span doubt) {
    if (doubt.length) add_element(out, " [to check: ", doubt, "]");
}

/* ---------------------------------------------------------------- times */

static struct span later(struct span a, struct span b) {
    return span_compare(a, b) < 0 ? b : a;
}

struct span feed_updated(const struct article *article) {
    struct span updated = span_of(article->record_made);
    if (updated.length) return updated;
    updated = article->origin.collected.length == 20 ? article->origin.collected : SPAN("1970-01-01T00:00:00Z");
    for (struct segment_walk walk = {0}; segment_walk_next(article, &walk);)
        updated = later(later(updated, walk.segment->accepted_at), walk.segment->replaced_at);
    return updated;
}

/* The article's own date if it says the moment, else when it was collected. */
static void write_published(const struct take *take, struct buffer *out) {
    char iso[21];
    if (when_is_exact(take->article, &take->when)) {
        clock_iso(take->when.at, iso);
        buffer_print(out, "<published>%s</published>\n", iso);
    } else if (take->article->origin.collected.length == 20) {
        add_element(out, "<published>", take->article->origin.collected, "</published>\n");
    }
}

/* ---------------------------------------------------------------- links and categories */

static void write_original(struct span address, struct span language, struct buffer *out) {
    if (!address.length) return;
    buffer_add_string(out, "<link rel=\"alternate\"");
    if (language.length) add_element(out, " hreflang=\"", language, "\"");
    buffer_add_string(out, " href=\"");
    atom_address(out, address);
    buffer_add_string(out, "\"/>\n");
}

/* Appends the address of the article on its story's page. */
static void story_address(const struct page *page, const struct feed_item *item, struct buffer *out) {
    buffer_print(out, "%.*s/", SPAN_ARGS(page->feed.url));
    html_text_path(page->edition, item->entry->id, item->take->article, out);
    buffer_add_string(out, "#");
    html_article(out, item->take->article);
}

static void write_story_link(const struct page *page, const struct feed_item *item, struct buffer *out) {
    struct buffer address = BUFFER(1 << 16);
    if (!page->feed.url.length) return;
    story_address(page, item, &address);
    buffer_add_string(out, "<link rel=\"related\" type=\"text/html\" title=\"Both languages\" href=\"");
    atom_address(out, buffer_span(&address));
    buffer_add_string(out, "\"/>\n");
    buffer_free(&address);
}

static void write_category(const struct page *page, const char *scheme, struct span term, struct span label,
                           struct buffer *out) {
    buffer_print(out, "<category scheme=\"%.*s%s\" term=\"", SPAN_ARGS(page->feed.tag), scheme);
    atom_escape(out, term);
    if (label.length) add_element(out, "\" label=\"", label, "");
    buffer_add_string(out, "\"/>\n");
}

/* The label is the headline of the article with which the story began, so that the entries of the others stay as they
 * are when it grows. */
static void write_story(const struct page *page, const struct entry *entry, struct buffer *out) {
    const struct article *first = NULL;
    for (size_t i = 0; i < entry->count && !first; i++)
        if (span_is(entry->id, entry->takes[i].article->id)) first = entry->takes[i].article;
    struct buffer label = BUFFER(1 << 16);
    if (first) buffer_add_span(&label, text_clip(page_title(first), TITLE_BYTES));
    if (first && first->title_doubt.length) buffer_print(&label, " [to check: %.*s]", SPAN_ARGS(first->title_doubt));
    write_category(page, "story", entry->id, buffer_span(&label), out);
    buffer_free(&label);
}

static void write_categories(const struct page *page, const struct feed_item *item, struct buffer *out) {
    const struct article *article = item->take->article;
    write_story(page, item->entry, out);
    if (article->language.code[0])
        write_category(page, "language", span_of(article->language.code), page_language(page, article->language.code),
                       out);
    if (article->section.length) write_category(page, "section", text_clip(article->section, 200), SPAN(""), out);
    if (article->status != ARTICLE_COMPLETE)
        write_category(page, "status", span_of(article_status_name(article->status)), SPAN(""), out);
}

/* ---------------------------------------------------------------- an article as HTML */

static void html_titles(const struct article *article, struct buffer *html) {
    struct span code = span_of(article->language.code), source = article->title.source;
    bool english = html_has_headline(article);
    if (english) {
        buffer_add_string(html, "<h2>");
        html_marked(html, article->title.target, article->title_doubt.length > 0);
        buffer_add_string(html, "</h2>");
    }
    if (english && article->title_doubt.length)
        html_tagged(html, "<p><b>Check the headline:</b> ", article->title_doubt, "</p>");
    if (!source.length || (english && span_equal(source, article->title.target))) return;
    if (!english) buffer_add_string(html, "<p><b>Not translated:</b></p>");
    buffer_add_string(html, "<p");
    html_language(html, code, source);
    html_tagged(html, ">", source, "</p>");
}

static void html_summary(const struct article *article, struct buffer *html) {
    for (size_t i = 0; i < article->summary.count; i++) {
        const struct summary_sentence *sentence = &article->summary.sentences[i];
        buffer_add_string(html, "<p>");
        html_marked(html, sentence->text, sentence->doubt.length > 0);
        if (sentence->doubt.length) html_tagged(html, " <b>[to check: ", sentence->doubt, "]</b>");
        buffer_add_string(html, "</p>");
    }
}

static void html_state(const struct article *article, const struct flags *flags, struct buffer *html) {
    struct span notes[ARTICLE_NOTES];
    size_t count = article_notes(article, notes);
    for (size_t i = 0; i < count; i++) html_tagged(html, "<p><i>", notes[i], "</i></p>");
    if (article->status == ARTICLE_COMPLETE && !flags->suspect && !flags->failed) return;
    buffer_print(html, "<p>%s", article_status_name(article->status));
    if (flags->suspect) buffer_print(html, ", %zu to check", flags->suspect);
    if (flags->failed) buffer_print(html, ", %zu not translated", flags->failed);
    buffer_add_string(html, "</p>");
}

static void html_sentence(const struct article *article, const struct segment_walk *walk, struct buffer *html) {
    const struct segment *segment = walk->segment;
    bool failed = segment->status == SEGMENT_FAILED;
    buffer_add_string(html, failed ? "<li><b>Not translated.</b>" : "<li>");
    if (!failed) html_tagged(html, "<mark class=\"doubt\">", segment->target, "</mark>");
    buffer_add_string(html, "<br><span");
    html_language(html, span_of(segment_walk_language(article, walk)), segment->source);
    html_tagged(html, ">", segment->source, "</span>");
    for (size_t i = 0; i < segment->finding_count; i++)
        if (segment->findings[i].severity != SEVERITY_NOTE) html_tagged(html, "<br>", segment->findings[i].message, "");
    buffer_add_string(html, "</li>");
}

/* Lists the sentences that must be checked, the headline included. */
static void html_doubts(const struct article *article, const struct flags *flags, struct buffer *html) {
    size_t listed = 0;
    if (!flags->suspect && !flags->failed) return;
    buffer_add_string(html, "<ul>");
    for (struct segment_walk walk = {0}; segment_walk_next(article, &walk) && listed < MAX_DOUBTS;) {
        if (walk.segment->status != SEGMENT_SUSPECT && walk.segment->status != SEGMENT_FAILED) continue;
        html_sentence(article, &walk, html);
        listed++;
    }
    size_t more = flags->suspect + flags->failed - listed;
    if (more) buffer_print(html, "<li>and %zu more</li>", more);
    buffer_add_string(html, "</ul>");
}

static void html_links(const struct page *page, const struct feed_item *item, struct buffer *html) {
    struct buffer address = BUFFER(1 << 16);
    struct span original = article_web_address(item->take->article);
    if (original.length) html_tagged(html, "<p><a href=\"", original, "\">Original</a></p>");
    if (page->feed.url.length) {
        story_address(page, item, &address);
        html_tagged(html, "<p><a href=\"", buffer_span(&address), "\">Both languages</a></p>");
    }
    buffer_free(&address);
}

static void write_content(const struct page *page, const struct feed_item *item, struct buffer *out) {
    const struct article *article = item->take->article;
    struct buffer html = BUFFER(CONTENT_LIMIT);
    html_titles(article, &html);
    html_summary(article, &html);
    html_state(article, &item->take->flags, &html);
    html_doubts(article, &item->take->flags, &html);
    html_links(page, item, &html);
    add_html(out, "<content type=\"html\">", &html, "</content>\n");
    buffer_free(&html);
}

/* ---------------------------------------------------------------- an article */

static void write_summary(const struct article *article, struct buffer *out) {
    if (!article->summary.count) return;
    buffer_add_string(out, "<summary>");
    for (size_t i = 0; i < article->summary.count; i++) {
        buffer_add_string(out, i ? " " : "");
        atom_escape(out, article->summary.sentences[i].text);
        add_doubt(out, article->summary.sentences[i].doubt);
    }
    buffer_add_string(out, "</summary>\n");
}

static void write_title(const struct article *article, struct buffer *out) {
    bool own = !html_has_headline(article) && article->title.source.length && article->language.code[0];
    buffer_add_string(out, "<title");
    if (own) add_element(out, " xml:lang=\"", span_of(article->language.code), "\"");
    buffer_add_string(out, ">");
    atom_escape(out, page_title(article));
    add_doubt(out, article->title_doubt);
    buffer_add_string(out, "</title>\n");
}

static void write_author(struct span name, struct buffer *out) {
    add_element(out, "<author><name>", name.length ? name : SPAN("unknown"), "</name></author>\n");
}

static void write_article(const struct page *page, const struct feed_item *item, struct buffer *out) {
    const struct article *article = item->take->article;
    struct span address = article_web_address(article);
    buffer_print(out, "<id>%.*sarticle/", SPAN_ARGS(page->feed.tag));
    html_name(out, item->id);
    buffer_add_string(out, "</id>\n");
    write_title(article, out);
    write_published(item->take, out);
    add_element(out, "<updated>", item->updated, "</updated>\n");
    write_author(page_publisher(article), out);
    write_original(address, span_of(article->language.code), out);
    write_story_link(page, item, out);
    write_categories(page, item, out);
    write_summary(article, out);
    /* An entry without a link to its original must have a content. */
    if (!page->feed.summaries || !address.length) write_content(page, item, out);
}

/* ---------------------------------------------------------------- an article that waits or has failed */

static void missing_html(const cJSON *missing, struct span title, struct buffer *html) {
    struct buffer state = BUFFER(1 << 16);
    struct span address = json_member_text(missing, "address"), english = json_member_text(missing, "title_english");
    buffer_add_string(html, "<p");
    html_language(html, json_member_text(missing, "language"), title);
    html_tagged(html, ">", title, "</p>");
    if (english.length) html_tagged(html, "<p>", english, "</p>");
    page_missing_state(missing, &state);
    html_tagged(html, "<p>", buffer_span(&state), "</p>");
    if (url_is_remote(address)) html_tagged(html, "<p><a href=\"", address, "\">Original</a></p>");
    buffer_free(&state);
}

/* Feed readers show the title in a line of English, so a headline keeps its direction by marks of its own. */
static void add_isolated(struct buffer *out, struct span text) {
    enum { ISOLATE = 0x2067, END = 0x2069 };
    bool isolate = text_is_right_to_left(text);
    if (isolate) buffer_add_rune(out, ISOLATE);
    atom_escape(out, text);
    if (isolate) buffer_add_rune(out, END);
}

static void write_missing(const struct page *page, const struct feed_item *item, struct buffer *out) {
    struct span title = json_member_text(item->missing, "title"), address = json_member_text(item->missing, "address");
    struct span language = json_member_text(item->missing, "language");
    struct buffer html = BUFFER(CONTENT_LIMIT);
    bool waits = json_member_text(item->missing, "for").length > 0;
    if (!title.length) title = address.length ? address : item->id;
    title = text_clip(title, TITLE_BYTES);
    buffer_print(out, "<id>%.*s%s/", SPAN_ARGS(page->feed.tag), waits ? "waiting" : "failed");
    html_name(out, item->id);
    buffer_print(out, "</id>\n<title>%s", waits ? "Waiting: " : "Failed: ");
    add_isolated(out, title);
    buffer_add_string(out, "</title>\n");
    add_element(out, "<updated>", item->updated, "</updated>\n");
    write_author(json_member_text(item->missing, "source"), out);
    if (url_is_remote(address)) write_original(address, language, out);
    if (language.length) write_category(page, "language", language, page_language(page, language.at), out);
    write_category(page, "status", waits ? SPAN("waiting") : SPAN("failed"), SPAN(""), out);
    missing_html(item->missing, title, &html);
    add_html(out, "<content type=\"html\">", &html, "</content>\n");
    buffer_free(&html);
}

void feed_entry_write(const struct page *page, const struct feed_item *item, struct buffer *out) {
    buffer_add_string(out, "<entry>\n");
    if (item->missing)
        write_missing(page, item, out);
    else
        write_article(page, item, out);
    buffer_add_string(out, "</entry>\n");
}
