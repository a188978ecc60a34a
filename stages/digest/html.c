#include "stages/digest/html.h"

#include "pipeline/base/clock.h"
#include "pipeline/engine/edition.h"
#include "stages/language/unicode.h"

enum { HEADLINE_BYTES = 600, NAME_BYTES = 120, ANCHOR_BYTES = 12 };

void html_head(struct buffer *out, const char *version, struct span title, struct span description, struct span style) {
    html_head_with(out, version, title, description, SPAN(""), style);
}

void html_head_with(struct buffer *out, const char *version, struct span title, struct span description,
                    struct span more, struct span style) {
    buffer_print(
        out,
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" "
        "content=\"width=device-width,initial-scale=1\">\n<meta name=\"dragoman-version\" content=\"%s\">\n<meta "
        "http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n<meta "
        "name=\"referrer\" content=\"no-referrer\">\n<meta name=\"color-scheme\" content=\"light dark\">\n",
        version);
    if (description.length) html_tagged(out, "<meta name=\"description\" content=\"", description, "\">\n");
    buffer_add_span(out, more);
    html_tagged(out, "<title>", title, "</title>\n<style>\n");
    buffer_add_span(out, style);
    buffer_add_string(out, "</style>\n</head>\n<body>\n");
}

void html_tagged(struct buffer *out, const char *open, struct span text, const char *close) {
    buffer_add_string(out, open);
    page_escape(out, text);
    buffer_add_string(out, close);
}

void html_clipped(struct buffer *out, struct span text, size_t bytes) {
    struct span part = text_clip(text, bytes);
    page_escape(out, part);
    if (part.length < text.length) buffer_add_string(out, "…");
}

void html_language(struct buffer *out, struct span code, struct span text) {
    if (code.length) html_tagged(out, " lang=\"", code, "\"");
    if (text_is_right_to_left(text)) buffer_add_string(out, " dir=\"rtl\"");
}

void html_source(struct buffer *out, struct span code, struct span text) {
    buffer_add_string(out, "<bdi");
    html_language(out, code, text);
    buffer_add_string(out, ">");
    html_clipped(out, text, 2 * HEADLINE_BYTES);
    buffer_add_string(out, "</bdi>");
}

bool html_has_headline(const struct article *article) {
    return article->title.target.length && article->title.status != SEGMENT_FAILED;
}

void html_marked(struct buffer *out, struct span text, bool doubtful) {
    buffer_add_string(out, doubtful ? "<mark class=\"doubt\">" : "");
    html_clipped(out, text, 2 * HEADLINE_BYTES);
    buffer_add_string(out, doubtful ? "</mark>" : "");
}

void html_headline(struct buffer *out, const struct article *article) {
    if (html_has_headline(article)) {
        html_marked(out, article->title.target, article->title_doubt.length > 0);
    } else if (article->title.source.length) {
        buffer_add_string(out, "<span class=\"bad\">Not translated:</span> ");
        html_source(out, span_of(article->language.code), text_clip(article->title.source, HEADLINE_BYTES));
    } else {
        buffer_add_string(out, "Untitled");
    }
}

void html_source_headline(struct buffer *out, const struct article *article) {
    const struct segment *title = &article->title;
    if (!html_has_headline(article) || span_equal(title->source, title->target)) return;
    buffer_add_string(out, "<p class=\"orig\"");
    html_language(out, span_of(article->language.code), title->source);
    buffer_add_string(out, ">");
    html_clipped(out, title->source, HEADLINE_BYTES);
    buffer_add_string(out, "</p>\n");
}

/* Returns whether a name is not written with Latin letters: then it is in the language of the article. */
static bool is_in_other_script(struct span name) {
    enum { LAST_LATIN = 0x24F, FIRST_MORE = 0x1E00, LAST_MORE = 0x1EFF };
    uint32_t rune;
    for (size_t i = 0; i < name.length;) {
        i += text_next(name, i, &rune);
        bool latin = rune <= LAST_LATIN || (rune >= FIRST_MORE && rune <= LAST_MORE);
        if (!latin && rune_is_word(rune)) return true;
    }
    return false;
}

void html_publisher(struct buffer *out, const struct article *article) {
    struct span name = article_publisher(article);
    bool other = is_in_other_script(name);
    buffer_add_string(out, other ? "<bdi" : "");
    if (other) html_language(out, span_of(article->language.code), name);
    buffer_add_string(out, other ? ">" : "");
    html_clipped(out, name.length ? name : SPAN("unknown"), NAME_BYTES);
    buffer_add_string(out, other ? "</bdi>" : "");
}

void html_original(struct buffer *out, const struct article *article, bool in_list) {
    struct span address = article_web_address(article);
    if (!address.length) return;
    html_tagged(out, in_list ? "<a href=\"" : "<a class=\"go\" href=\"", address, "\">original</a>");
}

void html_day(struct buffer *out, const char *day) {
    char name[64];
    clock_day_name(day, name);
    buffer_add_string(out, name);
}

void html_name(struct buffer *out, struct span id) {
    for (size_t i = 0; i < id.length && i < 64; i++) {
        char c = id.at[i];
        bool fits = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
        buffer_add(out, fits ? &c : "_", 1);
    }
}

void html_article(struct buffer *out, const struct article *article) {
    buffer_add_string(out, "a");
    html_name(out, span_cut(span_of(article->id), 0, ANCHOR_BYTES));
}

void html_segment(struct buffer *out, const struct article *article, unsigned segment) {
    buffer_add_string(out, "s");
    html_name(out, span_cut(span_of(article->id), 0, ANCHOR_BYTES));
    buffer_add_string(out, "-");
    buffer_add_number(out, segment);
}

void html_story_address(struct buffer *out, struct span id) {
    buffer_add_string(out, "stories/");
    html_name(out, id);
    buffer_add_string(out, ".html");
}

void html_text_path(const struct edition *edition, struct span story, const struct article *article,
                    struct buffer *out) {
    const struct edition_place *place = edition_find_place(edition, article);
    buffer_print(out, "%s/", place ? place->day : edition->day);
    html_story_address(out, place && place->story.length ? place->story : story);
}

void html_text_address(const struct edition *edition, struct span story, const struct article *article,
                       struct buffer *out) {
    const struct edition_place *place = edition_find_place(edition, article);
    if (!edition->selection) {
        html_story_address(out, story);
    } else if (place && place->story.length) {
        buffer_add_span(out, edition->selection->base);
        html_text_path(edition, story, article, out);
    }
}

void html_entry_address(const struct day *day, const struct entry *entry, struct buffer *out) {
    html_text_address(day->edition, entry->id, entry->takes[0].article, out);
}

void html_open_link(struct span address, struct buffer *out) {
    if (address.length)
        html_tagged(out, "<a href=\"", address, "\">");
    else
        buffer_add_string(out, "<a>");
}
