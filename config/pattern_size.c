#include "config/pattern_size.h"

#include <stdint.h>

enum { TOO_MANY = PATTERN_SIZE_LIMIT + 1, MOST_GROUPS = 1000 };

static size_t limited(size_t size) {
    return size < TOO_MANY ? size : TOO_MANY;
}

/* Skips a bracket expression behind its "[". A "]" at its beginning stands for itself, and classes have brackets of
 * their own. */
static size_t skip_brackets(struct span text, size_t at) {
    if (at < text.length && text.at[at] == '^') at++;
    if (at < text.length && text.at[at] == ']') at++;
    while (at < text.length && text.at[at] != ']') {
        bool opens = text.at[at] == '[' && at + 1 < text.length && text.at[at + 1] == ':';
        size_t end = opens ? span_find(span_cut(text, at, text.length), SPAN(":]")) : SIZE_MAX;
        at += end == SIZE_MAX ? 1 : end + 2;
    }
    return at + 1;
}

/* Reads "m}", "m,}" or "m,n}" and returns how often the C library writes the part out at most. */
static size_t read_repeat(struct span text, size_t *at) {
    size_t number = 0, largest = 0;
    for (; *at < text.length && text.at[*at] != '}'; ++*at) {
        char c = text.at[*at];
        number = c >= '0' && c <= '9' ? limited(10 * number + (size_t)(c - '0')) : 0;
        if (number > largest) largest = number;
    }
    ++*at;
    return largest + 1;
}

size_t pattern_size(struct span expression) {
    /* For every open group, its size so far; and the size of the last part, which a repetition applies to. */
    size_t sizes[MOST_GROUPS + 1] = {0}, depth = 0, part = 0;
    for (size_t at = 0; at < expression.length;) {
        char c = expression.at[at++];
        if (c == '(' && depth < MOST_GROUPS) {
            sizes[++depth] = 0;
        } else if (c == '{' || c == '+') {
            size_t repeat = c == '+' ? 2 : read_repeat(expression, &at);
            sizes[depth] = limited(sizes[depth] + part * (repeat - 1));
            part = limited(part * repeat);
        } else if (c == ')' && depth > 0) {
            part = limited(sizes[depth--] + 1);
            sizes[depth] = limited(sizes[depth] + part);
        } else if (c != '*' && c != '?') {
            at = c == '\\' ? at + 1 : c == '[' ? skip_brackets(expression, at) : at;
            sizes[depth] = limited(sizes[depth] + (part = 1));
        }
    }
    for (; depth > 0; depth--) sizes[depth - 1] = limited(sizes[depth - 1] + sizes[depth]);
    return sizes[0];
}
