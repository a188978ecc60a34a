#include "stages/language/chatter.h"

enum { LONGEST = 128 };

/* Returns the beginning of the text in lower case, with straight apostrophes instead of curly ones. */
static struct span fold_beginning(struct span text, char folded[LONGEST]) {
    size_t length = 0;
    for (size_t i = 0; i < text.length && length + 4 < LONGEST;) {
        uint32_t rune;
        i += text_next(text, i, &rune);
        if (rune >= 'A' && rune <= 'Z') rune += 'a' - 'A';
        if (rune == 0x2019 || rune == 0x2BC) rune = '\'';
        length += text_put(folded + length, rune);
    }
    return (struct span){folded, length};
}

/* Searches all phrases, because there are few. The first one that matches decides. */
enum chatter chatter_of(const struct table *phrases, struct span text) {
    char folded[LONGEST];
    struct span beginning = fold_beginning(span_trim(text), folded);
    for (size_t i = 0; i < phrases->count; i++) {
        const struct row *row = &phrases->rows[i];
        if (!span_starts(beginning, row->cells[1])) continue;
        return span_is(row->cells[0], "refusal") ? CHATTER_REFUSAL : CHATTER_TALK;
    }
    return CHATTER_NONE;
}
