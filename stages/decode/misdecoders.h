/* Single-byte encodings the other way round: which bytes a text would be if one of them had decoded it wrongly. A
 * misdecoder is the number of one, from 0; a set of misdecoders is a mask. */
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

struct misdecoders; /* constant after it is made; borrows the encodings */
struct misdecoders *misdecoders_new(const struct encodings *encodings);
void misdecoders_free(struct misdecoders *misdecoders); /* accepts NULL */
size_t misdecoders_count(const struct misdecoders *misdecoders);
const struct encoding_entry *misdecoders_encoding(const struct misdecoders *misdecoders, size_t misdecoder);

/* Those by which something in the text may be UTF-8; *ret_full when at least three characters in ten beyond ASCII may
 * be the first of a sequence. The text must be valid, as everywhere here. */
uint64_t misdecoders_of_utf8(const struct misdecoders *misdecoders, struct span text, bool *ret_full);
/* Those that have every character of the text. */
uint64_t misdecoders_of_all(const struct misdecoders *misdecoders, struct span text);

/* Appends the bytes; false when the misdecoder lacks a character. C1 controls are the bytes that decoders made them of.
 */
bool misdecoders_encode(const struct misdecoders *misdecoders, size_t misdecoder, struct span text,
                        struct buffer *bytes);

struct undone {
    size_t sequences;      /* of UTF-8 that were read as single bytes */
    size_t lost;           /* of these, those with a byte that is gone: they become U+FFFD */
    size_t replaced;       /* those that are U+FFFD themselves: it was lost before */
    size_t left;           /* other characters beyond ASCII, controls aside */
    size_t controls;       /* C1 controls that were none */
    size_t proofs[PROOFS]; /* the first of them by what they prove, where that is asked for */
};
/* Appends the text with every sequence of UTF-8 read as one character; the rest stays. A non-breaking space that became
 * a space, a byte that became U+FFFD or '?', and a character that was encoded as two surrogates (CESU-8) are
 * understood. */
struct undone misdecoders_undo(const struct misdecoders *misdecoders, size_t misdecoder, const struct spacing *spacing,
                               struct span text, struct buffer *out);
/* The same, and weighs what the sequences prove. */
struct undone misdecoders_try(const struct misdecoders *misdecoders, size_t misdecoder, const struct spacing *spacing,
                              struct span text, struct buffer *out);

#endif
