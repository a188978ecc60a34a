#define _GNU_SOURCE /* memmem */
#include "pipeline/base/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "pipeline/base/arena.h"

/* Not tolower(), whose result depends on the locale. */
static char lower(char c) {
    return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}

bool span_equal_ascii_fold_all(struct span a, struct span b) {
    for (size_t i = 0; i < a.length; i++)
        if (lower(a.at[i]) != lower(b.at[i])) return false;
    return true;
}

bool span_is_ascii_fold(struct span a, const char *string) {
    if (a.length && string && (*a.at | 0x20) != (*string | 0x20)) return false; /* rejects most unequal strings */
    return span_equal_ascii_fold(a, span_of(string));
}

bool span_starts_ascii_fold(struct span text, struct span prefix) {
    return text.length >= prefix.length && span_equal_ascii_fold(span_cut(text, 0, prefix.length), prefix);
}

bool span_ends_ascii_fold(struct span text, struct span suffix) {
    return text.length >= suffix.length &&
           span_equal_ascii_fold(span_cut(text, text.length - suffix.length, text.length), suffix);
}

/* Compares at each position, hence quadratic (see text.h). */
bool span_contains_ascii_fold(struct span text, struct span part) {
    for (size_t i = 0; i + part.length <= text.length; i++)
        if (span_equal_ascii_fold(span_cut(text, i, i + part.length), part)) return true;
    return false;
}

struct span span_none_at(struct span text, size_t position) {
    return (struct span){text.at ? text.at + (position < text.length ? position : text.length) : NULL, 0};
}

struct span span_trim(struct span text) {
    while (text.length && text_is_space(text.at[0])) text = span_cut(text, 1, text.length);
    while (text.length && text_is_space(text.at[text.length - 1])) text.length--;
    return text;
}

size_t span_find(struct span text, struct span needle) {
    if (needle.length == 0) return 0;
    if (text.length < needle.length) return SIZE_MAX;
    /* Most texts do not have the needle, and many not even its first byte. strstr() would need a terminated text and
     * stop at a NUL. */
    const char *first = memchr(text.at, *needle.at, text.length - needle.length + 1);
    if (!first) return SIZE_MAX;
    const char *found = memmem(first, text.length - (size_t)(first - text.at), needle.at, needle.length);
    return found ? (size_t)(found - text.at) : SIZE_MAX;
}

/* Keeps one row of the matrix at a time. */
size_t span_distance(struct span a, struct span b) {
    size_t row[SPAN_DISTANCE_MAX + 1];
    if (a.length > SPAN_DISTANCE_MAX || b.length > SPAN_DISTANCE_MAX) return SIZE_MAX;
    for (size_t j = 0; j <= b.length; j++) row[j] = j;
    for (size_t i = 1; i <= a.length; i++) {
        size_t diagonal = row[0];
        row[0] = i;
        for (size_t j = 1; j <= b.length; j++) {
            size_t change = diagonal + (a.at[i - 1] != b.at[j - 1]);
            size_t gap = (row[j] < row[j - 1] ? row[j] : row[j - 1]) + 1;
            diagonal = row[j];
            row[j] = change < gap ? change : gap;
        }
    }
    return row[b.length];
}

/* A final separator is not followed by an empty piece: "a," gives only "a". */
bool span_next(struct span *rest, char separator, struct span *ret_piece) {
    if (rest->length == 0) return false;
    const char *found = memchr(rest->at, separator, rest->length);
    size_t length = found ? (size_t)(found - rest->at) : rest->length;
    *ret_piece = span_cut(*rest, 0, length);
    *rest = span_cut(*rest, length + 1, rest->length);
    return true;
}

size_t span_count_words(struct span text) {
    size_t words = 0;
    /* A word begins at each change from whitespace to something else. */
    bool inside = false;
    for (size_t i = 0; i < text.length; i++) {
        bool space = text_is_space(text.at[i]);
        words += !space && !inside;
        inside = !space;
    }
    return words;
}

size_t span_form(struct span text, const char *form) {
    size_t length = strlen(form);
    if (text.length < length) return 0;
    for (size_t i = 0; i < length; i++)
        if (form[i] == 'd' ? text.at[i] < '0' || text.at[i] > '9' : text.at[i] != form[i]) return 0;
    return length;
}

bool span_number(struct span text, long long *ret_number) {
    /* A lone "-" is not a number. */
    bool negative = text.length > 1 && text.at[0] == '-';
    if (negative) text = span_cut(text, 1, text.length);
    /* 18 digits always fit in a long long, so the loop cannot overflow. */
    if (text.length == 0 || text.length > 18) return false;
    long long value = 0;
    for (size_t i = 0; i < text.length; i++) {
        if (text.at[i] < '0' || text.at[i] > '9') return false;
        value = value * 10 + (text.at[i] - '0');
    }
    *ret_number = negative ? -value : value;
    return true;
}

uint64_t span_hash(struct span text) {
    return span_hash_more(0xcbf29ce484222325u, text);
}

uint64_t span_hash_more(uint64_t hash, struct span more) {
    for (size_t i = 0; i < more.length; i++) hash = (hash ^ (unsigned char)more.at[i]) * 0x100000001b3u;
    return hash;
}

/* Returns the length that a lead byte other than ASCII indicates, or 0 if no character begins with this byte. 0xC0,
 * 0xC1 and bytes from 0xF5 on could only begin overlong forms or values above U+10FFFF. */
static size_t sequence_length(unsigned char lead) {
    if (lead >= 0xC2 && lead <= 0xDF) return 2;
    if (lead >= 0xE0 && lead <= 0xEF) return 3;
    if (lead >= 0xF0 && lead <= 0xF4) return 4;
    return 0;
}

static bool continues(unsigned char byte) {
    return (byte & 0xC0) == 0x80;
}

/* Any sequence, valid or not. */
static size_t next_sequence(struct span text, size_t position, uint32_t *ret_rune) {
    /* The smallest code point that needs this many bytes; anything below is an overlong form. */
    static const uint32_t min_rune[5] = {0, 0, 0x80, 0x800, 0x10000};
    const unsigned char *byte = (const unsigned char *)text.at + position;
    size_t length = sequence_length(byte[0]);
    *ret_rune = RUNE_INVALID;
    /* A sequence that is cut off counts as invalid, one byte at a time, so that decoding finds the next character. */
    if (length == 0 || text.length - position < length) return 1;
    /* The lead byte of a sequence of n bytes has n + 1 bits of marker, followed by the first bits of the code point. */
    uint32_t rune = byte[0] & (0xFFu >> (length + 1));
    for (size_t i = 1; i < length; i++) {
        if (!continues(byte[i])) return 1;
        rune = rune << 6 | (byte[i] & 0x3F);
    }
    if (rune < min_rune[length] || rune > 0x10FFFF || (rune >= 0xD800 && rune <= 0xDFFF)) return 1;
    *ret_rune = rune;
    return length;
}

/* Nearly all characters that are not ASCII have two bytes, or three bytes that do not begin with 0xE0 or 0xED, among
 * which are the overlong forms and the surrogates. */
size_t text_next_wide(struct span text, size_t position, uint32_t *ret_rune) {
    const unsigned char *byte = (const unsigned char *)text.at + position;
    size_t left = text.length - position;
    if (left > 1 && byte[0] >= 0xC2 && byte[0] < 0xE0 && continues(byte[1])) {
        *ret_rune = (byte[0] & 0x1Fu) << 6 | (byte[1] & 0x3Fu);
        return 2;
    }
    bool plain = left > 2 && byte[0] > 0xE0 && byte[0] < 0xF0 && byte[0] != 0xED;
    if (!plain || !continues(byte[1]) || !continues(byte[2])) return next_sequence(text, position, ret_rune);
    *ret_rune = (byte[0] & 0xFu) << 12 | (byte[1] & 0x3Fu) << 6 | (byte[2] & 0x3Fu);
    return 3;
}

size_t text_previous(struct span text, size_t position, uint32_t *ret_rune) {
    /* A character has at most three continuation bytes. */
    size_t back = 1;
    while (back < 4 && back < position && ((unsigned char)text.at[position - back] & 0xC0) == 0x80) back++;
    /* The character must end exactly at `position`, or the bytes before it do not form one. */
    if (text_next(span_cut(text, 0, position), position - back, ret_rune) == back) return back;
    *ret_rune = RUNE_INVALID;
    return 1;
}

size_t text_put_wide(char to[4], uint32_t rune) {
    if (rune > 0x10FFFF || (rune >= 0xD800 && rune <= 0xDFFF)) rune = RUNE_INVALID;
    /* The last byte is written first: it holds the lowest six bits. */
    size_t length = rune < 0x800 ? 2 : rune < 0x10000 ? 3 : 4;
    for (size_t i = length - 1; i > 0; i--, rune >>= 6) to[i] = (char)(0x80 | (rune & 0x3F));
    to[0] = (char)((0xF00u >> length) | rune);
    return length;
}

static bool are_ascii(const char *at) {
    uint64_t bytes;
    memcpy(&bytes, at, sizeof bytes);
    return (bytes & 0x8080808080808080u) == 0;
}

static bool are_all_ascii(const char *at) {
    uint64_t bytes[4];
    memcpy(bytes, at, sizeof bytes);
    return ((bytes[0] | bytes[1] | bytes[2] | bytes[3]) & 0x8080808080808080u) == 0;
}

/* Eight bytes at a time, and 32 after these, as most texts are ASCII for long stretches. */
size_t text_skip_ascii(struct span text, size_t at) {
    while (text.length - at >= 8 && are_ascii(text.at + at)) {
        at += 8;
        while (text.length - at >= 32 && are_all_ascii(text.at + at)) at += 32;
    }
    while (at < text.length && (unsigned char)text.at[at] < 0x80) at++;
    return at;
}

bool text_valid(struct span text) {
    uint32_t rune;
    for (size_t i = 0; i < text.length;) {
        size_t length = text_next(text, i, &rune);
        if (length == 1 && rune >= 0x80) return false;
        i = length == 1 ? text_skip_ascii(text, i) : i + length;
    }
    return true;
}

size_t text_count(struct span text) {
    size_t count = 0;
    uint32_t rune;
    for (size_t i = 0, size; i < text.length; i += size) {
        size = text_next(text, i, &rune);
        if (rune < 0x80) size = text_skip_ascii(text, i) - i;
        count += rune < 0x80 ? size : 1;
    }
    return count;
}

struct span text_clip(struct span text, size_t bytes) {
    if (text.length <= bytes) return text;
    size_t back = 0;
    /* Move back to the lead byte of the character that would be cut. */
    while (back < 3 && back < bytes && ((unsigned char)text.at[bytes - back] & 0xC0) == 0x80) back++;
    return span_cut(text, 0, bytes - back);
}

/* Makes room for `more` bytes and a NUL, or marks the buffer as full. `length` never exceeds `limit`, so the difference
 * cannot underflow. */
static bool reserve(struct buffer *buffer, size_t more) {
    if (more > buffer->limit - buffer->length) {
        buffer->full = true;
        return false;
    }
    size_t needed = buffer->length + more + 1;
    if (needed <= buffer->capacity) return true;
    /* Doubling the size makes appending take linear time in total. */
    size_t capacity = buffer->capacity ? buffer->capacity : 256;
    while (capacity < needed) capacity *= 2;
    buffer->at = memory_resize(buffer->at, capacity);
    buffer->capacity = capacity;
    return true;
}

bool buffer_add_growing(struct buffer *buffer, const void *bytes, size_t length) {
    if (!reserve(buffer, length)) return false;
    if (length) memcpy(buffer->at + buffer->length, bytes, length);
    buffer->length += length;
    buffer->at[buffer->length] = '\0';
    return true;
}

bool buffer_add_number(struct buffer *buffer, size_t number) {
    char digits[20], *end = digits + sizeof digits, *at = end;
    do *--at = (char)('0' + number % 10);
    while (number /= 10);
    return buffer_add(buffer, at, (size_t)(end - at));
}

bool buffer_print(struct buffer *buffer, const char *format, ...) {
    /* Formatted twice: once to measure, once to write. */
    va_list arguments, again;
    va_start(arguments, format);
    va_copy(again, arguments);
    int length = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    bool fits = length >= 0 && reserve(buffer, (size_t)length);
    if (fits) {
        vsnprintf(buffer->at + buffer->length, (size_t)length + 1, format, again);
        buffer->length += (size_t)length;
    }
    va_end(again);
    return fits;
}

/* The limit and the memory are kept, so that a loop can reuse the buffer. */
void buffer_clear(struct buffer *buffer) {
    buffer->length = 0;
    buffer->full = false;
    if (buffer->at) buffer->at[0] = '\0';
}

void buffer_free(struct buffer *buffer) {
    free(buffer->at);
    *buffer = BUFFER(buffer->limit);
}
