#include "stages/decode/seven_bits.h"

#include "stages/decode/convert.h"
#include "stages/formats/sniff.h"

enum mode { MODE_ASCII, MODE_ROMAN, MODE_KANA, MODE_KANJI, MODE_SUPPLEMENT };

static const struct {
    struct span sequence; /* characters that follow the escape character */
    enum mode mode;
} escapes[] = {{{"(B", 2}, MODE_ASCII}, {{"(J", 2}, MODE_ROMAN},  {{"(I", 2}, MODE_KANA},       {{"$@", 2}, MODE_KANJI},
               {{"$B", 2}, MODE_KANJI}, {{"$(B", 3}, MODE_KANJI}, {{"$(D", 3}, MODE_SUPPLEMENT}};

struct japanese {
    struct span raw;
    struct buffer bytes; /* the collected bytes: Shift_JIS or, in MODE_SUPPLEMENT, EUC-JP */
    struct buffer *out;
    enum mode mode;
    bool stripped; /* the escape characters were stripped from the text */
    size_t bad;
};

/* Returns the size of the escape sequence at the start of `rest`, or 0. */
static size_t read_sequence(struct span rest, enum mode *ret_mode) {
    for (size_t i = 0; i < sizeof escapes / sizeof *escapes; i++) {
        if (!span_starts(rest, escapes[i].sequence)) continue;
        *ret_mode = escapes[i].mode;
        return escapes[i].sequence.length;
    }
    return 0;
}

bool seven_bits_is_japanese(struct span raw) {
    enum mode mode;
    for (size_t at; (at = span_find(raw, SPAN("\x1B"))) != SIZE_MAX;) {
        raw = span_cut(raw, at + 1, raw.length);
        if (!read_sequence(raw, &mode)) return false;
    }
    return true;
}

/* Converts the collected bytes. They are collected because iconv is slow for single characters. */
static void flush(struct japanese *text) {
    const char *name = text->mode == MODE_SUPPLEMENT ? "EUC-JP-MS" : "CP932";
    text->bad += convert_iconv(name, buffer_span(&text->bytes), text->out);
    buffer_clear(&text->bytes);
}

static void switch_mode(struct japanese *text, enum mode mode) {
    if ((text->mode == MODE_SUPPLEMENT) != (mode == MODE_SUPPLEMENT)) flush(text);
    text->mode = mode;
}

/* Returns the size of the escape sequence at `at`, or 0. If the escape characters were stripped, the sequence that ends
 * the run must follow as well, since "$B" alone may be ordinary text. */
static size_t read_escape(const struct japanese *text, size_t at, enum mode *ret_mode) {
    struct span rest = span_cut(text->raw, at, text->raw.length);
    if (!text->stripped) return rest.at[0] == 0x1B ? read_sequence(span_cut(rest, 1, rest.length), ret_mode) + 1 : 0;
    if (text->mode == MODE_ASCII && !sniff_japanese_run(rest)) return 0;
    if (text->mode != MODE_ASCII && rest.at[0] != '(') return 0;
    return read_sequence(rest, ret_mode);
}

static bool is_graphic(unsigned char byte) {
    return byte > 0x20 && byte < 0x7F;
}

static void add_byte(struct japanese *text, unsigned byte) {
    char c = (char)byte;
    buffer_add(&text->bytes, &c, 1);
}

/* Adds a two-byte character in the form that iconv expects: EUC-JP for the supplement, Shift_JIS otherwise. */
static void add_pair(struct japanese *text, unsigned first, unsigned second) {
    if (text->mode == MODE_SUPPLEMENT) {
        add_byte(text, 0x8F);
        add_byte(text, first | 0x80);
        add_byte(text, second | 0x80);
    } else {
        unsigned lead = (first - 0x21) / 2 + 0x81;
        add_byte(text, lead > 0x9F ? lead + 0x40 : lead);
        add_byte(text, first & 1 ? second + (second < 0x60 ? 0x1F : 0x20) : second + 0x7E);
    }
}

/* Adds a single byte, converted as the current mode requires. */
static void add_one(struct japanese *text, unsigned char byte) {
    bool yen = byte == 0x5C, line = byte == 0x7E;
    if (text->mode == MODE_ROMAN && (yen || line)) {
        flush(text);
        buffer_add_rune(text->out, yen ? 0xA5 : 0x203E);
    } else if (text->mode == MODE_KANA && byte > 0x20 && byte < 0x60) {
        add_byte(text, byte | 0x80u);
    } else if (byte >= 0x80 || (text->mode >= MODE_KANJI && is_graphic(byte))) {
        flush(text);
        buffer_add_rune(text->out, RUNE_INVALID);
        text->bad++;
    } else {
        add_byte(text, byte);
    }
}

/* Converts the next character or escape sequence and returns its size. Every line begins in ASCII, even if the previous
 * one lacks its final escape sequence. */
static size_t step(struct japanese *text, size_t at) {
    unsigned char byte = (unsigned char)text->raw.at[at];
    unsigned char next = at + 1 < text->raw.length ? (unsigned char)text->raw.at[at + 1] : 0;
    enum mode mode = text->mode;
    size_t escape = read_escape(text, at, &mode);
    if (escape) {
        switch_mode(text, mode);
        return escape;
    }
    if (byte == '\n') switch_mode(text, MODE_ASCII);
    if (text->mode >= MODE_KANJI && is_graphic(byte) && is_graphic(next)) {
        add_pair(text, byte, next);
        return 2;
    }
    add_one(text, byte);
    return 1;
}

size_t seven_bits_japanese(struct span raw, struct buffer *out) {
    struct japanese text = {.raw = raw, .bytes = BUFFER(raw.length * 2 + 16), .out = out};
    text.stripped = span_find(raw, SPAN("\x1B")) == SIZE_MAX;
    for (size_t at = 0; at < raw.length && !out->full;) at += step(&text, at);
    flush(&text);
    buffer_free(&text.bytes);
    return text.bad;
}
