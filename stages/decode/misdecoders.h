/* Recovers the bytes of a text that was decoded in the wrong single-byte encoding. A misdecoder is such an encoding,
 * given by its index from 0; a set of misdecoders is a bit mask. */
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

/* Returns the misdecoders that may have read a UTF-8 sequence as some characters of this text. Sets *ret_full if at
 * least three in ten non-ASCII characters may begin such a sequence. The text must be valid UTF-8, as for all functions
 * here. */
uint64_t misdecoders_of_utf8(const struct misdecoders *misdecoders, struct span text, bool *ret_full);
/* Returns the misdecoders in which every character of the text exists. */
uint64_t misdecoders_of_all(const struct misdecoders *misdecoders, struct span text);

/* Appends the bytes that the misdecoder decodes to this text. Returns false if the misdecoder lacks a character. C1
 * controls become the bytes that they were decoded from. */
bool misdecoders_encode(const struct misdecoders *misdecoders, size_t misdecoder, struct span text,
                        struct buffer *bytes);

struct undone {
    size_t sequences;      /* UTF-8 sequences that were read as single bytes */
    size_t lost;           /* those among them that have lost a byte and become U+FFFD */
    size_t replaced;       /* those among them that encode U+FFFD, because the character was lost before */
    size_t left;           /* non-ASCII characters in no sequence, except controls */
    size_t controls;       /* C1 controls that belong to no sequence */
    size_t proofs[PROOFS]; /* for each kind of proof, how many of the first sequences provide it; set only by
                              misdecoders_try() */
};
/* Appends the text in which every misread UTF-8 sequence is replaced by the character that it encodes. Also reads
 * sequences in which a non-breaking space became a space, a byte became U+FFFD or '?', or a character was encoded as
 * two surrogates (CESU-8). */
struct undone misdecoders_undo(const struct misdecoders *misdecoders, size_t misdecoder, const struct spacing *spacing,
                               struct span text, struct buffer *out);
/* Does the same as misdecoders_undo() and also counts what the sequences prove. */
struct undone misdecoders_try(const struct misdecoders *misdecoders, size_t misdecoder, const struct spacing *spacing,
                              struct span text, struct buffer *out);

#endif
