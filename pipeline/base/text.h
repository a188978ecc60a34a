/* UTF-8 text as spans (pointer + length, not terminated), and a growing buffer with a mandatory upper bound. */
#ifndef PIPELINE_BASE_TEXT_H
#define PIPELINE_BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Borrowed bytes: whoever made the span says who owns them. The empty span is {NULL, 0} or any {at, 0}. */
struct span {
    const char *at;
    size_t length;
};

#define SPAN(literal) ((struct span){"" literal, sizeof(literal) - 1})
/* For printf: "%.*s", SPAN_ARGS(span) */
#define SPAN_ARGS(span) (int)(span).length, (span).at ? (span).at : ""

#define RUNE_INVALID 0xFFFDu

struct span span_of(const char *string); /* NULL gives the empty span */
bool span_equal(struct span a, struct span b);
bool span_is(struct span a, const char *string);
/* ASCII letters without regard to case; for names of encodings, headers, tags. */
bool span_equal_ascii_fold(struct span a, struct span b);
bool span_is_ascii_fold(struct span a, const char *string);
bool span_starts(struct span text, struct span prefix);
bool span_ends(struct span text, struct span suffix);
bool span_starts_ascii_fold(struct span text, struct span prefix);
bool span_ends_ascii_fold(struct span text, struct span suffix);
bool span_contains_ascii_fold(struct span text, struct span part); /* for short texts: quadratic */
/* Bytes [from, to) of text; both are clipped to its length. */
struct span span_cut(struct span text, size_t from, size_t to);
/* ASCII white space. */
static inline bool text_is_space(char byte) {
    return byte == ' ' || (byte >= '\t' && byte <= '\r');
}
/* Without ASCII white space at both ends. */
struct span span_trim(struct span text);
/* Position of the first `needle` in text, or SIZE_MAX. Linear (memmem). */
size_t span_find(struct span text, struct span needle);
/* Takes the next piece of *rest up to `separator` (or the end) and moves *rest behind it; false when nothing is left.
 * "a,,b" gives "a", "", "b"; an empty text gives nothing. */
bool span_next(struct span *rest, char separator, struct span *ret_piece);
/* Number of pieces between ASCII white space. */
size_t span_count_words(struct span text);
/* Length of `form` when the text begins with it, 'd' standing for a digit ("dddd-dd-dd"), else 0. */
size_t span_form(struct span text, const char *form);
/* A whole span as a decimal number of at most 18 digits; false for anything else. */
bool span_number(struct span text, long long *ret_number);
/* FNV-1a 64; for in-memory tables of trusted size only, never for keys that an outsider could collide. */
uint64_t span_hash(struct span text);

/* Decodes the code point at `position` (< text.length) and returns its size in bytes (1 to 4). Strict: overlong
 * forms, surrogates, values over U+10FFFF and cut sequences give RUNE_INVALID and size 1. */
size_t text_next(struct span text, size_t position, uint32_t *ret_rune);
/* The code point that ends right before `position` (> 0), its size as return value. */
size_t text_previous(struct span text, size_t position, uint32_t *ret_rune);
/* Writes at most 4 bytes and returns their number; surrogates and values over U+10FFFF are written as U+FFFD. */
size_t text_put(char to[4], uint32_t rune);
bool text_valid(struct span text);
/* Number of code points (each invalid byte counts as one). */
size_t text_count(struct span text);
/* The longest prefix of at most `bytes` bytes that ends on a character. */
struct span text_clip(struct span text, size_t bytes);

/* A growing byte buffer on the heap. `limit` must be set; what would exceed it is refused as a whole and `full` stays
 * set, so that a caller may test once at the end. Contents are always followed by a NUL that `length` does not count.
 */
struct buffer {
    char *at;
    size_t length, capacity, limit;
    bool full;
};

#define BUFFER(bytes) ((struct buffer){.limit = (bytes)})
bool buffer_add(struct buffer *buffer, const void *bytes, size_t length);
bool buffer_add_span(struct buffer *buffer, struct span text);
bool buffer_add_string(struct buffer *buffer, const char *string);
bool buffer_add_rune(struct buffer *buffer, uint32_t rune);
bool buffer_print(struct buffer *buffer, const char *format, ...) __attribute__((format(printf, 2, 3)));
struct span buffer_span(const struct buffer *buffer);
void buffer_clear(struct buffer *buffer); /* keeps the memory */
void buffer_free(struct buffer *buffer);  /* keeps the limit: the buffer may be used again */

#endif
