#include "stages/formats/xml_text.h"

#include <stdio.h>
#include <string.h>

#include "stages/formats/charset.h"
#include "stages/formats/entities.h"
#include "stages/formats/sniff.h"

/* ---------------------------------------------------------------- encoding */

static iconv_t open_converter(struct span raw, struct span content_type, const char *mark) {
    struct span labels[] = {span_of(mark), span_of(sniff_wide(raw)), sniff_http(content_type), sniff_xml(raw),
                            SPAN("windows-1252")};
    for (size_t i = 0; i < sizeof labels / sizeof *labels; i++) {
        iconv_t converter = charset_open(labels[i]);
        if (converter != (iconv_t)-1) return converter;
    }
    return (iconv_t)-1;
}

/* Where the document begins: some servers print their complaints above it. */
static size_t find_start(struct span text) {
    enum { REACH = 8192 };
    size_t declaration = span_find(span_cut(text, 0, REACH), SPAN("<?xml ")), open = span_find(text, SPAN("<"));
    return declaration != SIZE_MAX ? declaration : open != SIZE_MAX ? open : 0;
}

/* XML 1.0 knows no control characters but tab and the line ends. */
static bool add_clean(struct span text, struct buffer *out) {
    if (text.length == 0) return true;
    size_t start = find_start(text), position = start, copied = start;
    while (position < text.length) {
        uint32_t rune;
        size_t size = text_next(text, position, &rune);
        bool cut = size == 1 && rune == RUNE_INVALID;
        if (cut || rune == 0xFFFE || rune == 0xFFFF || (rune < 0x20 && rune != '\t' && rune != '\n' && rune != '\r')) {
            buffer_add(out, text.at + copied, position - copied);
            if (cut) buffer_add_rune(out, RUNE_INVALID);
            copied = position + size;
        }
        position += size;
    }
    return buffer_add(out, text.at + copied, text.length - copied);
}

/* Mostly UTF-8 with a few spoiled bytes is UTF-8 still. */
static bool looks_utf8(struct span raw) {
    size_t good = 0, bad = 0;
    uint32_t rune;
    for (size_t at = 0; at < raw.length;) {
        size_t size = text_next(raw, at, &rune);
        if (size > 1)
            good++;
        else if (rune == RUNE_INVALID)
            bad++;
        at += size;
    }
    return bad == 0 || good > 4 * bad;
}

bool xml_text_decode(struct span raw, struct span content_type, struct buffer *out) {
    size_t mark_length = 0;
    const char *mark = sniff_mark(raw, &mark_length);
    if (mark) raw = span_cut(raw, mark_length, raw.length);
    bool wide = mark ? !span_is_fold(span_of(mark), "utf-8") : sniff_wide(raw) != NULL;
    if (!wide && (mark || looks_utf8(raw))) return add_clean(raw, out);
    iconv_t converter = open_converter(raw, content_type, mark);
    if (converter == (iconv_t)-1) return add_clean(raw, out);
    struct buffer text = BUFFER(out->limit);
    charset_convert(raw, converter, &text);
    iconv_close(converter);
    bool done = !text.full && add_clean(buffer_span(&text), out);
    buffer_free(&text);
    return done;
}

/* ---------------------------------------------------------------- repair */

static bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

/* Length of what stands at `at` and must be copied untouched (CDATA, comment, declaration), or 0. */
static size_t untouched(struct span text, size_t at) {
    static const struct { const char *open, *close; } kinds[] = {{"<![CDATA[", "]]>"}, {"<!--", "-->"}, {"<?", "?>"}};
    struct span rest = span_cut(text, at, text.length);
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        if (!span_starts(rest, span_of(kinds[i].open))) continue;
        size_t end = span_find(rest, span_of(kinds[i].close));
        return end == SIZE_MAX ? rest.length : end + strlen(kinds[i].close);
    }
    return 0;
}

struct repair_state {
    struct span text;
    size_t at;
    unsigned misses; /* elements whose end was not found: after some of them nobody looks any more */
    struct buffer *out;
};

static void add_ampersand(struct repair_state *repair) {
    uint32_t rune;
    size_t length = entity_read(repair->text, repair->at, &rune);
    if (length == 0)
        buffer_add_string(repair->out, "&amp;");
    else
        buffer_print(repair->out, "&#%u;", (unsigned)rune);
    repair->at += length ? length : 1;
}

/* The elements whose bare markup is text: name at the start of `rest` (behind '<'), or empty. */
static struct span text_element(struct span rest) {
    static const char *const names[] = {"title", "description", "content:encoded"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        struct span name = span_of(names[i]);
        if (span_starts(rest, name) && rest.length > name.length && rest.at[name.length] == '>') return name;
    }
    return (struct span){NULL, 0};
}

/* <title>a <b>c</b></title>: wraps what stands between. Returns the bytes consumed, 0 when there is nothing to wrap. */
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

/* Markup: a comment, a text element to be wrapped, a tag, or a stray '<'. */
static void add_markup(struct repair_state *repair) {
    struct span text = repair->text;
    size_t at = repair->at, length = untouched(text, at);
    if (length) {
        buffer_add_span(repair->out, span_cut(text, at, at + length));
    } else if (!(length = wrap_element(repair))) {
        char next = at + 1 < text.length ? text.at[at + 1] : ' ';
        buffer_add_string(repair->out, is_letter(next) || next == '/' || next == '!' ? "<" : "&lt;");
        length = 1;
    }
    repair->at += length;
}

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
