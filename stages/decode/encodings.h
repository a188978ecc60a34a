/* The encodings that decode knows, read from config/tables/encodings.tsv, and how bytes in them become UTF-8.
 *
 * A set of encodings is constant after encodings_open() and may be used by several threads: single-byte encodings are
 * tables, every conversion through iconv opens a descriptor of its own, of a converter that stays loaded. */
#ifndef STAGES_DECODE_ENCODINGS_H
#define STAGES_DECODE_ENCODINGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "pipeline/base/failure.h"
#include "pipeline/base/text.h"

enum codec {
    CODEC_UTF8,
    CODEC_UTF16LE,
    CODEC_UTF16BE,
    CODEC_UTF32LE,
    CODEC_UTF32BE,
    CODEC_SINGLE,
    CODEC_MULTI,
    CODEC_ESCAPE,
    CODEC_HZ
};

struct encoding_entry {
    const char *name; /* WHATWG name in lower case, or the usual one */
    enum codec codec;
    double rare_bits; /* how much better than the others it must read to be guessed */
    const char *iconv;
    void *pin;             /* an open descriptor that nobody uses, so that its converter stays loaded; NULL for none */
    struct span languages; /* codes separated by spaces, or empty: any */
    struct span labels;    /* separated by spaces */
    uint32_t high[128];    /* CODEC_SINGLE: code points of the bytes 80 to FF, RUNE_INVALID where there is none */
    char utf8[128][4];     /* the same as UTF-8, */
    unsigned char sizes[128]; /* of so many bytes */
};

/* Where a language is official. */
struct country {
    struct span code, languages; /* "cz"; codes separated by spaces */
};

struct encodings {
    struct country *countries;
    size_t country_count;
    struct arena *arena;
    struct encoding_entry *at;
    size_t count;
};

/* Reads encodings.tsv and countries.tsv from the folder `tables`; an encoding that this system's iconv lacks is left
 * out. Reaches the run when the table is missing or wrong. */
bool encodings_open(const char *tables, struct encodings *ret_encodings, struct failure *ret_failure);
void encodings_close(struct encodings *encodings);

/* By label (case, hyphens, underscores and white space do not matter); NULL when nobody knows it. */
const struct encoding_entry *encodings_find(const struct encodings *encodings, struct span label);
/* Whether `language` is spoken in the country of that code ("cz"), which may be empty. */
bool encodings_speaks(const struct encodings *encodings, struct span country, struct span language);

/* For CODEC_SINGLE: how many of the bytes from 80 on that are `present` no text is written with in this encoding, which
 * has no character there, or a control. */
size_t encoding_unassigned(const struct encoding_entry *encoding, const bool present[128]);

/* Appends `raw` as valid UTF-8 and returns the number of bytes that could not be decoded; each became U+FFFD. Stops
 * when the buffer is full. Linear. */
size_t encoding_convert(const struct encoding_entry *encoding, struct span raw, struct buffer *out);
/* The reverse, for CODEC_MULTI: appends the bytes of valid UTF-8, FF for U+FFFD; false when the
 * encoding lacks a character. */
bool encoding_reverse(const struct encoding_entry *encoding, struct span text, struct buffer *out);

#endif
