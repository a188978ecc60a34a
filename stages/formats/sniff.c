#include "stages/formats/sniff.h"

#include <stdint.h>
#include <string.h>

#include "pipeline/base/visible.h"

#define PRESCAN 4096
#define SAMPLE ((size_t)1 << 16)
#define HZ_LINE 512
#define ESCAPED_LINE 1024

struct mark {
    struct span bytes;
    const char *means;
};

/* The first match counts, so a mark must precede any mark that is a prefix of it. */
static const char *first_mark(const struct mark *marks, size_t count, struct span raw, size_t *ret_length) {
    for (size_t i = 0; i < count; i++)
        if (span_starts(raw, marks[i].bytes)) {
            *ret_length = marks[i].bytes.length;
            return marks[i].means;
        }
    return NULL;
}

/* The byte order mark of UTF-32 must precede that of UTF-16: in little-endian order, it begins with the same bytes. */
const char *sniff_mark(struct span raw, size_t *ret_length) {
    static const struct mark marks[] = {
        {{"\xEF\xBB\xBF", 3}, "utf-8"}, {{"\xFF\xFE\0\0", 4}, "utf-32le"}, {{"\0\0\xFE\xFF", 4}, "utf-32be"},
        {{"\xFF\xFE", 2}, "utf-16le"},  {{"\xFE\xFF", 2}, "utf-16be"},
    };
    return first_mark(marks, sizeof marks / sizeof *marks, raw, ret_length);
}

/* Magic numbers of common files that are served or saved as if they were text. */
static const struct mark file_marks[] = {
    {{"\x89PNG\r\n\x1A\n", 8}, "a PNG image"},
    {{"\xFF\xD8\xFF", 3}, "a JPEG image"},
    {{"GIF87a", 6}, "a GIF image"},
    {{"GIF89a", 6}, "a GIF image"},
    {{"%PDF-", 5}, "a PDF document"},
    {{"PK\x03\x04", 4}, "a ZIP archive or office document"},
    {{"\x1F\x8B", 2}, "gzip-compressed data"},
    {{"BZh", 3}, "bzip2-compressed data"},
    {{"\xFD"
      "7zXZ",
      5},
     "xz-compressed data"},
    {{"\x28\xB5\x2F\xFD", 4}, "zstd-compressed data"},
    {{"7z\xBC\xAF\x27\x1C", 6}, "a 7z archive"},
    {{"Rar!\x1A\x07", 6}, "a RAR archive"},
    {{"\x7F"
      "ELF",
      4},
     "an ELF executable"},
    {{"ID3", 3}, "an MP3 audio file"},
    {{"OggS", 4}, "an Ogg audio file"},
    {{"fLaC", 4}, "a FLAC audio file"},
    {{"\x1A\x45\xDF\xA3", 4}, "a Matroska video"},
    {{"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", 8}, "a legacy Office document"},
    {{"wOFF", 4}, "a web font"},
    {{"wOF2", 4}, "a web font"},
    {{"{\\rtf", 5}, "an RTF document"},
    {{"%!PS-", 5}, "a PostScript document"},
    {{"SQLite format 3", 16}, "an SQLite database"},
    {{"\0asm", 4}, "a WebAssembly module"},
    {{"II*\0", 4}, "a TIFF image"},
    {{"MM\0*", 4}, "a TIFF image"},
};

/* RIFF and MP4 files have their exact type after the first bytes. */
const char *sniff_file(struct span raw) {
    size_t length;
    const char *kind = first_mark(file_marks, sizeof file_marks / sizeof *file_marks, raw, &length);
    if (!kind && raw.length > 12 && memcmp(raw.at, "RIFF", 4) == 0)
        kind = memcmp(raw.at + 8, "WEBP", 4) == 0   ? "a WebP image"
               : memcmp(raw.at + 8, "WAVE", 4) == 0 ? "a WAV audio file"
                                                    : NULL;
    if (!kind && raw.length > 12 && memcmp(raw.at + 4, "ftyp", 4) == 0) kind = "an MP4 video or AVIF image";
    return kind;
}

static size_t find_fold(struct span text, const char *needle) {
    size_t length = strlen(needle);
    for (size_t i = 0; i + length <= text.length; i++)
        if (span_is_ascii_fold(span_cut(text, i, i + length), needle)) return i;
    return SIZE_MAX;
}

/* Returns the value after `key` and "=", with or without quotes. */
static struct span value_of(struct span text, const char *key) {
    size_t at;
    while ((at = find_fold(text, key)) != SIZE_MAX) {
        text = span_cut(text, at + strlen(key), text.length);
        size_t i = 0, end;
        while (i < text.length && text_is_space(text.at[i])) i++;
        if (i >= text.length || text.at[i] != '=') continue;
        for (i++; i < text.length && text_is_space(text.at[i]); i++) {
        }
        while (i < text.length && (text.at[i] == '"' || text.at[i] == '\'' || text.at[i] == '\\')) i++;
        for (end = i; end < text.length && !text_is_space(text.at[end]) && !strchr("\"';>?\\,", text.at[end]); end++) {
        }
        return span_cut(text, i, end);
    }
    return (struct span){0};
}

struct span sniff_http(struct span content_type) {
    return value_of(content_type, "charset");
}

/* The declaration must be at the beginning. */
struct span sniff_xml(struct span raw) {
    raw = span_trim(span_cut(raw, 0, PRESCAN));
    size_t end = span_find(raw, SPAN("?>"));
    if (!span_starts(raw, SPAN("<?xml")) || end == SIZE_MAX) return (struct span){0};
    return value_of(span_cut(raw, 0, end), "encoding");
}

/* Labels in comments do not count. */
struct span sniff_html(struct span raw) {
    struct span rest = span_cut(raw, 0, PRESCAN);
    for (size_t at; (at = span_find(rest, SPAN("<"))) != SIZE_MAX;) {
        rest = span_cut(rest, at, rest.length);
        bool comment = span_starts(rest, SPAN("<!--"));
        size_t end = comment ? span_find(rest, SPAN("-->")) : span_find(rest, SPAN(">"));
        struct span tag = span_cut(rest, 0, end);
        struct span label =
            !comment && span_starts_ascii_fold(tag, SPAN("<meta")) ? value_of(tag, "charset") : (struct span){0};
        if (label.length > 0) return label;
        rest = span_cut(rest, end == SIZE_MAX ? rest.length : end + 1, rest.length);
    }
    return (struct span){0};
}

/* Returns the text up to the next whitespace, quote or tag if it has the form of a language code. */
static struct span code_at(struct span text) {
    size_t end = 0;
    while (end < text.length && !text_is_space(text.at[end]) && !strchr("<\"'", text.at[end])) end++;
    struct span code = span_cut(text, 0, end);
    for (size_t i = 0; i < code.length; i++) {
        char low = (char)(code.at[i] | 0x20);
        bool letter = low >= 'a' && low <= 'z', further = i > 1 && strchr("-_0123456789", code.at[i]);
        if (!letter && !further) return (struct span){0};
    }
    return code.length >= 2 && code.length <= 16 ? code : (struct span){0};
}

/* The language helps to detect the encoding, so it is needed before the document is parsed. */
struct span sniff_feed_language(struct span raw) {
    static const char *const marks[] = {"xml:lang=\"", "xml:lang='", "<language>", "<dc:language>"};
    raw = span_cut(raw, 0, 4 * PRESCAN);
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
        size_t at = span_find(raw, span_of(marks[i]));
        if (at == SIZE_MAX) continue;
        struct span after = span_cut(raw, at + strlen(marks[i]), raw.length);
        while (after.length && text_is_space(after.at[0])) after = span_cut(after, 1, after.length);
        return code_at(after);
    }
    return (struct span){0};
}

struct span sniff_language(struct span raw) {
    struct span language = sniff_feed_language(raw);
    raw = span_cut(raw, 0, PRESCAN);
    size_t at = find_fold(raw, "<html");
    if (language.length || at == SIZE_MAX) return language;
    raw = span_cut(raw, at, raw.length);
    return code_at(value_of(span_cut(raw, 0, span_find(raw, SPAN(">"))), "lang"));
}

/* Returns true if the bytes have a run of HZ: "~{", pairs of bytes 21-77 and 21-7E, "~}". The length must be even and
 * the run must end on its line, because "~{" also occurs in other text. */
static bool has_hz(struct span raw) {
    for (size_t at; (at = span_find(raw, SPAN("~{"))) != SIZE_MAX;) {
        raw = span_cut(raw, at + 2, raw.length);
        struct span near = span_cut(raw, 0, HZ_LINE);
        size_t end = span_find(near, SPAN("~}"));
        bool closed = end != SIZE_MAX && end > 0 && end % 2 == 0 && end < span_find(near, SPAN("\n"));
        for (size_t i = 0; closed && i < end; i += 2)
            closed = raw.at[i] > 0x20 && raw.at[i] <= 0x77 && raw.at[i + 1] > 0x20;
        if (closed) return true;
    }
    return false;
}

/* The first escape sequence that names a character set decides. */
const char *sniff_escapes(struct span raw) {
    static const struct mark marks[] = {
        {{"\x1B$)C", 4}, "iso-2022-kr"}, {{"\x1B$)A", 4}, "iso-2022-cn"}, {{"\x1B$)G", 4}, "iso-2022-cn"},
        {{"\x1B$*H", 4}, "iso-2022-cn"}, {{"\x1B$B", 3}, "iso-2022-jp"},  {{"\x1B$@", 3}, "iso-2022-jp"},
        {{"\x1B(J", 3}, "iso-2022-jp"},  {{"\x1B(I", 3}, "iso-2022-jp"},  {{"\x1B$(D", 4}, "iso-2022-jp"},
    };
    size_t length;
    raw = span_cut(raw, 0, SAMPLE);
    struct span rest = raw;
    for (size_t at; (at = span_find(rest, SPAN("\x1B"))) != SIZE_MAX;) {
        rest = span_cut(rest, at, rest.length);
        const char *name = first_mark(marks, sizeof marks / sizeof *marks, rest, &length);
        if (name) return name;
        rest = span_cut(rest, 1, rest.length);
    }
    return has_hz(raw) ? "hz-gb-2312" : NULL;
}

/* ---------------------------------------------------------------- seven-bit encodings without escape characters */

/* Some mailers and editors drop control characters, including the escape characters of ISO-2022-JP. */
size_t sniff_japanese_run(struct span text) {
    size_t at = 2;
    text = span_cut(text, 0, ESCAPED_LINE);
    if (!span_starts(text, SPAN("$B")) && !span_starts(text, SPAN("$@"))) return 0;
    for (; at + 1 < text.length; at += 2) {
        struct span pair = span_cut(text, at, at + 2);
        /* "(B" and "(J" end the run: they do not occur as characters. */
        if (at > 2 && (span_is(pair, "(B") || span_is(pair, "(J"))) return at + 2;
        if (pair.at[0] <= 0x20 || pair.at[0] > 0x7E || pair.at[1] <= 0x20 || pair.at[1] > 0x7E) return 0;
    }
    return 0;
}

/* In ISO-2022-JP, kana begin with "$" or "%". Every Japanese text has some kana. */
static bool has_japanese_runs(struct span raw, size_t min) {
    size_t pairs = 0, kana = 0;
    for (size_t at = 0, run; at < raw.length; at += run ? run : 1) {
        struct span rest = span_cut(raw, at, raw.length);
        run = rest.at[0] == '$' ? sniff_japanese_run(rest) : 0;
        for (size_t i = 2; i + 2 < run; i += 2) {
            pairs++;
            kana += rest.at[i] == '$' || rest.at[i] == '%';
        }
    }
    return pairs >= min && kana * 6 >= pairs;
}

static int base64_digit(char c) {
    if (c >= 'A' && c <= 'Z') return c - 'A';
    if (c >= 'a' && c <= 'z') return c - 'a' + 26;
    if (c >= '0' && c <= '9') return c - '0' + 52;
    return c == '+' ? 62 : c == '/' ? 63 : -1;
}

/* Counts the UTF-16 units in a run after "+"; *ret_same is the number of those in the same Unicode block as the first.
 * Returns 0 if it is not UTF-7: bits are left over, or a unit is a NUL or in the private use area. */
static size_t read_utf7_run(struct span text, size_t *ret_same, size_t *ret_length) {
    unsigned long bits = 0;
    size_t units = 0, have = 0, at = 0;
    unsigned block = 0;
    *ret_same = 0;
    for (int digit; at < text.length && (digit = base64_digit(text.at[at])) >= 0; at++) {
        bits = (bits << 6 | (unsigned long)digit) & 0x3FFFFF;
        have += 6;
        if (have < 16) continue;
        have -= 16;
        unsigned unit = (unsigned)(bits >> have) & 0xFFFF;
        if (unit == 0 || (unit >= 0xE000 && unit < 0xF900)) return 0;
        if (units++ == 0) block = unit >> 8;
        *ret_same += unit >> 8 == block || (unit >= 0x3000 && unit < 0xA000 && block >= 0x30 && block < 0xA0);
    }
    *ret_length = at;
    return have < 6 && (bits & ((1ul << have) - 1)) == 0 ? units : 0;
}

/* A plus sign also occurs in other text, so nearly all runs must be valid, and most of their characters must belong to
 * one script. */
static bool has_utf7_runs(struct span raw, size_t min) {
    size_t runs = 0, wrong = 0, units = 0, same = 0, length, like;
    for (const char *plus; (plus = raw.length ? memchr(raw.at, '+', raw.length) : NULL);) {
        raw = span_cut(raw, (size_t)(plus - raw.at) + 1, raw.length);
        if (span_starts(raw, SPAN("-"))) continue;
        size_t found = read_utf7_run(raw, &like, &length);
        runs += found > 0;
        wrong += found == 0;
        units += found;
        same += like;
        if (found) raw = span_cut(raw, length, raw.length);
    }
    return runs >= min && wrong * 10 <= runs && same * 10 >= units * 6;
}

/* If the label does not agree, many more runs are required. */
const char *sniff_stripped(struct span raw, struct span label) {
    enum { FEW = 3, MANY_PAIRS = 12, MANY_RUNS = 8 };
    bool japanese = span_starts_ascii_fold(label, SPAN("iso-2022-jp")) || span_is_ascii_fold(label, "csiso2022jp");
    bool utf7 = span_ends_ascii_fold(label, SPAN("utf-7")) || span_is_ascii_fold(label, "utf7");
    raw = span_cut(raw, 0, SAMPLE);
    if (has_japanese_runs(raw, japanese ? FEW : MANY_PAIRS)) return "iso-2022-jp";
    return has_utf7_runs(raw, utf7 ? 1 : MANY_RUNS) ? "utf-7" : NULL;
}

/* Returns the percentage of units of `width` bytes whose byte at `place` is NUL. */
static size_t nul_share(struct span raw, size_t width, size_t place) {
    size_t nuls = 0, units = raw.length / width;
    for (size_t i = 0; i < units; i++) nuls += raw.at[i * width + place] == '\0';
    return units ? nuls * 100 / units : 0;
}

/* UTF-32 is tested first, because it also has the pattern of UTF-16. */
const char *sniff_wide(struct span raw) {
    raw = span_cut(raw, 0, SAMPLE);
    if (raw.length < 8 || memchr(raw.at, '\0', raw.length) == NULL) return NULL;
    if (nul_share(raw, 4, 0) > 95 && nul_share(raw, 4, 1) > 50) return "utf-32be";
    if (nul_share(raw, 4, 3) > 95 && nul_share(raw, 4, 2) > 50) return "utf-32le";
    size_t even = nul_share(raw, 2, 0), odd = nul_share(raw, 2, 1);
    if (even > 2 * odd + 2) return "utf-16be";
    if (odd > 2 * even + 2) return "utf-16le";
    return NULL;
}

bool sniff_binary(struct span raw) {
    size_t controls = 0;
    raw = span_cut(raw, 0, SAMPLE);
    for (size_t i = 0; (i = visible_skip_ascii(raw, i)) < raw.length; i++) {
        unsigned char byte = (unsigned char)raw.at[i];
        /* Escape, backspace, shift-out and shift-in occur in texts of old systems. */
        controls +=
            byte < 0x20 && !text_is_space(raw.at[i]) && byte != 0x1B && byte != 0x08 && byte != 0x0E && byte != 0x0F;
    }
    return controls * 10 > raw.length;
}
