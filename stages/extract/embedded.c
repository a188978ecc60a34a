#include "stages/extract/embedded.h"

#include <stdint.h>
#include <string.h>

enum { MAX_DEPTH = 4 };

/* ---------------------------------------------------------------- escapes in JSON strings */

/* Reads the four hexadecimal digits after "\u". */
static bool read_hex(struct span text, size_t at, uint32_t *ret_value) {
    uint32_t value = 0;
    if (at + 4 > text.length) return false;
    for (size_t i = at; i < at + 4; i++) {
        char c = text.at[i];
        uint32_t digit = c >= '0' && c <= '9'                 ? (uint32_t)(c - '0')
                         : (c | 32) >= 'a' && (c | 32) <= 'f' ? (uint32_t)((c | 32) - 'a' + 10)
                                                              : 16;
        if (digit == 16) return false;
        value = value * 16 + digit;
    }
    *ret_value = value;
    return true;
}

/* Reads the escape after a backslash at `at` - 1. Returns its length in bytes, or 0 if it is invalid. */
static size_t read_escape(struct span text, size_t at, uint32_t *ret_rune) {
    uint32_t high, low;
    if (at >= text.length) return 0;
    *ret_rune = text.at[at] == 'n' || text.at[at] == 'r' || text.at[at] == 't' ? ' ' : (unsigned char)text.at[at];
    if (text.at[at] != 'u') return text.at[at] & 0x80 ? 0 : 1;
    if (!read_hex(text, at + 1, &high)) return 0;
    *ret_rune = high;
    bool pair =
        high >= 0xD800 && high < 0xDC00 && at + 7 < text.length && text.at[at + 5] == '\\' && text.at[at + 6] == 'u';
    /* Characters beyond U+FFFF are written as a surrogate pair, two escapes of six bytes. */
    if (!pair || !read_hex(text, at + 7, &low)) return 5;
    *ret_rune = 0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00);
    return 11;
}

/* Replaces the escapes of a JSON string. An invalid escape loses its backslash; a NUL is dropped. */
static struct span unescape(struct span text, struct arena *arena) {
    struct buffer out = BUFFER(text.length * 4 + 16);
    for (size_t i = 0; i < text.length;) {
        const char *slash = memchr(text.at + i, '\\', text.length - i);
        size_t at = slash ? (size_t)(slash - text.at) : text.length;
        uint32_t rune = 0;
        buffer_add(&out, text.at + i, at - i);
        size_t length = slash ? read_escape(text, at + 1, &rune) : 0;
        if (length && rune) buffer_add_rune(&out, rune);
        i = at + 1 + length;
    }
    struct span plain = arena_copy(arena, buffer_span(&out));
    buffer_free(&out);
    return plain;
}

/* ---------------------------------------------------------------- strings in scripts */

/* Returns true if the text has paragraph markup, escaped or not. */
static bool has_paragraphs(struct span text) {
    static const char *const marks[] = {"<p>", "<p ", "<br", "u003cp", "u003Cp", "u003cbr", "u003Cbr"};
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
        if (span_find(text, span_of(marks[i])) != SIZE_MAX) return true;
    return false;
}

/* Returns the end of the string that starts at `from`: the next quote preceded by at most `slashes` backslashes. That
 * is the number before the opening quote, which is not 0 if the string is inside another string. */
static size_t find_end(struct span script, size_t from, size_t slashes) {
    for (size_t i = from, run = 0; i < script.length; i++) {
        if (script.at[i] == '"' && run <= slashes) return i - run;
        run = script.at[i] == '\\' ? run + 1 : 0;
    }
    return script.length;
}

/* Finds the longest string with paragraphs in a script. `run` counts the backslashes before a quote: the quotes of a
 * string inside another string are escaped. */
static void search_script(struct span script, struct span *best) {
    for (size_t i = 0, run = 0; i < script.length; i++) {
        if (script.at[i] != '"') {
            run = script.at[i] == '\\' ? run + 1 : 0;
            continue;
        }
        size_t end = find_end(script, i + 1, run);
        struct span text = span_cut(script, i + 1, end);
        if (text.length > best->length && text.length <= EMBEDDED_LONGEST && has_paragraphs(text)) *best = text;
        i = end + run < script.length ? end + run : script.length;
        run = 0;
    }
}

static size_t find_from(struct span page, size_t from, const char *needle) {
    size_t at = span_find(span_cut(page, from, page.length), span_of(needle));
    return at == SIZE_MAX ? page.length : from + at;
}

/* Also searches JSON inside a string, up to MAX_DEPTH levels deep. */
struct span embedded_article(struct span page, struct arena *arena) {
    struct span best = {NULL, 0};
    for (size_t at = find_from(page, 0, "<script"); at < page.length;) {
        size_t end = find_from(page, at, "</script");
        search_script(span_cut(page, at, end), &best);
        at = end < page.length ? find_from(page, end, "<script") : page.length;
    }
    for (int depth = 0; depth < MAX_DEPTH && best.length >= EMBEDDED_SHORTEST; depth++) {
        struct span text = unescape(best, arena), inner = {NULL, 0};
        /* a text with members such as "name":"value" is again JSON, and one of its strings is the article */
        if (span_find(text, SPAN("\":\"")) == SIZE_MAX) return text;
        search_script(text, &inner); /* JSON inside JSON */
        best = inner;
    }
    return SPAN("");
}

/* Returns the position after the element that begins at `from`, or the end of the text if the element is not closed. */
static size_t end_of_element(struct span text, size_t from, struct span name) {
    for (size_t at = from + 1; at < text.length; at++) {
        at = find_from(text, at, "</");
        if (span_starts_ascii_fold(span_cut(text, at + 2, text.length), name)) return find_from(text, at, ">") + 1;
    }
    return text.length;
}

/* HTML in the data of a page may itself contain scripts, for example in embedded posts. */
struct span embedded_without_scripts(struct span text, struct arena *arena) {
    static const char *const names[] = {"script", "style"};
    struct buffer out = BUFFER(text.length + 1);
    size_t from = 0;
    for (size_t at = find_from(text, 0, "<"); at < text.length; at = find_from(text, at, "<")) {
        size_t end = at + 1;
        for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
            struct span name = span_of(names[i]);
            if (!span_starts_ascii_fold(span_cut(text, at + 1, text.length), name)) continue;
            buffer_add_span(&out, span_cut(text, from, at));
            from = end = end_of_element(text, at, name);
        }
        at = end;
    }
    buffer_add_span(&out, span_cut(text, from, text.length));
    struct span rest = from ? arena_copy(arena, buffer_span(&out)) : text;
    buffer_free(&out);
    return rest;
}
