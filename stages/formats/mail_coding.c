#include "stages/formats/mail_coding.h"

#include <stdint.h>

enum { HEADER_LIMIT = 8192 };

/* Accepts both alphabets of base64, the usual one and the one for URLs. */
static int digit_of(char c) {
    if (c >= 'A' && c <= 'Z') return c - 'A';
    if (c >= 'a' && c <= 'z') return c - 'a' + 26;
    if (c >= '0' && c <= '9') return c - '0' + 52;
    return c == '+' || c == '-' ? 62 : c == '/' || c == '_' ? 63 : -1;
}

/* Decodes in pieces of 4 KiB, which is faster than adding single bytes to the buffer. */
void mail_base64(struct span text, struct buffer *out) {
    uint32_t bits = 0;
    unsigned count = 0;
    char piece[4096];
    size_t length = 0;
    for (size_t i = 0; i < text.length; i++) {
        int digit = digit_of(text.at[i]);
        if (text.at[i] == '=') count = 0; /* some mailers put padding in the middle */
        if (digit < 0) continue;
        bits = bits << 6 | (uint32_t)digit;
        /* Four digits of six bits each make three bytes, so the first of four digits completes no byte. */
        if (count++ > 0) piece[length++] = (char)(bits >> (2 * (4 - count)));
        count %= 4;
        if (length == sizeof piece) {
            buffer_add(out, piece, length);
            length = 0;
        }
    }
    buffer_add(out, piece, length);
}

static int hex_of(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Returns the length of a soft line break after "=", or 0. Whitespace may precede the line's end. */
static size_t soft_break(struct span rest) {
    size_t i = 0;
    while (i < rest.length && i < 80 && (rest.at[i] == ' ' || rest.at[i] == '\t' || rest.at[i] == '\r')) i++;
    return i < rest.length && rest.at[i] == '\n' ? i + 1 : 0;
}

/* Invalid sequences are copied as they are, so that no text is lost. */
void mail_quoted_printable(struct span text, bool head, struct buffer *out) {
    for (size_t i = 0; i < text.length;) {
        char c = text.at[i];
        struct span rest = span_cut(text, i + 1, text.length);
        int high = rest.length > 1 ? hex_of(rest.at[0]) : -1, low = rest.length > 1 ? hex_of(rest.at[1]) : -1;
        size_t soft = c == '=' && !head ? soft_break(rest) : 0;
        if (c == '=' && high >= 0 && low >= 0) {
            char byte = (char)(high * 16 + low);
            buffer_add(out, &byte, 1);
            i += 3;
        } else {
            if (head && c == '_') c = ' ';
            if (!soft) buffer_add(out, &c, 1);
            i += 1 + soft;
        }
    }
}

/* ---------------------------------------------------------------- format=flowed */

/* Removes the quote marks and the space that format=flowed inserts after them. Returns the number of marks in
 * *ret_depth. */
static struct span unstuff(struct span line, size_t *ret_depth) {
    size_t depth = 0;
    if (span_ends(line, SPAN("\r"))) line.length--;
    while (depth < line.length && line.at[depth] == '>') depth++;
    *ret_depth = depth;
    line = span_cut(line, depth, line.length);
    return span_starts(line, SPAN(" ")) ? span_cut(line, 1, line.length) : line;
}

/* Quote marks are restored, so that quotations are still recognized. */
static void begin_line(size_t depth, struct buffer *out) {
    for (size_t i = 0; i < depth; i++) buffer_add_string(out, ">");
    if (depth) buffer_add_string(out, " ");
}

/* A line that ends in a space continues on the next line of the same quote depth. */
struct span mail_unflow(struct span text, bool delsp, struct arena *arena) {
    struct buffer out = BUFFER(SIZE_MAX);
    struct span line;
    size_t open = SIZE_MAX; /* depth of the line that continues, or SIZE_MAX if none does */
    while (span_next(&text, '\n', &line)) {
        size_t depth;
        line = unstuff(line, &depth);
        /* "-- " separates the signature: its trailing space does not mean that the line continues. */
        bool signature = span_is(line, "-- "), flows = !signature && span_ends(line, SPAN(" "));
        if (open != SIZE_MAX && (open != depth || signature)) buffer_add_string(&out, "\n");
        if (open != depth || signature) begin_line(depth, &out);
        buffer_add_span(&out, flows && delsp ? span_cut(line, 0, line.length - 1) : line);
        if (!flows) buffer_add_string(&out, "\n");
        open = flows ? depth : SIZE_MAX;
    }
    struct span joined = arena_copy(arena, buffer_span(&out));
    buffer_free(&out);
    return joined;
}

/* ---------------------------------------------------------------- header fields */

/* Splits the encoded word "=?charset?Q?text?=" at the start of `text`. Returns false if there is none. */
static bool read_word(struct span text, struct span *ret_charset, char *ret_coding, struct span *ret_coded,
                      size_t *ret_length) {
    if (!span_starts(text, SPAN("=?"))) return false;
    struct span rest = span_cut(text, 2, text.length);
    size_t mark = span_find(span_cut(rest, 0, 80), SPAN("?"));
    if (mark == SIZE_MAX || rest.length < mark + 3 || rest.at[mark + 2] != '?') return false;
    *ret_charset = span_cut(rest, 0, mark);
    size_t star = span_find(*ret_charset, SPAN("*")); /* the charset may be followed by a language */
    if (star != SIZE_MAX) ret_charset->length = star;
    *ret_coding = (char)(rest.at[mark + 1] & ~0x20);
    struct span coded = span_cut(rest, mark + 3, rest.length);
    size_t end = span_find(span_cut(coded, 0, 1024), SPAN("?="));
    if (end == SIZE_MAX) return false;
    *ret_coded = span_cut(coded, 0, end);
    *ret_length = 2 + mark + 3 + end + 2;
    return *ret_coding == 'B' || *ret_coding == 'Q';
}

/* The state of decoding one header field. */
struct header_reader {
    const struct mail_decoder *decoder;
    struct buffer out;
    /* Bytes of adjacent encoded words with the same charset: some mailers split a character between two words. */
    struct buffer bytes;
    struct span charset;
};

static bool is_space(char c) {
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* Text with the escape character of ISO-2022 is never plain, whatever the charset, because labels are often wrong. */
bool mail_is_plain(struct span bytes, struct span charset) {
    static const struct {
        const char *charset;
        char sign;
    } shifts[] = {{"utf-7", '+'}, {"utf7", '+'}, {"unicode-1-1-utf-7", '+'}, {"hz", '~'}};
    char shift = '\x1B'; /* the escape character of ISO-2022 */
    for (size_t i = 0; i < sizeof shifts / sizeof *shifts; i++)
        if (span_starts_ascii_fold(charset, span_of(shifts[i].charset))) shift = shifts[i].sign;
    for (size_t i = 0; i < bytes.length; i++)
        if ((unsigned char)bytes.at[i] >= 0x80 || bytes.at[i] == '\x1B' || bytes.at[i] == shift) return false;
    return true;
}

/* Folds whitespace, including the line breaks of folded lines, to single spaces. */
static void add_line(struct header_reader *reader, struct span text) {
    struct buffer *out = &reader->out;
    for (size_t i = 0, end; i < text.length; i = end) {
        bool space = is_space(text.at[i]), again = out->length && out->at[out->length - 1] == ' ';
        for (end = i + 1; end < text.length && is_space(text.at[end]) == space;) end++;
        if (!space)
            buffer_add_span(out, span_cut(text, i, end));
        else if (!again)
            buffer_add_string(out, " ");
    }
}

/* Plain ASCII needs no decoder. */
static void add_bytes(struct header_reader *reader, struct span bytes, struct span label) {
    struct buffer decoded = BUFFER(4 * HEADER_LIMIT + 16);
    if (mail_is_plain(bytes, label))
        add_line(reader, bytes);
    else if (bytes.length) {
        reader->decoder->decode(reader->decoder->context, bytes, label, &decoded);
        add_line(reader, buffer_span(&decoded));
    }
    buffer_free(&decoded);
}

static void flush(struct header_reader *reader) {
    add_bytes(reader, buffer_span(&reader->bytes), reader->charset);
    buffer_clear(&reader->bytes);
}

/* Whitespace between two encoded words is not part of the text (RFC 2047, section 6.2). */
static size_t space_before_word(struct span text) {
    size_t i = 0, length;
    struct span charset, coded;
    char coding;
    while (i < text.length && is_space(text.at[i])) i++;
    return i > 0 && read_word(span_cut(text, i, text.length), &charset, &coding, &coded, &length) ? i : 0;
}

/* Decodes an encoded word. Returns its length, including whitespace after it if another encoded word follows; 0 if
 * there is none. */
static size_t take_word(struct span text, struct header_reader *reader) {
    struct span charset, coded;
    char coding;
    size_t length;
    if (!read_word(text, &charset, &coding, &coded, &length)) return 0;
    /* Bytes of words with different charsets cannot belong to the same character. */
    if (!span_equal_ascii_fold(charset, reader->charset)) flush(reader);
    reader->charset = charset;
    if (coding == 'B')
        mail_base64(coded, &reader->bytes);
    else
        mail_quoted_printable(coded, true, &reader->bytes);
    return length + space_before_word(span_cut(text, length, text.length));
}

/* Returns the number of bytes up to the next encoded word. They are decoded together, so that a character is never
 * split. */
static size_t bare_length(struct span text) {
    struct span charset, coded;
    char coding;
    size_t length, at = 1, found;
    while ((found = span_find(span_cut(text, at, text.length), SPAN("=?"))) != SIZE_MAX) {
        at += found;
        if (read_word(span_cut(text, at, text.length), &charset, &coding, &coded, &length)) return at;
        at += 2;
    }
    return text.length;
}

/* Raw bytes and encoded words may alternate in one field. */
struct span mail_header_text(struct span value, const struct mail_decoder *decoder, struct arena *arena) {
    struct header_reader reader = {.decoder = decoder, .out = BUFFER(4 * HEADER_LIMIT), .bytes = BUFFER(HEADER_LIMIT)};
    value = span_cut(value, 0, HEADER_LIMIT);
    for (size_t i = 0; i < value.length;) {
        struct span rest = span_cut(value, i, value.length);
        size_t length = take_word(rest, &reader);
        if (!length) {
            flush(&reader);
            length = bare_length(rest);
            add_bytes(&reader, span_cut(rest, 0, length), SPAN(""));
        }
        i += length;
    }
    flush(&reader);
    struct span text = arena_copy(arena, span_trim(buffer_span(&reader.out)));
    buffer_free(&reader.out);
    buffer_free(&reader.bytes);
    return text;
}
