/* The encodings listed in config/tables/encodings.tsv, and their conversion to UTF-8. A set of encodings is immutable
 * after encodings_open() and may be used by several threads: single-byte encodings are converted with tables, and every
 * other conversion opens its own iconv descriptor. */
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
    const char *name; /* name in the WHATWG Encoding Standard in lower case, or else the usual name */
    enum codec codec;
    double rare_bits; /* rarity: without a label, the encoding is chosen only if the text costs this many bits less in
                         it than in any other */
    const char *iconv;
    void *pin;                /* an open iconv descriptor or NULL; keeping it open keeps the converter loaded */
    struct span languages;    /* codes of languages written in it, separated by spaces; empty for any language */
    struct span labels;       /* separated by spaces */
    uint32_t high[128];       /* for CODEC_SINGLE: code points of the bytes 0x80 to 0xFF, RUNE_INVALID if unassigned */
    char utf8[128][4];        /* the characters of `high` in UTF-8, not null-terminated */
    unsigned char sizes[128]; /* sizes of these characters in bytes */
};

/* Returns whether the encoding is so rare that no text is taken for a misreading of it. */
static inline bool encoding_is_rare(const struct encoding_entry *encoding) {
    return encoding->rare_bits >= 16;
}

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

/* Reads encodings.tsv and countries.tsv from the folder `tables`. Encodings that this system's iconv does not support
 * are skipped. A missing or invalid table is a fatal failure. */
bool encodings_open(const char *tables, struct encodings *ret_encodings, struct failure *ret_failure);
void encodings_close(struct encodings *encodings);

/* Finds an encoding by its label, ignoring case, hyphens, underscores and whitespace. Returns NULL for an unknown
 * label. */
const struct encoding_entry *encodings_find(const struct encodings *encodings, struct span label);
/* Returns whether `language` is an official language of the country with that code ("cz"). The code may be empty. */
bool encodings_speaks(const struct encodings *encodings, struct span country, struct span language);

/* For CODEC_SINGLE: returns the number of bytes in `present` that are unassigned in the encoding or are controls. */
size_t encoding_unassigned(const struct encoding_entry *encoding, const bool present[128]);

/* Appends `raw` as valid UTF-8. Returns the number of bytes that could not be decoded, each of which becomes U+FFFD.
 * Stops if the buffer is full. Takes linear time. */
size_t encoding_convert(const struct encoding_entry *encoding, struct span raw, struct buffer *out);
/* The reverse of encoding_convert(), for CODEC_MULTI: appends the text, which must be valid UTF-8, in this encoding.
 * U+FFFD becomes 0xFF. Returns false if a character does not exist in the encoding. */
bool encoding_reverse(const struct encoding_entry *encoding, struct span text, struct buffer *out);

#endif
