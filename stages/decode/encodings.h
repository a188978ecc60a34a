/* The known encodings, read from config/tables/encodings.tsv, and their conversion to UTF-8.
 *
 * A set of encodings is immutable after encodings_open() and may be used by several threads: single-byte encodings
 * are converted with tables, and every conversion with iconv opens a descriptor of its own. */
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
    const char *name; /* name in the WHATWG Encoding Standard, in lower case, or else the usual name */
    enum codec codec;
    double rare_bits; /* without a label, it is chosen only if the text costs this many bits less in it than in any
                         other encoding */
    const char *iconv;
    void *pin;                /* an open iconv descriptor, which keeps the converter loaded, or NULL */
    struct span languages;    /* language codes separated by spaces; empty if any language may use it */
    struct span labels;       /* separated by spaces */
    uint32_t high[128];       /* for CODEC_SINGLE: code points of the bytes 0x80 to 0xFF, RUNE_INVALID if unassigned */
    char utf8[128][4];        /* the same characters in UTF-8, not null-terminated */
    unsigned char sizes[128]; /* their sizes in bytes */
};

/* The official languages of a country. */
struct country {
    struct span code, languages; /* code of the country ("cz"); codes of its languages, separated by spaces */
};

struct encodings {
    struct country *countries;
    size_t country_count;
    struct arena *arena;
    struct encoding_entry *at;
    size_t count;
};

/* Reads encodings.tsv and countries.tsv from the folder `tables`. Encodings that iconv on this system lacks are
 * skipped. Fails fatally if a table is missing or invalid. */
bool encodings_open(const char *tables, struct encodings *ret_encodings, struct failure *ret_failure);
void encodings_close(struct encodings *encodings);

/* Finds an encoding by its label, ignoring case, hyphens, underscores and whitespace. Returns NULL for an unknown
 * label. */
const struct encoding_entry *encodings_find(const struct encodings *encodings, struct span label);
/* Returns whether `language` is an official language of the country with that code ("cz"). The code may be empty. */
bool encodings_speaks(const struct encodings *encodings, struct span country, struct span language);

/* For CODEC_SINGLE: returns how many of the bytes in `present` the encoding does not assign, or assigns only a control
 * to. */
size_t encoding_unassigned(const struct encoding_entry *encoding, const bool present[128]);

/* Appends `raw` as valid UTF-8. Returns the number of bytes that could not be decoded, each of which becomes U+FFFD.
 * Stops if the buffer is full. Takes linear time. */
size_t encoding_convert(const struct encoding_entry *encoding, struct span raw, struct buffer *out);
/* The reverse of encoding_convert(), for CODEC_MULTI: appends the text, which must be valid UTF-8, in this encoding.
 * U+FFFD becomes 0xFF. Returns false if the encoding lacks a character. */
bool encoding_reverse(const struct encoding_entry *encoding, struct span text, struct buffer *out);

#endif
