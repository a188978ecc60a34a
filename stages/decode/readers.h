/* Single-byte encodings the other way round: which bytes a text would be if it had been read by one of them. A "reader"
 * is the number of one, from 0; a set of readers is a mask. */
#ifndef STAGES_DECODE_READERS_H
#define STAGES_DECODE_READERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "pipeline/base/text.h"
#include "stages/decode/encodings.h"

enum { READERS = 64 };

struct readers; /* constant after it is made; borrows the encodings */
struct readers *readers_new(const struct encodings *encodings);
void readers_free(struct readers *readers); /* accepts NULL */
size_t readers_count(const struct readers *readers);
const struct encoding_entry *readers_encoding(const struct readers *readers, size_t reader);

/* Those by which something in the text may be UTF-8; *ret_full when at least three characters in ten beyond ASCII may
 * be the first of a sequence. The text must be valid, as everywhere here. */
uint64_t readers_of_utf8(const struct readers *readers, struct span text, bool *ret_full);
/* Those that have every character of the text. */
uint64_t readers_of_all(const struct readers *readers, struct span text);

/* Appends the bytes; false when the reader lacks a character. C1 controls are the bytes that decoders made them of. */
bool readers_encode(const struct readers *readers, size_t reader, struct span text, struct buffer *bytes);

struct undone {
    size_t sequences; /* of UTF-8 that were read as single bytes */
    size_t lost;      /* of these, those with a byte that is gone: they become U+FFFD */
    size_t left;      /* characters beyond ASCII that were none */
};
/* Appends the text with every sequence of UTF-8 read as one character; the rest stays. A non-breaking space that became
 * a space, and a byte that became U+FFFD or '?', are understood. */
struct undone readers_undo(const struct readers *readers, size_t reader, struct span text, struct buffer *out);

#endif
