/* The bits of HTML that feeds force upon us. */
#include <string.h>

#include "pipeline/net/url.h"
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

static bool begins_tag(struct span text, size_t at) {
    char next = at + 1 < text.length ? text.at[at + 1] : ' ';
    return next == '/' || next == '!' || (next >= 'a' && next <= 'z') || (next >= 'A' && next <= 'Z');
}

static void add_rune(struct buffer *out, uint32_t rune) {
    bool space = rune == ' ' || rune == '\t' || rune == '\n' || rune == '\r' || rune == 0xA0;
    if (!space)
        buffer_add_rune(out, rune);
    else if (out->length && out->at[out->length - 1] != ' ')
        buffer_add_string(out, " ");
}

struct span feed_plain(struct span html, struct arena *arena) {
    struct buffer out = BUFFER(html.length * 4 + 8);
    const char *last_close = NULL;
    for (size_t i = html.length; i > 0 && !last_close; i--)
        if (html.at[i - 1] == '>') last_close = html.at + i - 1;
    for (size_t at = 0; at < html.length;) {
        uint32_t rune;
        size_t size = 0;
        if (html.at[at] == '<' && begins_tag(html, at) && last_close && html.at + at < last_close) {
            const char *close = memchr(html.at + at, '>', html.length - at);
            at = (size_t)(close - html.at) + 1;
            continue;
        }
        if (html.at[at] == '&') size = entity_read(html, at, &rune);
        if (size == 0) size = text_next(html, at, &rune);
        add_rune(&out, rune);
        at += size;
    }
    struct span plain = arena_copy(arena, span_trim(buffer_span(&out)));
    buffer_free(&out);
    return plain;
}

struct span feed_attribute(struct span tag, const char *name) {
    struct span wanted = span_of(name);
    for (size_t at = 1; at + wanted.length + 1 < tag.length; at++) {
        struct span here = span_cut(tag, at, at + wanted.length);
        if (!strchr(" \t\r\n\"'/", tag.at[at - 1]) || !span_equal_fold(here, wanted) ||
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

struct span feed_alternates(struct span page, struct span address, struct arena *arena) {
    enum { REACH = 512 * 1024, MOST = 5 };
    struct buffer found = BUFFER(4096);
    size_t count = 0;
    page = span_cut(page, 0, REACH);
    for (size_t at = 0; at < page.length && count < MOST; at++) {
        if (page.at[at] != '<' || !span_starts_fold(span_cut(page, at, page.length), SPAN("<link"))) continue;
        struct span tag = span_cut(page, at, at + 2048);
        const char *close = memchr(tag.at, '>', tag.length);
        if (close) tag.length = (size_t)(close - tag.at) + 1;
        struct span type = feed_attribute(tag, "type");
        if (!span_is_fold(type, "application/rss+xml") && !span_is_fold(type, "application/atom+xml") &&
            !span_is_fold(type, "application/feed+json"))
            continue;
        struct span link = url_resolve(address, feed_plain(feed_attribute(tag, "href"), arena), arena);
        if (link.length && buffer_print(&found, "%s%.*s", count ? " " : "", SPAN_ARGS(link))) count++;
    }
    struct span all = arena_copy(arena, buffer_span(&found));
    buffer_free(&found);
    return all;
}
