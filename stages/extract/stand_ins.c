#include "stages/extract/stand_ins.h"

#include <string.h>

/* LEAD: the first byte of all the characters. SHORTEST: in bytes; the character itself has four. */
enum { FIRST = 0xF0000, MAX_STAND_INS = 0xFFFE, SHORTEST = 4, LEAD = 0xF3 };

/* ---------------------------------------------------------------- whether the page allows it */

static int digit_value(char c, unsigned base) {
    unsigned small = (unsigned char)c | 32;
    if (c >= '0' && c <= '9') return c - '0';
    return base == 16 && small >= 'a' && small <= 'f' ? (int)(small - 'a' + 10) : -1;
}

/* Whether a reference by number ("&#160;", "&#xA0;") may stand for one of the characters; `rest` begins after "&#".
 * Numbers that are too large may wrap around in the parser, so they count, too. */
static bool refers_to_stand_in(struct span rest) {
    bool hex = rest.length && (rest.at[0] == 'x' || rest.at[0] == 'X');
    unsigned base = hex ? 16 : 10, value = 0;
    for (size_t i = hex; i < rest.length && digit_value(rest.at[i], base) >= 0 && value < FIRST; i++)
        value = value * base + (unsigned)digit_value(rest.at[i], base);
    return value >= FIRST;
}

bool stand_ins_fit(struct span page) {
    return page.length && !memchr(page.at, LEAD, page.length);
}

bool stand_ins_are_unique(struct span input) {
    for (size_t at; (at = span_find(input, SPAN("&#"))) != SIZE_MAX;) {
        input = span_cut(input, at + 2, input.length);
        if (refers_to_stand_in(input)) return false;
    }
    return true;
}

/* ---------------------------------------------------------------- before parsing */

/* Whether the parser passes the character on: it replaces controls, noncharacters and bytes that are not UTF-8. */
static bool passes(uint32_t rune) {
    if (rune < 0x80) return rune >= ' ' && rune != 0x7F && rune != '&' && rune != '<';
    return rune >= 0xA0 && rune != RUNE_INVALID && (rune < 0xFDD0 || rune > 0xFDEF) && (rune & 0xFFFE) != 0xFFFE;
}

/* Returns the end of the part of the text from `at` on that the parser passes on. */
static size_t end_of_plain(struct span text, size_t at) {
    uint32_t rune;
    for (size_t size; at < text.length; at += size) {
        size = text_next(text, at, &rune);
        if (!passes(rune)) break;
    }
    return at;
}

static bool is_of_reference(char c) {
    return digit_value(c, 10) >= 0 || (unsigned)((c | 32) - 'a') < 26 || c == '#' || c == ';';
}

/* Returns the end of the reference in which `at` is. */
static size_t end_of_reference(struct span text, size_t at) {
    while (at < text.length && is_of_reference(text.at[at])) at++;
    return at;
}

/* Returns the end of what the parser has to see at `at`: a reference, or one character that is changed; with the white
 * space after it. */
static size_t end_of_special(struct span text, size_t at) {
    uint32_t rune;
    size_t end = at + text_next(text, at, &rune);
    if (rune == '&') end = end_of_reference(text, end);
    while (end < text.length && text_is_space(text.at[end])) end++;
    return end;
}

static void write_part(struct stand_ins *stand_ins, struct span part, struct arena *arena, struct buffer *out) {
    if (part.length < SHORTEST || stand_ins->count == MAX_STAND_INS) {
        buffer_add_span(out, part);
        return;
    }
    stand_ins->texts =
        arena_grow(arena, stand_ins->texts, stand_ins->count, &stand_ins->capacity, sizeof *stand_ins->texts);
    buffer_add_rune(out, FIRST + (uint32_t)stand_ins->count);
    stand_ins->texts[stand_ins->count++] = part;
}

/* Whether the text makes a tag of a "<" before it, from which it was separated by a tag that is left out. What follows
 * is then part of that tag for the parser. */
static bool makes_tag(struct span before, struct span text) {
    char first = text.length ? text.at[0] : ' ';
    return span_ends(before, SPAN("<")) &&
           ((unsigned)((first | 32) - 'a') < 26 || first == '/' || first == '!' || first == '?');
}

void stand_ins_write(struct stand_ins *stand_ins, struct span text, struct arena *arena, struct buffer *out) {
    stand_ins->on = stand_ins->on && !makes_tag(buffer_span(out), text);
    if (!stand_ins->on) {
        buffer_add_span(out, text);
        return;
    }
    size_t at = stand_ins->in_reference ? end_of_reference(text, 0) : 0;
    while (at < text.length && text_is_space(text.at[at])) at++;
    buffer_add_span(out, span_cut(text, 0, at));
    stand_ins->in_reference = stand_ins->in_reference && at == text.length;
    while (at < text.length) {
        size_t end = end_of_plain(text, at);
        write_part(stand_ins, span_cut(text, at, end), arena, out);
        if (end == text.length) return;
        at = end_of_special(text, end);
        buffer_add_span(out, span_cut(text, end, at));
        stand_ins->in_reference = text.at[end] == '&' && at == text.length;
    }
}

/* ---------------------------------------------------------------- after parsing */

/* Appends the text to `out`, or only counts its bytes if that is NULL. */
static size_t put_back(const struct stand_ins *stand_ins, struct span text, char *out) {
    size_t length = 0;
    for (size_t at = 0; at < text.length;) {
        const char *found = memchr(text.at + at, LEAD, text.length - at);
        struct span before = span_cut(text, at, found ? (size_t)(found - text.at) : text.length), part = SPAN("");
        uint32_t rune = 0;
        at += before.length;
        if (found) at += text_next(text, at, &rune);
        if (rune >= FIRST && rune - FIRST < stand_ins->count) part = stand_ins->texts[rune - FIRST];
        if (out) memcpy(out + length, before.at, before.length);
        if (out && part.length) memcpy(out + length + before.length, part.at, part.length);
        length += before.length + part.length;
    }
    return length;
}

struct span stand_ins_restore(const struct stand_ins *stand_ins, struct span text, struct arena *arena) {
    if (!stand_ins->count || !text.length || !memchr(text.at, LEAD, text.length)) return text;
    size_t length = put_back(stand_ins, text, NULL);
    char *out = arena_take(arena, length + 1);
    put_back(stand_ins, text, out);
    return (struct span){out, length};
}
