#include "stages/extract/page_text.h"

#include "stages/formats/references.h"

/* The ASCII characters that may have to be replaced. */
static bool is_special_ascii(unsigned char c) {
    return (c < ' ' && c != '\t' && c != '\n' && c != '\f') || c == 0x7F || c == '&';
}

static bool is_special_rune(uint32_t rune) {
    return rune < 0xA0 || rune == RUNE_INVALID || (rune >= 0xFDD0 && rune <= 0xFDEF) || (rune & 0xFFFE) == 0xFFFE;
}

/* Returns the position of the first character from `at` on that may have to be replaced. */
static size_t skip_plain(struct span text, size_t at) {
    uint32_t rune;
    while (at < text.length) {
        unsigned char c = (unsigned char)text.at[at];
        if (c < 0x80) {
            if (is_special_ascii(c)) break;
            at++;
            continue;
        }
        size_t size = text_next_wide(text, at, &rune);
        if (is_special_rune(rune)) break;
        at += size;
    }
    return at;
}

static size_t write_reference(struct span text, size_t at, enum page_text_place place, struct buffer *buffer) {
    char meaning[REFERENCE_BYTES];
    size_t length = 0, size = 0;
    if (place != PAGE_TEXT_RAW) size = reference_read(text, at, place == PAGE_TEXT_VALUE, meaning, &length);
    if (size)
        buffer_add(buffer, meaning, length);
    else
        buffer_add(buffer, "&", 1);
    return size ? size : 1;
}

/* Writes what the special character at `at` means, and returns the size of what it replaces. */
static size_t write_special(struct span text, size_t at, enum page_text_place place, struct buffer *buffer) {
    uint32_t rune;
    size_t size = text_next(text, at, &rune);
    if (rune == '&') return write_reference(text, at, place, buffer);
    if (rune == '\r') {
        buffer_add(buffer, "\n", 1);
        return at + 1 < text.length && text.at[at + 1] == '\n' ? 2 : 1;
    }
    if (rune || place != PAGE_TEXT_BODY) buffer_add_rune(buffer, RUNE_INVALID);
    return size;
}

struct span page_text_read(struct span text, enum page_text_place place, struct buffer *buffer) {
    size_t end = skip_plain(text, 0);
    if (end == text.length) return text;
    buffer_clear(buffer);
    for (size_t at = 0; at < text.length;) {
        buffer_add_span(buffer, span_cut(text, at, end));
        at = end;
        if (at < text.length) at += write_special(text, at, place, buffer);
        end = skip_plain(text, at);
    }
    return buffer_span(buffer);
}
