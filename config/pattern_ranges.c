#include "config/pattern_ranges.h"

/* This limit prevents a pattern of a few bytes from expanding to megabytes. Even the largest alphabets have far fewer
 * characters. */
enum { MAX_RANGE = 1000, ASCII_END = 0x80 };

struct expander {
    struct span text;
    size_t at;
    struct buffer *out;
};

static bool is_at(const struct expander *expander, size_t ahead, char byte) {
    return expander->at + ahead < expander->text.length && expander->text.at[expander->at + ahead] == byte;
}

static void copy(struct expander *expander, size_t bytes) {
    struct span piece = span_cut(expander->text, expander->at, expander->at + bytes);
    buffer_add_span(expander->out, piece);
    expander->at += piece.length;
}

/* Copies a class, collating symbol or equivalence class: "[:alpha:]", "[.x.]", "[=e=]". A ']' in it does not close the
 * brackets. If the class itself is not closed, the rest is copied and regcomp() reports the error. */
static void copy_named(struct expander *expander) {
    char end[2] = {expander->text.at[expander->at + 1], ']'};
    struct span rest = span_cut(expander->text, expander->at + 2, expander->text.length);
    size_t length = span_find(rest, (struct span){end, 2});
    copy(expander, length == SIZE_MAX ? rest.length + 2 : length + 4);
}

static bool is_named(const struct expander *expander) {
    return is_at(expander, 0, '[') && (is_at(expander, 1, ':') || is_at(expander, 1, '.') || is_at(expander, 1, '='));
}

/* Copies a character, or expands a range. Ranges within ASCII are left to regcomp(). A '-' before the closing bracket
 * is a character like any other. */
static bool expand_member(struct expander *expander) {
    uint32_t first, last;
    size_t size = text_next(expander->text, expander->at, &first), after = expander->at + size + 1;
    bool range = is_at(expander, size, '-') && after < expander->text.length && expander->text.at[after] != ']' &&
                 expander->text.at[after] != '[';
    size_t last_size = range ? text_next(expander->text, after, &last) : 0;
    if (!range || (first < ASCII_END && last < ASCII_END)) {
        copy(expander, size + (range ? 1 + last_size : 0));
        return true;
    }
    if (last < first || last - first >= MAX_RANGE) return false;
    for (uint32_t rune = first; rune <= last; rune++) buffer_add_rune(expander->out, rune);
    expander->at = after + last_size;
    return true;
}

static bool expand_brackets(struct expander *expander) {
    copy(expander, 1);
    /* POSIX: a ']' at the beginning, or directly after '^', is a member of the set and does not close the brackets. */
    if (is_at(expander, 0, '^')) copy(expander, 1);
    if (is_at(expander, 0, ']')) copy(expander, 1);
    while (expander->at < expander->text.length && !is_at(expander, 0, ']')) {
        if (is_named(expander))
            copy_named(expander);
        else if (!expand_member(expander))
            return false;
    }
    copy(expander, 1);
    return true;
}

bool pattern_expand_ranges(struct span expression, struct buffer *ret_expanded) {
    struct expander expander = {.text = expression, .out = ret_expanded};
    while (expander.at < expression.length) {
        if (is_at(&expander, 0, '\\'))
            copy(&expander, 2);
        else if (!is_at(&expander, 0, '['))
            copy(&expander, 1);
        else if (!expand_brackets(&expander))
            return false;
    }
    return !ret_expanded->full;
}
