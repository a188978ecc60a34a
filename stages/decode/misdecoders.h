/* Recovers the bytes of a text that was decoded in the wrong single-byte encoding. That encoding is called the
 * misdecoder. Misdecoders are numbered from 0, and a set of them is a bit mask. */
#ifndef STAGES_DECODE_MISDECODERS_H
#define STAGES_DECODE_MISDECODERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "pipeline/base/text.h"
#include "stages/decode/encodings.h"
#include "stages/decode/proof.h"
#include "stages/decode/spacing.h"

enum { MISDECODERS = 64 };

struct misdecoders; /* immutable once created; borrows the encodings */
struct misdecoders *misdecoders_new(const struct encodings *encodings);
void misdecoders_free(struct misdecoders *misdecoders); /* accepts NULL */
size_t misdecoders_count(const struct misdecoders *misdecoders);
const struct encoding_entry *misdecoders_encoding(const struct misdecoders *misdecoders, size_t misdecoder);

/* Returns the misdecoders that may have produced some characters of this text from UTF-8. Sets *ret_full if at least
 * three in ten non-ASCII characters may be the first byte of a UTF-8 sequence. The text must be valid UTF-8, as for all
 * functions here. */
uint64_t misdecoders_of_utf8(const struct misdecoders *misdecoders, struct span text, bool *ret_full);
/* Returns the misdecoders that contain every character of the text. */
uint64_t misdecoders_of_all(const struct misdecoders *misdecoders, struct span text);

/* Appends the bytes from which the misdecoder produced this text. Returns false if it cannot have produced a character.
 * C1 controls become the bytes from which they were decoded. */
bool misdecoders_encode(const struct misdecoders *misdecoders, size_t misdecoder, struct span text,
                        struct buffer *bytes);

struct undone {
    size_t sequences; /* number of UTF-8 sequences that were read as single bytes */
    size_t lost;      /* number of sequences in which a byte is missing, so that they become U+FFFD */
    size_t replaced;  /* number of sequences that encode U+FFFD: the character was lost before the text was misread */
    size_t left;      /* number of non-ASCII characters outside sequences, except controls */
    size_t controls;  /* number of C1 controls outside sequences */
    size_t proofs[PROOFS]; /* number of the first sequences with each proof; set only by misdecoders_try() */
};
/* Appends the text with every misread UTF-8 sequence replaced by the character that it encodes. Also recovers sequences
 * in which a non-breaking space became a space, a byte became U+FFFD or '?', or a character was encoded as two
 * surrogates (CESU-8). */
struct undone misdecoders_undo(const struct misdecoders *misdecoders, size_t misdecoder, const struct spacing *spacing,
                               struct span text, struct buffer *out);
/* Does what misdecoders_undo() does, and counts the sequences by their value as evidence (`proofs`). */
struct undone misdecoders_try(const struct misdecoders *misdecoders, size_t misdecoder, const struct spacing *spacing,
                              struct span text, struct buffer *out);

#endif
