#include "stages/decode/spacing.h"

#include <math.h>

#include "stages/decode/ascii.h"
#include "stages/language/unicode.h"

/* Returns the cost of the text, with the full cost of ASCII words, which normally count less (`far` in writing.h). */
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

/* Returns whether the text begins with a word of a single lower-case letter, and sets *ret_letter to it. Returns false
 * for "l'", before which a space is usual. */
static bool is_one_letter(struct span rest, uint32_t *ret_letter) {
    uint32_t after = ' ';
    if (rest.length == 0) return false;
    size_t size = valid_next(rest, 0, ret_letter);
    if (size < rest.length) valid_next(rest, size, &after);
    return rune_is_lower(*ret_letter) && !rune_is_letter(after) && after != '\'' && after != 0x2019;
}

/* Returns whether the text begins with a punctuation mark that no space may precede. A hyphen counts only if a letter
 * follows. */
static bool is_closing(struct span rest) {
    static const char closing[] = {',', '.', ')', ']', '-'};
    uint32_t after = ' ';
    if (rest.length == 0 || !memchr(closing, rest.at[0], sizeof closing)) return false;
    if (rest.length > 1) valid_next(rest, 1, &after);
    return rest.at[0] != '-' || rune_is_letter(after);
}

bool spacing_joins(const struct spacing *spacing, struct span letter, struct span rest) {
    uint32_t next;
    if (is_closing(rest)) return true;
    if (spacing->language < 0 || !is_one_letter(rest, &next)) return false;
    return price(spacing, letter, "", next) < price(spacing, letter, " ", next);
}
