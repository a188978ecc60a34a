#include <errno.h>
#include <iconv.h>
#include <string.h>

#include "pipeline/base/arena.h"
#include "stages/decode/ascii.h"
#include "stages/decode/convert.h"
#include "stages/decode/encodings.h"
#include "stages/decode/seven_bits.h"

static const char replacement[] = "\xEF\xBF\xBD";

/* Copies valid UTF-8 unchanged and replaces each invalid byte with U+FFFD. */
static size_t convert_utf8(struct span raw, struct buffer *out) {
    size_t bad = 0, from = 0;
    for (size_t i = 0; i < raw.length;) {
        uint32_t rune;
        i = ascii_end(raw, i);
        if (i >= raw.length) break;
        size_t size = text_next(raw, i, &rune);
        /* size is 1 only for an invalid byte; U+FFFD in valid UTF-8 has three bytes */
        if (rune == RUNE_INVALID && size == 1) {
            if (!buffer_add(out, raw.at + from, i - from) || !buffer_add(out, replacement, 3)) return bad;
            bad++;
            from = i + 1;
        }
        i += size;
    }
    buffer_add(out, raw.at + from, raw.length - from);
    return bad;
}

/* Collects the output in pieces, because adding single characters to a buffer would be slow. */
static size_t convert_single(const struct encoding_entry *encoding, struct span raw, struct buffer *out) {
    char piece[4096];
    size_t bad = 0, length = 0;
    for (size_t i = 0; i < raw.length; i++) {
        unsigned char byte = (unsigned char)raw.at[i];
        if (byte < 0x80) {
            piece[length++] = (char)byte;
        } else {
            memcpy(piece + length, encoding->utf8[byte - 0x80], 4);
            length += encoding->sizes[byte - 0x80];
            bad += encoding->high[byte - 0x80] == RUNE_INVALID;
        }
        if (length > sizeof piece - 8) {
            if (!buffer_add(out, piece, length)) return bad;
            length = 0;
        }
    }
    buffer_add(out, piece, length);
    return bad;
}

/* Returns the UTF-16 or UTF-32 code unit of `width` bytes at `i`. */
static uint32_t unit_at(struct span raw, size_t i, size_t width, bool big) {
    uint32_t unit = 0;
    for (size_t k = 0; k < width; k++) unit = unit << 8 | (unsigned char)raw.at[big ? i + k : i + width - 1 - k];
    return unit;
}

/* Converts UTF-16 or UTF-32. A surrogate without its partner counts as undecodable. */
static size_t convert_wide(struct span raw, size_t width, bool big, struct buffer *out) {
    size_t bad = 0, i = 0;
    while (i + width <= raw.length && !out->full) {
        uint32_t rune = unit_at(raw, i, width, big);
        i += width;
        if (width == 2 && rune >= 0xD800 && rune < 0xDC00 && i + 2 <= raw.length) {
            uint32_t low = unit_at(raw, i, 2, big);
            if (low >= 0xDC00 && low < 0xE000) {
                rune = 0x10000 + ((rune - 0xD800) << 10) + (low - 0xDC00);
                i += 2;
            }
        }
        if ((rune >= 0xD800 && rune < 0xE000) || rune > 0x10FFFF) {
            rune = RUNE_INVALID;
            bad += width;
        }
        buffer_add_rune(out, rune);
    }
    /* the remaining bytes are not a complete unit */
    if (i < raw.length) buffer_add_rune(out, RUNE_INVALID);
    return bad + (raw.length - i);
}

/* Runs iconv once. Returns true if it stopped at a byte that cannot be decoded. */
static bool iconv_stuck(iconv_t converter, char **from, size_t *left, struct buffer *out) {
    char piece[4096], *to = piece;
    size_t room = sizeof piece;
    bool failed = iconv(converter, from, left, &to, &room) == (size_t)-1;
    int error = errno;
    buffer_add(out, piece, sizeof piece - room);
    return failed && error != E2BIG;
}

/* Appends the end of the output: a final escape sequence, or a character that iconv has held back. */
static void iconv_flush(iconv_t converter, struct buffer *out) {
    char piece[64], *to = piece;
    size_t room = sizeof piece;
    if (iconv(converter, NULL, NULL, &to, &room) != (size_t)-1) buffer_add(out, piece, sizeof piece - room);
}

size_t convert_iconv(const char *name, struct span raw, struct buffer *out) {
    iconv_t converter = iconv_open("UTF-8", name);
    char copy[4096]; /* cast because iconv() takes its input without const */
    size_t bad = 0, held = 0, next = 0;
    /* Otherwise the text would seem to be lost. */
    if (converter == (iconv_t)-1 && errno == ENOMEM) memory_exhausted();
    if (converter == (iconv_t)-1) {
        buffer_add(out, replacement, 3);
        return raw.length;
    }
    while ((next < raw.length || held > 0) && !out->full) {
        size_t more = sizeof copy - held < raw.length - next ? sizeof copy - held : raw.length - next;
        if (more) memcpy(copy + held, raw.at + next, more);
        char *from = copy;
        size_t left = held + more;
        next += more;
        while (left > 0 && iconv_stuck(converter, &from, &left, out)) {
            if (next < raw.length && left < 16) break; /* the character may continue in the next piece */
            from++;
            left--;
            bad++;
            buffer_add(out, replacement, 3);
        }
        /* an incomplete character is kept for the next piece */
        memmove(copy, from, left);
        held = left;
    }
    iconv_flush(converter, out);
    iconv_close(converter);
    return bad;
}

/* Converts HZ (RFC 1843): the bytes between ~{ and ~} are GB 2312 without the high bits. */
static size_t convert_hz(const char *name, struct span raw, struct buffer *out) {
    struct buffer plain = BUFFER(raw.length + 1);
    bool chinese = false;
    for (size_t i = 0; i < raw.length; i++) {
        char byte = raw.at[i], next = i + 1 < raw.length ? raw.at[i + 1] : '\0';
        if (byte == '~' && (next == '{' || next == '}')) {
            chinese = next == '{';
            i++;
        } else if (byte == '~' && next == '~' && !chinese) {
            buffer_add(&plain, "~", 1);
            i++;
        } else if (byte == '~' && next == '\n') {
            i++;
        } else {
            chinese = chinese && byte != '\n';
            byte = (char)(chinese && byte > 0x20 ? byte | (char)0x80 : byte);
            buffer_add(&plain, &byte, 1);
        }
    }
    size_t bad = convert_iconv(name, buffer_span(&plain), out);
    buffer_free(&plain);
    return bad;
}

size_t encoding_convert(const struct encoding_entry *encoding, struct span raw, struct buffer *out) {
    switch (encoding->codec) {
    case CODEC_UTF8:
        return convert_utf8(raw, out);
    case CODEC_UTF16LE:
    case CODEC_UTF16BE:
        return convert_wide(raw, 2, encoding->codec == CODEC_UTF16BE, out);
    case CODEC_UTF32LE:
    case CODEC_UTF32BE:
        return convert_wide(raw, 4, encoding->codec == CODEC_UTF32BE, out);
    case CODEC_SINGLE:
        return convert_single(encoding, raw, out);
    case CODEC_ESCAPE:
        if (strcmp(encoding->name, "iso-2022-jp") == 0 && seven_bits_is_japanese(raw))
            return seven_bits_japanese(raw, out);
        return convert_iconv(encoding->iconv, raw, out);
    case CODEC_MULTI:
        return convert_iconv(encoding->iconv, raw, out);
    case CODEC_HZ:
        return convert_hz(encoding->iconv, raw, out);
    }
    return raw.length;
}

/* Converts text without U+FFFD back into the encoding, in parts that fit the buffer. */
static bool reverse_piece(iconv_t converter, struct span piece, struct buffer *out) {
    char copy[4096];
    bool done = true;
    while (done && piece.length > 0) {
        struct span part = text_clip(piece, sizeof copy);
        size_t left = part.length;
        char *from = copy;
        memcpy(copy, part.at, part.length);
        while (left > 0 && done) done = !iconv_stuck(converter, &from, &left, out) && !out->full;
        piece = span_cut(piece, part.length, piece.length);
    }
    return done;
}

bool encoding_reverse(const struct encoding_entry *encoding, struct span text, struct buffer *out) {
    iconv_t converter = iconv_open(encoding->iconv, "UTF-8");
    bool done = converter != (iconv_t)-1;
    if (!done && errno == ENOMEM) memory_exhausted();
    while (done && text.length > 0) {
        size_t lost = span_find(text, span_of(replacement));
        done = reverse_piece(converter, span_cut(text, 0, lost), out);
        if (lost == SIZE_MAX) break;
        buffer_add(out, "\xFF", 1);
        text = span_cut(text, lost + sizeof replacement - 1, text.length);
    }
    if (converter != (iconv_t)-1) iconv_close(converter);
    return done;
}
