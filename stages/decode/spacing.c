#include "stages/decode/spacing.h"

#include <math.h>

#include "stages/decode/ascii.h"
#include "stages/language/unicode.h"

/* Bits of the text, letter by letter: no word of it is of less account. */
static double price(const struct spacing *spacing, struct span letter, const char *between, uint32_t next) {
    struct buffer text = BUFFER(32);
    buffer_add_span(&text, letter);
    buffer_add_string(&text, between);
    buffer_add_rune(&text, next);
    buffer_add_string(&text, " ");
    glyphs_fill(spacing->writing, buffer_span(&text), spacing->glyphs);
    for (size_t i = 0; i < spacing->glyphs->count; i++) spacing->glyphs->at[i].far = false;
    buffer_free(&text);
    return writing_bits(spacing->writing, spacing->language, spacing->glyphs, INFINITY);
}

/* Reads the one letter that ends where its word does; "l'" is a word of its own. */
static bool is_one_letter(struct span behind, uint32_t *ret_letter) {
    uint32_t after = ' ';
    if (behind.length == 0) return false;
    size_t size = valid_next(behind, 0, ret_letter);
    if (size < behind.length) valid_next(behind, size, &after);
    return rune_is_lower(*ret_letter) && !rune_is_letter(after) && after != '\'' && after != 0x2019;
}

/* No space stands before these; behind a hyphen only a letter makes it one. */
static bool is_closing(struct span behind) {
    static const char closing[] = {',', '.', ')', ']', '-'};
    uint32_t after = ' ';
    if (behind.length == 0 || !memchr(closing, behind.at[0], sizeof closing)) return false;
    if (behind.length > 1) valid_next(behind, 1, &after);
    return behind.at[0] != '-' || rune_is_letter(after);
}

bool spacing_joins(const struct spacing *spacing, struct span letter, struct span behind) {
    uint32_t next;
    if (is_closing(behind)) return true;
    if (spacing->language < 0 || !is_one_letter(behind, &next)) return false;
    return price(spacing, letter, "", next) < price(spacing, letter, " ", next);
}
