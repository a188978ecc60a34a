#include "stages/decode/encodings.h"

#include <errno.h>
#include <iconv.h>
#include <string.h>

#include "pipeline/base/arena.h"
#include "pipeline/base/file.h"

#define TABLE_LIMIT ((size_t)1 << 18)
#define COLUMNS 6
/* Rarity of encodings in bits, by kind. Without a label, an encoding of one of these kinds is chosen only if the text
 * costs this many bits less in it than in any other encoding. */
#define SINGLE_BITS 3
#define SELDOM_BITS 8
#define RARE_BITS 24

static const struct {
    const char *name;
    enum codec codec;
} kinds[] = {
    {"utf-8", CODEC_UTF8},       {"utf-16le", CODEC_UTF16LE},
    {"utf-16be", CODEC_UTF16BE}, {"utf-32le", CODEC_UTF32LE},
    {"utf-32be", CODEC_UTF32BE}, {"windows", CODEC_SINGLE},
    {"single", CODEC_SINGLE},    {"multi", CODEC_MULTI},
    {"escape", CODEC_ESCAPE},    {"hz", CODEC_HZ},
    {"rare", CODEC_SINGLE},      {"rare-multi", CODEC_MULTI},
    {"seldom", CODEC_SINGLE},
};

/* Returns the codec of a kind, given the name of the kind in the table. */
static bool codec_of(struct span name, enum codec *ret_codec) {
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (span_is(name, kinds[i].name)) {
            *ret_codec = kinds[i].codec;
            return true;
        }
    return false;
}

/* Decodes a single byte. Some converters are stateful, so the converter is reset before each byte and flushed after it.
 */
static uint32_t rune_of_byte(iconv_t converter, unsigned byte) {
    char in = (char)byte, *from = &in, out[16], *to = out;
    size_t left = 1, room = sizeof out;
    uint32_t rune = RUNE_INVALID;
    iconv(converter, NULL, NULL, NULL, NULL);
    if (iconv(converter, &from, &left, &to, &room) == (size_t)-1 ||
        iconv(converter, NULL, NULL, &to, &room) == (size_t)-1)
        return RUNE_INVALID;
    struct span text = {out, (size_t)(to - out)};
    if (text.length == 0 || text_next(text, 0, &rune) != text.length) return RUNE_INVALID;
    return rune;
}

/* Reads the column that lists bytes which browsers decode differently from iconv, as in "A5=20AC". */
static void fix_bytes(struct encoding_entry *entry, struct span fixes) {
    struct span piece;
    while (span_next(&fixes, ' ', &piece)) {
        unsigned byte, rune;
        char text[16] = "";
        memcpy(text, piece.at, piece.length < sizeof text ? piece.length : sizeof text - 1);
        if (sscanf(text, "%2x=%6x", &byte, &rune) == 2 && byte >= 0x80 && byte <= 0xFF) entry->high[byte - 0x80] = rune;
    }
}

/* Fills in the table of a single-byte encoding, so that later conversions do not need iconv. */
static void fill_table(struct encoding_entry *entry, iconv_t converter, bool windows, struct span fixes) {
    for (unsigned i = 0; i < 128; i++) {
        entry->high[i] = rune_of_byte(converter, 0x80 + i);
        /* browsers decode unassigned bytes of Windows encodings to C1 controls */
        if (windows && i < 0x20 && entry->high[i] == RUNE_INVALID) entry->high[i] = 0x80 + i;
    }
    fix_bytes(entry, fixes);
    for (unsigned i = 0; i < 128; i++) entry->sizes[i] = (unsigned char)text_put(entry->utf8[i], entry->high[i]);
}

static bool has_iconv(enum codec codec) {
    return codec == CODEC_SINGLE || codec == CODEC_MULTI || codec == CODEC_ESCAPE || codec == CODEC_HZ;
}

/* Adds a line of encodings.tsv. Returns false if it is invalid. An encoding that iconv does not support is skipped. */
static bool add_line(struct encodings *encodings, size_t *capacity, struct span line) {
    struct span column[COLUMNS] = {0};
    for (size_t i = 0; i < COLUMNS; i++)
        if (!span_next(&line, '\t', &column[i])) return false;
    struct encoding_entry entry = {.name = arena_string(encodings->arena, column[0]),
                                   .iconv = arena_string(encodings->arena, column[2])};
    if (!codec_of(column[1], &entry.codec)) return false;
    if (!span_is(column[4], "-")) entry.languages = arena_copy(encodings->arena, column[4]);
    entry.rare_bits = span_starts(column[1], SPAN("rare")) ? RARE_BITS
                      : span_is(column[1], "seldom")       ? SELDOM_BITS
                      : span_is(column[1], "single")       ? SINGLE_BITS
                                                           : 0;
    entry.labels = arena_copy(encodings->arena, column[5]);
    if (has_iconv(entry.codec)) {
        iconv_t converter = iconv_open("UTF-8", entry.iconv);
        /* EINVAL: this machine does not have the encoding. */
        if (converter == (iconv_t)-1 && errno == ENOMEM) memory_exhausted();
        if (converter == (iconv_t)-1) return errno == EINVAL;
        if (entry.codec == CODEC_SINGLE) fill_table(&entry, converter, span_is(column[1], "windows"), column[3]);
        if (entry.codec == CODEC_SINGLE)
            iconv_close(converter);
        else
            entry.pin = converter;
    }
    encodings->at = arena_grow(encodings->arena, encodings->at, encodings->count, capacity, sizeof *encodings->at);
    encodings->at[encodings->count++] = entry;
    return true;
}

/* Adds a line of countries.tsv: a country code and the codes of the country's languages. */
static bool add_country(struct encodings *encodings, size_t *capacity, struct span line) {
    struct span code, languages;
    if (!span_next(&line, '\t', &code) || !span_next(&line, '\t', &languages)) return false;
    struct country country = {arena_copy(encodings->arena, code), arena_copy(encodings->arena, languages)};
    encodings->countries = arena_grow(encodings->arena, encodings->countries, encodings->country_count, capacity,
                                      sizeof *encodings->countries);
    encodings->countries[encodings->country_count++] = country;
    return true;
}

static bool read_table(const char *path, struct buffer *text, struct failure *ret_failure) {
    if (!file_read(path, text))
        return failure_fatal(ret_failure, EXIT_CONFIG,
                             "cannot read the table %s: %s; if the file is missing, reinstall dragoman", path,
                             strerror(errno));
    return !text->full ||
           failure_fatal(ret_failure, EXIT_CONFIG, "the table %s is larger than %zu bytes", path, TABLE_LIMIT);
}

/* Reads a table and passes each line except comments to `add`. An error message includes the line number. */
static bool read_lines(struct encodings *encodings, const char *tables, const char *name,
                       bool (*add)(struct encodings *, size_t *, struct span), struct failure *ret_failure) {
    struct buffer text = BUFFER(TABLE_LIMIT), path = BUFFER(4096);
    size_t capacity = 0, number = 0;
    bool good = buffer_print(&path, "%s/%s", tables, name) && read_table(path.at, &text, ret_failure);
    struct span rest = buffer_span(&text), line;
    while (good && span_next(&rest, '\n', &line)) {
        number++;
        if (line.length > 0 && line.at[0] != '#' && !add(encodings, &capacity, line))
            good = failure_fatal(ret_failure, EXIT_CONFIG,
                                 "%s:%zu: invalid line; see the comments at the top of the file", path.at, number);
    }
    buffer_free(&text);
    buffer_free(&path);
    return good;
}

bool encodings_open(const char *tables, struct encodings *ret_encodings, struct failure *ret_failure) {
    struct encodings encodings = {.arena = arena_new()};
    if (!read_lines(&encodings, tables, "encodings.tsv", add_line, ret_failure) ||
        !read_lines(&encodings, tables, "countries.tsv", add_country, ret_failure)) {
        encodings_close(&encodings);
        return false;
    }
    *ret_encodings = encodings;
    return true;
}

void encodings_close(struct encodings *encodings) {
    for (size_t i = 0; i < encodings->count; i++)
        if (encodings->at[i].pin) iconv_close(encodings->at[i].pin);
    arena_free(encodings->arena);
    *encodings = (struct encodings){0};
}

static bool has_word(struct span words, struct span word) {
    struct span one;
    while (span_next(&words, ' ', &one))
        if (span_equal_ascii_fold(one, word)) return true;
    return false;
}

static bool is_filler(char byte) {
    return byte == '-' || byte == '_' || byte == ' ';
}

/* Compares labels, ignoring case, hyphens, underscores and whitespace: "Windows_1251" equals "windows-1251". */
static bool is_same_label(struct span a, struct span b) {
    for (size_t i = 0, k = 0;; i++, k++) {
        while (i < a.length && is_filler(a.at[i])) i++;
        while (k < b.length && is_filler(b.at[k])) k++;
        if (i == a.length || k == b.length) return i == a.length && k == b.length;
        if (!span_equal_ascii_fold(span_cut(a, i, i + 1), span_cut(b, k, k + 1))) return false;
    }
}

const struct encoding_entry *encodings_find(const struct encodings *encodings, struct span label) {
    label = span_trim(label);
    for (size_t i = 0; i < encodings->count; i++)
        for (struct span rest = encodings->at[i].labels, one; span_next(&rest, ' ', &one);)
            if (is_same_label(one, label)) return &encodings->at[i];
    return NULL;
}

bool encodings_speaks(const struct encodings *encodings, struct span country, struct span language) {
    for (size_t i = 0; country.length > 0 && i < encodings->country_count; i++)
        if (span_equal_ascii_fold(encodings->countries[i].code, country))
            return has_word(encodings->countries[i].languages, language);
    return false;
}

size_t encoding_unassigned(const struct encoding_entry *encoding, const bool present[128]) {
    enum { NEXT_LINE = 0x85 }; /* U+0085, the line terminator in text from mainframes (EBCDIC) */
    size_t count = 0;
    for (size_t i = 0; i < 128; i++) {
        uint32_t rune = encoding->high[i];
        count += present[i] && (rune == RUNE_INVALID || (rune < 0xA0 && rune != NEXT_LINE));
    }
    return count;
}
