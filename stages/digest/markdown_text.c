#include "stages/digest/markdown.h"

#include "pipeline/base/visible.h"
#include "pipeline/net/url.h"
#include "stages/language/unicode.h"

enum { LINE_LIMIT = 4 << 20, MAX_LIST_DIGITS = 9 /* of the number of an item (CommonMark 5.2) */ };

/* ---------------------------------------------------------------- what is left out */

/* The plain direction marks belong to the spelling of Arabic and Hebrew. */
static bool is_left_out(uint32_t rune) {
    return rune_is_unseen(rune) && rune != 0x200E && rune != 0x200F && rune != 0x61C;
}

static bool is_printable(char c) {
    return c > ' ' && c < 0x7F;
}

/* Returns the end of what stays as it is: ASCII with single spaces between its words. */
static size_t skip_flat(struct span text, size_t at) {
    while (at < text.length) {
        bool space = text.at[at] == ' ' && at + 1 < text.length && is_printable(text.at[at + 1]);
        if (!space && !is_printable(text.at[at])) break;
        at += space ? 2 : 1;
    }
    return at;
}

/* Appends the text without line breaks, repeated spaces, and spaces at its ends. */
static void flatten(struct buffer *out, struct span text) {
    uint32_t rune;
    bool space = false;
    for (size_t at = 0; at < text.length;) {
        at += text_next(text, at, &rune);
        bool breaks = rune < 0x80 ? text_is_space((char)rune) : rune == 0x85 || rune == 0x2028 || rune == 0x2029;
        if (!breaks && (is_left_out(rune) || (!out->length && rune_is_space(rune)))) continue;
        if (!breaks && space && out->length) buffer_add_string(out, " ");
        space = breaks;
        if (breaks) continue;
        buffer_add_rune(out, rune);
        size_t from = at;
        at = skip_flat(text, at);
        buffer_add_span(out, span_cut(text, from, at));
    }
}

/* Whether flatten() would change nothing. */
static bool is_flat(struct span text) {
    uint32_t rune;
    bool space = true; /* none at the beginning either */
    for (size_t at = 0, size = 1; at < text.length; at += size) {
        unsigned char byte = (unsigned char)text.at[at];
        size = byte < 0x80 ? 1 : text_next_wide(text, at, &rune);
        if (byte == ' ' ? space : byte < 0x80 && !is_printable((char)byte)) return false;
        if (byte >= 0x80 && (size == 1 || is_left_out(rune) || (at == 0 && rune_is_space(rune)))) return false;
        space = byte == ' ';
    }
    return !space;
}

/* ---------------------------------------------------------------- what is escaped */

static bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

static bool is_letter(char c) {
    return (unsigned)((c | 32) - 'a') < 26;
}

static char at_or_null(struct span line, size_t at) {
    return at < line.length ? line.at[at] : '\0';
}

/* Signs that begin a list, a quotation, a heading, a line under a heading or a definition. */
static bool opens_block(struct span line, size_t at) {
    if (at == 0) return strchr("-+=:.", line.at[0]) != NULL;
    if (at > MAX_LIST_DIGITS || !strchr(".)", line.at[at])) return false;
    size_t digits = 0;
    while (digits < at && is_digit(line.at[digits])) digits++;
    return digits == at;
}

/* GitHub makes links of addresses without being asked. */
static bool opens_link(struct span line, size_t at) {
    char next = at_or_null(line, at + 1);
    if (line.at[at] == ':') return at > 0 && is_letter(line.at[at - 1]) && next && next != ' ';
    return line.at[at] == '.' && at >= 3 && span_is_ascii_fold(span_cut(line, at - 3, at), "www");
}

static bool needs_escape(struct span line, size_t at) {
    return line.at[at] && (strchr("\\`*_[]<>#&|~$^{}", line.at[at]) || opens_block(line, at) || opens_link(line, at));
}

/* Addresses for mail are found behind escapes, too, so a comment separates them. */
static bool is_mail_sign(struct span line, size_t at) {
    char next = at_or_null(line, at + 1);
    return line.at[at] == '@' && at > 0 && line.at[at - 1] != ' ' && next && next != ' ';
}

/* Returns the position of the first character from `at` on that may need an escape. */
static size_t skip_words(struct span line, size_t at) {
    while (at < line.length && (is_letter(line.at[at]) || line.at[at] == ' ' || (unsigned char)line.at[at] >= 0x80))
        at++;
    return at;
}

void markdown_text(struct buffer *out, struct span text) {
    struct buffer flat = BUFFER(LINE_LIMIT);
    struct span line = text;
    if (text.length > LINE_LIMIT || !is_flat(text)) {
        flatten(&flat, text);
        line = buffer_span(&flat);
    }
    for (size_t i = 0; i < line.length; i++) {
        size_t words = i;
        i = skip_words(line, i);
        buffer_add_span(out, span_cut(line, words, i));
        if (i == line.length) break;
        if (needs_escape(line, i)) buffer_add_string(out, "\\");
        buffer_add(out, line.at + i, 1);
        if (is_mail_sign(line, i)) buffer_add_string(out, "<!---->");
    }
    buffer_free(&flat);
}

/* ---------------------------------------------------------------- links */

static bool fits_address(uint32_t rune) {
    if (rune >= 0x80) return !is_left_out(rune) && !rune_is_space(rune) && rune != RUNE_INVALID;
    return rune > ' ' && rune != 0x7F && !strchr("<>\"{}|\\^`", (int)rune);
}

/* Whether the '&' at this position would be read as an entity such as "&copy;". */
static bool is_entity(struct span address, size_t at) {
    size_t end = at + 1;
    while (end < address.length && (is_letter(address.at[end]) || is_digit(address.at[end]) || address.at[end] == '#'))
        end++;
    return end < address.length && address.at[end] == ';';
}

void markdown_address(struct buffer *out, struct span address) {
    uint32_t rune;
    for (size_t at = 0, size; at < address.length; at += size) {
        size = text_next(address, at, &rune);
        if (fits_address(rune)) buffer_add(out, address.at + at, size);
        for (size_t i = 0; i < size && !fits_address(rune); i++)
            buffer_print(out, "%%%02X", (unsigned char)address.at[at + i]);
    }
}

void markdown_link(struct buffer *out, struct span address) {
    if (!url_is_remote(address)) return;
    buffer_add_string(out, "<");
    for (size_t at = 0, size; at < address.length; at += size) {
        uint32_t rune;
        size = text_next(address, at, &rune);
        markdown_address(out, span_cut(address, at, at + size));
        if (rune == '&' && is_entity(address, at)) buffer_add_string(out, "amp;");
    }
    buffer_add_string(out, ">");
}
