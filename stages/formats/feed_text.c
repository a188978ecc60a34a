/* The parts of HTML that are needed to read feeds. */
#include <string.h>

#include "pipeline/net/url.h"
#include "stages/formats/elements.h"
#include "stages/formats/entities.h"
#include "stages/formats/feed.h"

bool feed_escape(struct span text, struct buffer *out) {
    for (size_t at = 0; at < text.length; at++) {
        char c = text.at[at];
        if (c == '<')
            buffer_add_string(out, "&lt;");
        else if (c == '>')
            buffer_add_string(out, "&gt;");
        else if (c == '&')
            buffer_add_string(out, "&amp;");
        else if (c == '"')
            buffer_add_string(out, "&quot;");
        else
            buffer_add(out, &c, 1);
    }
    return !out->full;
}

/* Returns the name of the tag that begins at "<" or "</", or an empty span. */
static struct span tag_name(struct span text, size_t at) {
    size_t start = at + 1;
    if (start < text.length && text.at[start] == '/') start++;
    size_t end = start;
    while (end < text.length && !text_is_space(text.at[end]) && !strchr("<>/", text.at[end])) end++;
    return span_cut(text, start, end);
}

/* Distinguishes markup from a word that someone put in angle brackets. Markup is an element of HTML, a name with a
 * prefix or a hyphen (custom elements), a comment or a declaration. */
static bool begins_tag(struct span text, size_t at) {
    struct span name = tag_name(text, at);
    char next = name.length ? name.at[0] : ' ';
    if (next == '!' || next == '?') return true;
    bool letter = (next >= 'a' && next <= 'z') || (next >= 'A' && next <= 'Z');
    return letter && (memchr(name.at, ':', name.length) || memchr(name.at, '-', name.length) ||
                      element_named(name) != ELEMENT_UNKNOWN);
}

/* Returns the end of the script or style that begins at `at`, or 0. Their content is not text. */
static size_t skip_hidden(struct span text, size_t at) {
    static const char *const hidden[] = {"script", "style"};
    for (size_t i = 0; i < sizeof hidden / sizeof *hidden; i++) {
        if (!span_is_ascii_fold(tag_name(text, at), hidden[i]) || text.at[at + 1] == '/') continue;
        for (size_t end = at + 1; end < text.length; end++) {
            const char *close = memchr(text.at + end, '<', text.length - end);
            if (!close) return text.length;
            end = (size_t)(close - text.at);
            if (end + 1 < text.length && text.at[end + 1] == '/' && span_is_ascii_fold(tag_name(text, end), hidden[i]))
                return end;
        }
    }
    return 0;
}

/* Folds whitespace, including non-breaking spaces. */
static void add_rune(struct buffer *out, uint32_t rune) {
    bool space = rune == ' ' || rune == '\t' || rune == '\n' || rune == '\r' || rune == 0xA0;
    if (!space)
        buffer_add_rune(out, rune);
    else if (out->length && out->at[out->length - 1] != ' ')
        buffer_add_string(out, " ");
}

/* Returns the position after the '>' that ends the tag. A '>' in a quoted value does not end it, unless the closing
 * quote is not found within REACH bytes: then a quote was probably left open. There must be a '>' after `at`. */
static size_t tag_end(struct span html, size_t at) {
    enum { REACH = 4096 };
    char quote = '\0';
    for (size_t i = at; i < html.length && i < at + REACH; i++) {
        char c = html.at[i];
        if (!quote && c == '>') return i + 1;
        bool opens = !quote && (c == '"' || c == '\'') && html.at[i - 1] == '=';
        if (opens || c == quote) quote = opens ? c : '\0';
    }
    const char *close = memchr(html.at + at, '>', html.length - at);
    return (size_t)(close - html.at) + 1;
}

/* Returns the end of the markup at `at`, or `at` itself if there is text. `last_close` is the position of the last '>':
 * a "<" after it is text. */
static size_t skip_markup(struct span html, size_t at, size_t last_close) {
    if (html.at[at] != '<' || at >= last_close || !begins_tag(html, at)) return at;
    size_t hidden = skip_hidden(html, at);
    return hidden ? hidden : tag_end(html, at);
}

/* If last_close is 0, every '<' is text. */
static struct span to_line(struct span text, size_t last_close, struct arena *arena) {
    struct buffer out = BUFFER(text.length * 4 + 8);
    for (size_t at = 0, next; at < text.length; at = next) {
        uint32_t rune;
        next = skip_markup(text, at, last_close);
        if (next > at) continue;
        size_t size = text.at[at] == '&' ? entity_read(text, at, &rune) : 0;
        if (size == 0) size = text_next(text, at, &rune);
        add_rune(&out, rune);
        next = at + size;
    }
    struct span line = arena_copy(arena, span_trim(buffer_span(&out)));
    buffer_free(&out);
    return line;
}

/* The last '>' is found once, so that a text of many '<' does not take quadratic time. */
struct span feed_plain(struct span html, struct arena *arena) {
    size_t last_close = html.length;
    while (last_close > 0 && html.at[last_close - 1] != '>') last_close--;
    return to_line(html, last_close ? last_close - 1 : 0, arena);
}

struct span feed_references(struct span text, struct arena *arena) {
    return to_line(text, 0, arena);
}

/* The name must follow whitespace, a quote or a slash, so that "data-href" is not mistaken for "href". */
struct span feed_attribute(struct span tag, const char *name) {
    struct span wanted = span_of(name);
    for (size_t at = 1; at + wanted.length + 1 < tag.length; at++) {
        struct span here = span_cut(tag, at, at + wanted.length);
        if (!strchr(" \t\r\n\"'/", tag.at[at - 1]) || !span_equal_ascii_fold(here, wanted) ||
            tag.at[at + wanted.length] != '=')
            continue;
        struct span value = span_cut(tag, at + wanted.length + 1, tag.length);
        char quote = value.length ? value.at[0] : ' ';
        bool quoted = quote == '"' || quote == '\'';
        if (quoted) value = span_cut(value, 1, value.length);
        size_t end = 0;
        while (end < value.length && (quoted ? value.at[end] != quote : !strchr(" \t\r\n>", value.at[end]))) end++;
        return span_cut(value, 0, end);
    }
    return (struct span){NULL, 0};
}

/* Moves *rest past the next tag that begins with `name` ("<link") and is not in a comment. Returns false if there is
 * none. */
static bool next_tag(struct span *rest, struct span name, struct span *ret_tag) {
    for (size_t at; (at = span_find(*rest, SPAN("<"))) != SIZE_MAX;) {
        struct span here = span_cut(*rest, at, rest->length);
        bool comment = span_starts(here, SPAN("<!--")), wanted = span_starts_ascii_fold(here, name);
        size_t end = comment ? span_find(here, SPAN("-->")) : wanted ? span_find(here, SPAN(">")) : 0;
        *rest = span_cut(here, end == SIZE_MAX ? here.length : end + 1, here.length);
        *ret_tag = span_cut(here, 0, end == SIZE_MAX ? here.length : end + 1);
        if (wanted && ret_tag->length <= URL_LIMIT) return true;
    }
    return false;
}

static bool is_among(struct span word, const char *const *words) {
    for (size_t i = 0; words[i]; i++)
        if (span_is_ascii_fold(word, words[i])) return true;
    return false;
}

/* A media type for feeds is sufficient. Generic XML counts as a feed only if the link is marked as an alternate. */
static bool names_feed(struct span link) {
    static const char *const feeds[] = {"application/rss+xml", "application/atom+xml", "application/feed+json",
                                        "application/rdf+xml", NULL},
                             *const xml[] = {"application/xml", "text/xml", NULL};
    struct span rest = feed_attribute(link, "type"), type = {NULL, 0}, rel = feed_attribute(link, "rel");
    span_next(&rest, ';', &type);
    type = span_trim(type);
    if (is_among(type, feeds)) return true;
    return span_is_ascii_fold(rel, "alternate") ? is_among(type, xml) : !type.length && span_is_ascii_fold(rel, "feed");
}

/* Returns the base address for the page's relative addresses. */
static struct span base_of(struct span page, struct span address, struct arena *arena) {
    struct span rest = page, tag;
    if (!next_tag(&rest, SPAN("<base"), &tag)) return address;
    struct span base = url_resolve(address, feed_plain(feed_attribute(tag, "href"), arena), arena);
    return base.length ? base : address;
}

/* Links to feeds are in the <head>, so only the beginning of the page is searched. */
struct span feed_alternates(struct span page, struct span address, struct arena *arena) {
    enum { REACH = 512 * 1024, MAX_FEEDS = 5 };
    struct buffer found = BUFFER(4096);
    struct span rest = span_cut(page, 0, REACH), tag;
    struct span base = base_of(rest, address, arena);
    for (size_t count = 0; count < MAX_FEEDS && next_tag(&rest, SPAN("<link"), &tag);) {
        if (!names_feed(tag)) continue;
        struct span link = url_resolve(base, feed_plain(feed_attribute(tag, "href"), arena), arena);
        if (link.length && buffer_print(&found, "%s%.*s", count ? " " : "", SPAN_ARGS(link))) count++;
    }
    struct span all = arena_copy(arena, buffer_span(&found));
    buffer_free(&found);
    return all;
}
