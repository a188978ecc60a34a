#include "stages/decode/window.h"

#include <stdbool.h>
#include <stdint.h>

#include "stages/decode/ascii.h"

#define ENOUGH ((size_t)2048) /* when the window has this many bytes, only words with rare bytes are added */
#define AROUND ((size_t)40)   /* number of ASCII bytes kept before and after a non-ASCII byte */
#define SELDOM 4              /* a byte is rare until it has occurred this many times */
#define REFERENCE 10          /* maximum length of a character reference that is recognised */

struct collector {
    struct span raw;
    struct buffer *window;
    size_t taken; /* position up to which the document has been added or skipped */
    unsigned char seen[128];
};

/* Returns whether the text can be cut at this byte. Such a byte is never part of a multi-byte character. */
static bool is_edge(char byte) {
    return byte == '<' || byte == '>' || byte == '\n';
}
static bool is_space(char byte) {
    return byte == ' ' || byte == '\t' || byte == '\r' || is_edge(byte);
}
static bool is_beyond_ascii(char byte) {
    return (unsigned char)byte >= 0x80;
}

/* Returns the length of a character reference such as "&name;" or "&#123;" at the start of the text, or 0. */
static size_t reference_length(struct span text) {
    if (text.length == 0 || text.at[0] != '&') return 0;
    for (size_t i = 1; i < text.length && i <= REFERENCE; i++) {
        if (text.at[i] == ';') return i + 1;
        if (is_space(text.at[i]) || is_beyond_ascii(text.at[i])) return 0;
    }
    return 0;
}

/* Adds a stretch, with spaces in place of character references, because the letters of a reference are not part of the
 * text. */
static void add_stretch(struct buffer *window, struct span stretch) {
    const char *mark;
    for (size_t i = 0, from = 0;; i++) {
        mark = i < stretch.length ? memchr(stretch.at + i, '&', stretch.length - i) : NULL;
        i = mark ? (size_t)(mark - stretch.at) : stretch.length;
        size_t skipped = reference_length(span_cut(stretch, i, stretch.length));
        if (mark && !skipped) continue;
        buffer_add(window, stretch.at + from, i - from);
        if (!mark) break;
        buffer_add(window, " ", 1);
        from = i + skipped;
        i = from - 1;
    }
    buffer_add(window, "\n", 1);
}

/* Returns where the stretch around the byte at `at` starts: at the start of a word, at most AROUND bytes of ASCII
 * before the byte. */
static size_t stretch_start(const struct collector *collector, size_t at) {
    size_t start = at, word = at;
    while (start > collector->taken && at - start < AROUND && !is_edge(collector->raw.at[start - 1])) {
        start--;
        if (is_space(collector->raw.at[start])) word = start;
    }
    return start == collector->taken || is_edge(collector->raw.at[start - 1]) ? start : word;
}

/* Returns where the stretch ends: at the next byte at which the text can be cut, or AROUND bytes after the last
 * non-ASCII byte. If the stretch must end within a word, it ends between two characters of UTF-8. */
static size_t stretch_end(struct span raw, size_t at, size_t most) {
    size_t end = at, last = at, word = at;
    while (end < raw.length && end - at < most && end - last <= AROUND && !is_edge(raw.at[end])) {
        if (is_beyond_ascii(raw.at[end]))
            last = end;
        else if (is_space(raw.at[end]))
            word = end;
        end++;
    }
    if (end == raw.length || is_edge(raw.at[end])) return end;
    return word > last ? word : at + text_clip(span_cut(raw, at, raw.length), end - at).length;
}

/* Returns the position of the next non-ASCII byte that is still rare, or the end. */
static size_t next_rare(const struct collector *collector, size_t at) {
    struct span raw = collector->raw;
    while ((at = ascii_end(raw, at)) < raw.length && collector->seen[(unsigned char)raw.at[at] - 0x80] >= SELDOM) at++;
    return at;
}

static void count_bytes(struct collector *collector, size_t from, size_t to) {
    for (; from < to; from++) {
        unsigned char byte = (unsigned char)collector->raw.at[from];
        if (byte >= 0x80 && collector->seen[byte - 0x80] < SELDOM) collector->seen[byte - 0x80]++;
    }
}

/* Adds the stretch of text around `at` to the window. Returns the end of the stretch. */
static size_t take_stretch(struct collector *collector, size_t at, size_t most) {
    size_t start = stretch_start(collector, at), end = stretch_end(collector->raw, at, most);
    add_stretch(collector->window, span_cut(collector->raw, start, end));
    count_bytes(collector, start, end);
    collector->taken = end;
    return end;
}

/* Returns whether the word around a rare byte is short. In a longer word the byte may be part of a multi-byte
 * character. */
static bool is_in_short_word(struct span raw, size_t at) {
    size_t from = at, to = at;
    while (from > 0 && at - from < AROUND && !is_space(raw.at[from - 1])) from--;
    while (to < raw.length && to - at < AROUND && !is_space(raw.at[to])) to++;
    return (from == 0 || is_space(raw.at[from - 1])) && (to == raw.length || is_space(raw.at[to]));
}

/* Takes one stretch after the other until the window has `bytes`. Returns where to go on. */
static size_t take_first(struct collector *collector, size_t bytes) {
    struct span raw = collector->raw;
    size_t at = ascii_end(raw, 0);
    while (at < raw.length && collector->window->length < bytes)
        at = ascii_end(raw, take_stretch(collector, at, ENOUGH));
    return at;
}

void window_begin(struct span raw, size_t bytes, struct buffer *window) {
    struct collector collector = {.raw = span_cut(raw, 0, WINDOW_LOOK), .window = window};
    take_first(&collector, bytes < ENOUGH ? bytes : ENOUGH);
}

void window_collect(struct span raw, struct buffer *window) {
    struct collector collector = {.raw = span_cut(raw, 0, WINDOW_LOOK), .window = window};
    raw = collector.raw;
    size_t at = take_first(&collector, ENOUGH);
    for (at = next_rare(&collector, at); at < raw.length && !window->full; at = next_rare(&collector, at))
        at = is_in_short_word(raw, at) ? take_stretch(&collector, at, AROUND) : at + 1;
}

void window_present(struct span raw, bool present[128]) {
    bool any[256] = {false};
    for (size_t i = 0; i < raw.length; i++) any[(unsigned char)raw.at[i]] = true;
    for (size_t i = 0; i < 128; i++) present[i] = present[i] || any[128 + i];
}
