#include "stages/segment/items.h"

#include <string.h>

#include "stages/language/unicode.h"

enum { MAX_LABEL = 4, REACH = 12, MAX_SPACES = 2 }; /* bytes */

/* Skips a few spaces. There are no longer gaps in the label of a list item. */
static size_t skip_spaces(const struct marks *marks, struct span text, size_t position) {
    uint32_t rune;
    for (int i = 0; i < MAX_SPACES && position < text.length; i++) {
        size_t size = text_next(text, position, &rune);
        if (marks_of(marks, rune) != MARK_SPACE) break;
        position += size;
    }
    return position;
}

/* Reads a bullet, if there is one, and the spaces after it. */
static size_t read_bullet(const struct marks *marks, struct span text, size_t position, struct item *item) {
    uint32_t rune;
    size_t size = text_next(text, position, &rune);
    if (marks_of(marks, rune) != MARK_BULLET) return position;
    item->bullet = rune;
    return skip_spaces(marks, text, position + size);
}

/* Returns the value of a Roman numeral from "i" to "xxxix", or 0 for any other text. */
static unsigned roman_value(struct span sign) {
    static const char *const ones[] = {"", "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix"};
    unsigned tens = 0;
    while (tens < 3 && tens < sign.length && (sign.at[tens] | 32) == 'x') tens++;
    for (unsigned i = 0; i < 10; i++)
        if (span_is_ascii_fold(span_cut(sign, tens, sign.length), ones[i])) return tens * 10 + i;
    return 0;
}

/* Reads the number, single letter or Roman numeral of a label. */
static bool read_label(struct span sign, struct item *item) {
    long long number;
    if (span_number(sign, &number)) {
        item->number = number >= 0 ? (unsigned)number : 0;
        return true;
    }
    uint32_t rune = 0;
    bool single = sign.length && text_next(sign, 0, &rune) == sign.length;
    /* "i" is both a letter and a Roman numeral; the next item will show which of these is meant */
    item->letter = single && rune_is_letter(rune) ? rune_fold(rune) : 0;
    item->capital = rune_is_upper(rune);
    item->roman = roman_value(sign);
    return item->letter || item->roman;
}

/* Returns the end of the number or letter of a label. Reads one character more than a label may have, so that a longer
 * word is not mistaken for one. */
static size_t label_end(struct span text, size_t begin) {
    size_t end = begin;
    uint32_t rune;
    while (end < text.length && end - begin <= MAX_LABEL) {
        size_t size = text_next(text, end, &rune);
        if (!rune_is_word(rune)) break;
        end += size;
    }
    return end;
}

static size_t read_closing(struct span text, size_t position, struct item *item) {
    if (position < text.length && text.at[position] == '.') item->point = true, position++;
    if (position < text.length && text.at[position] == ')') item->closed = true, position++;
    return position;
}

bool items_read(const struct marks *marks, struct span text, size_t position, struct item *ret_item) {
    struct item item = {0};
    uint32_t rune = 0;
    size_t begin = position < text.length ? read_bullet(marks, text, position, &item) : position;
    item.bracketed = begin < text.length && text.at[begin] == '(';
    begin += item.bracketed;
    size_t end = label_end(text, begin);
    struct item numbered = item;
    size_t after = read_closing(text, end, &numbered);
    if (after < text.length) text_next(text, after, &rune);
    bool is_numbered = end - begin <= MAX_LABEL && read_label(span_cut(text, begin, end), &numbered) &&
                       (numbered.point || numbered.closed) && marks_of(marks, rune) == MARK_SPACE;
    numbered.end = skip_spaces(marks, text, after);
    *ret_item = is_numbered ? numbered : item;
    return is_numbered || item.bullet;
}

size_t items_begin(const struct marks *marks, struct span text, size_t mark) {
    /* the limit keeps the total time linear */
    size_t begin = mark;
    uint32_t rune;
    while (begin > 0 && mark - begin < REACH) {
        size_t size = text_previous(text, begin, &rune);
        enum mark before = marks_of(marks, rune);
        if (before == MARK_SPACE || before == MARK_LINE) return begin;
        begin -= size;
    }
    return begin == 0 ? 0 : SIZE_MAX;
}

/* Returns whether the number of `next` follows that of `before`. Capitals count as numbers only before a bracket,
 * because "A. Hale met B. Lund" and "I. Endre után II. Endre" are not lists. */
static bool counts_on(const struct item *before, const struct item *next) {
    if (before->number || next->number) return next->number == before->number + 1;
    if (before->capital != next->capital || (next->capital && !next->closed)) return false;
    return (before->letter && next->letter == before->letter + 1) ||
           (before->roman && next->roman == before->roman + 1);
}

bool items_follow(const struct item *before, const struct item *next) {
    if (before->bullet) return before->bullet == next->bullet;
    if (next->bullet || before->bracketed != next->bracketed) return false;
    return before->point == next->point && before->closed == next->closed && counts_on(before, next);
}
