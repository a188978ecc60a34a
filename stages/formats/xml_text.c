#include "stages/formats/xml_text.h"

#include <stdio.h>
#include <string.h>

#include "stages/formats/entities.h"

/* Returns the beginning of the document. Some servers print error messages before it. */
static size_t find_start(struct span text) {
    enum { REACH = 8192 };
    size_t declaration = span_find(span_cut(text, 0, REACH), SPAN("<?xml ")), open = span_find(text, SPAN("<"));
    return declaration != SIZE_MAX ? declaration : open != SIZE_MAX ? open : 0;
}

/* XML 1.0 allows no control characters except tabs and line endings. */
static bool is_forbidden(uint32_t rune) {
    return rune == 0xFFFE || rune == 0xFFFF || (rune < 0x20 && rune != '\t' && rune != '\n' && rune != '\r');
}

/* Copies whole runs between forbidden characters, since there are usually none. */
bool xml_text_clean(struct span text, struct buffer *out) {
    if (text.length == 0) return true;
    size_t position = find_start(text), copied = position;
    while (position < text.length) {
        uint32_t rune;
        size_t size = text_next(text, position, &rune);
        if (is_forbidden(rune)) {
            buffer_add(out, text.at + copied, position - copied);
            copied = position + size;
        }
        position += size;
    }
    return buffer_add(out, text.at + copied, text.length - copied);
}

/* ---------------------------------------------------------------- repair */

static bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

/* Returns the length of a CDATA section, comment or declaration at `at`, whose content must not be changed, or 0. */
static size_t verbatim_length(struct span text, size_t at) {
    static const struct { const char *open, *close; } kinds[] = {{"<![CDATA[", "]]>"}, {"<!--", "-->"}, {"<?", "?>"}};
    struct span rest = span_cut(text, at, text.length);
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        if (!span_starts(rest, span_of(kinds[i].open))) continue;
        size_t end = span_find(rest, span_of(kinds[i].close));
        return end == SIZE_MAX ? rest.length : end + strlen(kinds[i].close);
    }
    return 0;
}

/* The state of the repair; `at` is the next byte to be copied. */
struct repair_state {
    struct span text;
    size_t at;
    unsigned misses; /* number of text elements without an end tag; at MAX_MISSES, the search for end tags stops */
    struct buffer *out;
};

/* Named references are replaced by numbers, because expat knows only five names. */
static void add_ampersand(struct repair_state *repair) {
    uint32_t rune;
    size_t length = entity_read(repair->text, repair->at, &rune);
    if (length == 0)
        buffer_add_string(repair->out, "&amp;");
    else
        buffer_print(repair->out, "&#%u;", (unsigned)rune);
    repair->at += length ? length : 1;
}

/* Returns the name of an element whose content is text even if it contains markup, at the start of `rest` (after '<'),
 * or an empty span. */
static struct span text_element(struct span rest) {
    static const char *const names[] = {"title", "description", "content:encoded"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        struct span name = span_of(names[i]);
        if (span_starts(rest, name) && rest.length > name.length && rest.at[name.length] == '>') return name;
    }
    return (struct span){NULL, 0};
}

/* Wraps the content of <title>a <b>c</b></title> in CDATA. Returns the number of bytes consumed, or 0 if there is
 * nothing to wrap. */
static size_t wrap_element(struct repair_state *repair) {
    enum { REACH = 65536, MAX_MISSES = 100 };
    struct span name = text_element(span_cut(repair->text, repair->at + 1, repair->text.length));
    if (name.length == 0 || repair->misses >= MAX_MISSES) return 0;
    size_t start = repair->at + name.length + 2;
    struct span rest = span_cut(repair->text, start, start + REACH);
    char close[32];
    snprintf(close, sizeof close, "</%.*s>", SPAN_ARGS(name));
    size_t end = span_find(rest, span_of(close));
    if (end == SIZE_MAX) repair->misses++;
    struct span inner = span_cut(rest, 0, end == SIZE_MAX ? 0 : end);
    if (span_find(inner, SPAN("<")) == SIZE_MAX || span_find(inner, SPAN("<![CDATA[")) != SIZE_MAX ||
        span_find(inner, SPAN("]]>")) != SIZE_MAX)
        return 0;
    buffer_print(repair->out, "<%.*s><![CDATA[", SPAN_ARGS(name));
    buffer_add_span(repair->out, inner);
    buffer_print(repair->out, "]]>%s", close);
    return start + end + strlen(close) - repair->at;
}

/* Handles a comment, a text element to be wrapped, a tag, or a stray '<'. */
static void add_markup(struct repair_state *repair) {
    struct span text = repair->text;
    size_t at = repair->at, length = verbatim_length(text, at);
    bool comment = span_starts(span_cut(text, at, text.length), SPAN("<!--")); /* dropped, as it may be invalid XML */
    if (length) {
        if (!comment) buffer_add_span(repair->out, span_cut(text, at, at + length));
    } else if (!(length = wrap_element(repair))) {
        char next = at + 1 < text.length ? text.at[at + 1] : ' ';
        buffer_add_string(repair->out, is_letter(next) || next == '/' || next == '!' ? "<" : "&lt;");
        length = 1;
    }
    repair->at += length;
}

/* Copies the text between '<' and '&' as it is; only these two can be wrong. */
bool xml_text_repair(struct span text, struct buffer *out) {
    struct repair_state repair = {.text = text, .out = out};
    while (repair.at < text.length && !out->full) {
        size_t run = repair.at;
        while (run < text.length && text.at[run] != '<' && text.at[run] != '&') run++;
        buffer_add_span(out, span_cut(text, repair.at, run));
        repair.at = run;
        if (run == text.length) break;
        if (text.at[run] == '&')
            add_ampersand(&repair);
        else
            add_markup(&repair);
    }
    return !out->full;
}
