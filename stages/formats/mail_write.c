#include "stages/formats/mail_write.h"

#include <openssl/evp.h>
#include <string.h>

/* LINE_BYTES: RFC 5322 recommends at most 78. WORD_BYTES: the text of an encoded word, which must not have more than 75
 * bytes, as base64. */
enum { LINE_BYTES = 76, WORD_BYTES = 45, ASCII_WORD = 60, HEADER_BYTES = 4096 };

/* ---------------------------------------------------------------- header fields */

static bool is_control(char c) {
    return (unsigned char)c < 0x20 || c == 0x7F;
}

/* Appends the text in valid UTF-8 and without control characters. */
static void clean(struct span text, struct buffer *out) {
    text = text_clip(text, HEADER_BYTES);
    for (size_t at = 0; at < text.length;) {
        uint32_t rune;
        at += text_next(text, at, &rune);
        buffer_add_rune(out, rune < 0x80 && is_control((char)rune) ? ' ' : rune);
    }
}

/* Whether the text can stand in a header as it is: what looks like an encoded word, or is too long for a line, has to
 * be encoded. */
static bool is_plain(struct span text) {
    size_t word = 0;
    if (span_find(text, SPAN("=?")) != SIZE_MAX) return false;
    for (size_t i = 0; i < text.length; i++) {
        word = text.at[i] == ' ' ? 0 : word + 1;
        if ((unsigned char)text.at[i] >= 0x80 || word > ASCII_WORD) return false;
    }
    return true;
}

static void add_encoded(struct buffer *out, struct span text) {
    for (bool first = true; text.length; first = false) {
        unsigned char base64[WORD_BYTES * 2];
        struct span piece = text_clip(text, WORD_BYTES);
        EVP_EncodeBlock(base64, (const unsigned char *)piece.at, (int)piece.length);
        buffer_print(out, "%s=?UTF-8?B?%s?=", first ? "" : "\r\n ", (const char *)base64);
        text = span_cut(text, piece.length, text.length);
    }
}

/* Appends words, with a line break before each one that would make its line too long. */
static void add_folded(struct buffer *out, struct span text) {
    size_t column = 20; /* room for the field's name */
    struct span word;
    for (bool first = true; span_next(&text, ' ', &word); first = false) {
        if (!word.length) continue;
        bool folds = !first && column + word.length + 1 > LINE_BYTES;
        buffer_add_string(out, first ? "" : folds ? "\r\n " : " ");
        buffer_add_span(out, word);
        column = folds ? word.length + 1 : column + word.length + 1;
    }
}

static void add_text(struct buffer *out, struct span text) {
    struct buffer cleaned = BUFFER(HEADER_BYTES * 4);
    clean(text, &cleaned);
    if (is_plain(buffer_span(&cleaned)))
        add_folded(out, buffer_span(&cleaned));
    else
        add_encoded(out, buffer_span(&cleaned));
    buffer_free(&cleaned);
}

void mail_write_text(struct buffer *out, const char *name, struct span text) {
    buffer_print(out, "%s: ", name);
    add_text(out, text);
    buffer_add_string(out, "\r\n");
}

/* Whether a name needs no quotes: RFC 5322 calls such words atoms. */
static bool is_phrase(struct span text) {
    for (size_t i = 0; i < text.length; i++) {
        char c = text.at[i];
        bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        if (!letter && c != ' ' && c != '-') return false;
    }
    return true;
}

static void add_quoted(struct buffer *out, struct span text) {
    buffer_add_string(out, "\"");
    for (size_t i = 0; i < text.length; i++) {
        if (text.at[i] == '"' || text.at[i] == '\\') buffer_add_string(out, "\\");
        buffer_add(out, is_control(text.at[i]) ? " " : text.at + i, 1);
    }
    buffer_add_string(out, "\"");
}

void mail_write_address(struct buffer *out, const char *name, struct span display, struct span address) {
    buffer_print(out, "%s: ", name);
    bool plain = is_plain(display), folds = !plain || display.length + address.length > LINE_BYTES - 12;
    if (plain && !is_phrase(display))
        add_quoted(out, display);
    else
        add_text(out, display);
    buffer_print(out, "%s<%.*s>\r\n", !display.length ? "" : folds ? "\r\n " : " ", SPAN_ARGS(address));
}

void mail_write_list(struct buffer *out, const char *name, const struct span *words, size_t count,
                     const char *between) {
    buffer_print(out, "%s: ", name);
    for (size_t i = 0; i < count; i++)
        buffer_print(out, "%s%.*s%s", i ? "\r\n " : "", SPAN_ARGS(words[i]), i + 1 < count ? between : "");
    buffer_add_string(out, "\r\n");
}

/* ---------------------------------------------------------------- quoted-printable */

/* Blanks at the end of a line are encoded, because mail servers may remove them. */
static bool is_literal(struct span text, size_t at) {
    char c = text.at[at];
    bool ends = at + 1 == text.length || text.at[at + 1] == '\n';
    if (c == ' ' || c == '\t') return !ends;
    return c > ' ' && c < 0x7F && c != '=';
}

void mail_write_quoted_printable(struct buffer *out, struct span text) {
    size_t column = 0;
    for (size_t at = 0; at < text.length; at++) {
        bool literal = is_literal(text, at);
        if (text.at[at] == '\n') {
            buffer_add_string(out, "\r\n");
            column = 0;
            continue;
        }
        size_t width = literal ? 1 : 3;
        if (column + width > LINE_BYTES - 1) {
            buffer_add_string(out, "=\r\n");
            column = 0;
        }
        if (literal)
            buffer_add(out, text.at + at, 1);
        else
            buffer_print(out, "=%02X", (unsigned)(unsigned char)text.at[at]);
        column += width;
    }
    buffer_add_string(out, column ? "\r\n" : "");
}
