/* UTF-8 text as spans (pointer and length, not terminated), and a growing buffer with a mandatory upper bound. */
#ifndef PIPELINE_BASE_TEXT_H
#define PIPELINE_BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* Borrowed bytes. The comment on a function that returns a span says who owns the bytes. An empty span is {NULL, 0} or
 * any {at, 0}. */
struct span {
    const char *at;
    size_t length;
};

/* What follows a noun that is counted: "1 article", "0 articles", "2 articles". */
#define PLURAL(count) ((count) == 1 ? "" : "s")

#define SPAN(literal) ((struct span){"" literal, sizeof(literal) - 1})
/* For printf: "%.*s", SPAN_ARGS(span) */
#define SPAN_ARGS(span) (int)(span).length, text_or_empty((span).at)

#define RUNE_INVALID 0xFFFDu

/* Small functions that are called for most words and characters are inline: the call would cost more than the work. */

/* printf() must not be given NULL, not even with a precision of 0. */
static inline const char *text_or_empty(const char *at) {
    return at ? at : "";
}

/* NULL gives an empty span. */
static inline struct span span_of(const char *string) {
    return (struct span){string, string ? strlen(string) : 0};
}

static inline bool span_equal(struct span a, struct span b) {
    if (a.length != b.length) return false;
    return a.length == 0 || (*a.at == *b.at && memcmp(a.at, b.at, a.length) == 0);
}

static inline bool span_is(struct span a, const char *string) {
    if (a.length && string && *a.at != *string) return false; /* rejects most unequal strings without strlen() */
    return span_equal(a, span_of(string));
}

/* Orders by bytes, as strcmp() does; a text comes before a longer one that begins with it. */
static inline int span_compare(struct span a, struct span b) {
    size_t shorter = a.length < b.length ? a.length : b.length;
    int order = shorter ? memcmp(a.at, b.at, shorter) : 0;
    return order ? order : (a.length > b.length) - (a.length < b.length);
}

/* Compare ignoring the case of ASCII letters only; for names of encodings, headers and tags. Text in any language needs
 * unicode_fold(). */
bool span_equal_ascii_fold_all(struct span a, struct span b); /* without the first test */
static inline bool span_equal_ascii_fold(struct span a, struct span b) {
    if (a.length != b.length) return false;
    return a.length == 0 || (((*a.at ^ *b.at) & ~32) == 0 && span_equal_ascii_fold_all(a, b));
}

bool span_is_ascii_fold(struct span a, const char *string);
/* Most texts that do not begin with the prefix differ in the first byte. */
static inline bool span_starts(struct span text, struct span prefix) {
    if (prefix.length == 0) return true;
    return text.length >= prefix.length && *text.at == *prefix.at && memcmp(text.at, prefix.at, prefix.length) == 0;
}

bool span_starts_ascii_fold(struct span text, struct span prefix);
bool span_ends_ascii_fold(struct span text, struct span suffix);
bool span_contains_ascii_fold(struct span text, struct span part); /* quadratic: only for short texts */
/* The empty span at `position` of text, clipped to its length. */
struct span span_none_at(struct span text, size_t position);
/* Returns the bytes [from, to) of text; both positions are clipped to its length. Even an empty result points into the
 * text, so that callers can compute offsets from it. */
static inline struct span span_cut(struct span text, size_t from, size_t to) {
    if (to > text.length) to = text.length;
    return from < to ? (struct span){text.at + from, to - from} : span_none_at(text, from);
}

static inline bool span_ends(struct span text, struct span suffix) {
    return text.length >= suffix.length && span_equal(span_cut(text, text.length - suffix.length, text.length), suffix);
}

/* Whether the byte is ASCII whitespace. */
static inline bool text_is_space(char byte) {
    return byte == ' ' || (byte >= '\t' && byte <= '\r');
}
/* Returns the position of the first byte from `at` on that is no ASCII letter. */
static inline size_t text_skip_letters(struct span text, size_t at) {
    while (at < text.length && (unsigned)((text.at[at] | 32) - 'a') < 26) at++;
    return at;
}

/* Removes ASCII whitespace from both ends. */
struct span span_trim(struct span text);
/* Returns the position of the first `needle` in text, or SIZE_MAX. Takes linear time (memmem). */
size_t span_find(struct span text, struct span needle);
/* Returns the Levenshtein distance in bytes, or SIZE_MAX if one of the words has more than SPAN_DISTANCE_MAX bytes. */
enum { SPAN_DISTANCE_MAX = 40 };
size_t span_distance(struct span a, struct span b);
/* Splits off the next piece of *rest up to `separator` or the end, and moves *rest past it. Returns false when nothing
 * is left. "a,,b" gives "a", "", "b"; an empty text gives no piece. */
bool span_next(struct span *rest, char separator, struct span *ret_piece);
/* Returns the number of words, separated by ASCII whitespace. */
size_t span_count_words(struct span text);
/* Returns the length of `form` if the text begins with it, else 0. A 'd' in `form` stands for any digit
 * ("dddd-dd-dd"). */
size_t span_form(struct span text, const char *form);
/* Parses the whole span as a decimal number of at most 18 digits, with an optional minus sign. Returns false for
 * anything else. */
bool span_number(struct span text, long long *ret_number);
/* Returns the 64-bit FNV-1a hash. Only for tables in memory whose keys an outsider cannot choose, because collisions
 * can be provoked; for other keys use hash_table.h. */
uint64_t span_hash(struct span text);
/* Continues the hash of what is before `more`: that of "ab" is that of "a", continued with "b". */
uint64_t span_hash_more(uint64_t hash, struct span more);

/* text_next() for characters that are not ASCII. */
size_t text_next_wide(struct span text, size_t position, uint32_t *ret_rune);
/* Decodes the code point at `position` (< text.length) and returns its size in bytes (1 to 4). Decoding is strict:
 * overlong forms, surrogates, values above U+10FFFF and truncated sequences give RUNE_INVALID and size 1. */
static inline size_t text_next(struct span text, size_t position, uint32_t *ret_rune) {
    unsigned char byte = (unsigned char)text.at[position];
    if (byte >= 0x80) return text_next_wide(text, position, ret_rune);
    *ret_rune = byte;
    return 1;
}

/* Decodes the code point that ends right before `position` (> 0) and returns its size in bytes. */
size_t text_previous(struct span text, size_t position, uint32_t *ret_rune);
/* text_put() for characters that are not ASCII. */
size_t text_put_wide(char to[4], uint32_t rune);
/* Encodes a code point and returns the number of bytes written (at most 4). Surrogates and values above U+10FFFF are
 * written as U+FFFD. */
static inline size_t text_put(char to[4], uint32_t rune) {
    if (rune >= 0x80) return text_put_wide(to, rune);
    to[0] = (char)rune;
    return 1;
}

/* Returns the position of the first byte from `at` on that is not ASCII, or the length of the text. */
size_t text_skip_ascii(struct span text, size_t at);
/* Whether the whole text is valid UTF-8. */
bool text_valid(struct span text);
/* Returns the number of code points; each invalid byte counts as one. */
size_t text_count(struct span text);
/* Returns the longest prefix of at most `bytes` bytes that ends at a character boundary. */
struct span text_clip(struct span text, size_t bytes);

/* A growing byte buffer on the heap. `limit` must be set. An addition that would exceed it is refused as a whole, and
 * `full` stays set, so that a caller may check once at the end. Once something has been added, the contents are
 * followed by a NUL that `length` does not include. */
struct buffer {
    char *at;
    size_t length, capacity, limit;
    bool full;
};

#define BUFFER(bytes) ((struct buffer){.limit = (bytes)})
/* buffer_add() where there is no room yet. */
bool buffer_add_growing(struct buffer *buffer, const void *bytes, size_t length);
/* Append to the buffer; false if the addition does not fit. */
static inline bool buffer_add(struct buffer *buffer, const void *bytes, size_t length) {
    /* With room for at least one byte more, for the NUL. */
    if (length >= buffer->capacity - buffer->length || length > buffer->limit - buffer->length)
        return buffer_add_growing(buffer, bytes, length);
    if (length) memcpy(buffer->at + buffer->length, bytes, length);
    buffer->length += length;
    buffer->at[buffer->length] = '\0';
    return true;
}

static inline bool buffer_add_span(struct buffer *buffer, struct span text) {
    return buffer_add(buffer, text.at, text.length);
}

static inline bool buffer_add_string(struct buffer *buffer, const char *string) {
    return buffer_add_span(buffer, span_of(string));
}

static inline bool buffer_add_rune(struct buffer *buffer, uint32_t rune) {
    char bytes[4];
    return buffer_add(buffer, bytes, text_put(bytes, rune));
}

bool buffer_add_number(struct buffer *buffer, size_t number); /* in decimal */
bool buffer_print(struct buffer *buffer, const char *format, ...) __attribute__((format(printf, 2, 3)));
static inline struct span buffer_span(const struct buffer *buffer) {
    return (struct span){buffer->at, buffer->length};
}

void buffer_clear(struct buffer *buffer); /* keeps the memory */
void buffer_free(struct buffer *buffer);  /* keeps the limit: the buffer may be used again */

#endif
