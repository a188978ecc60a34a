#include "stages/extract/words.h"

#include <stdint.h>

static bool is_edge(struct span name, size_t position) {
    if (position >= name.length) return true;
    char c = name.at[position];
    return c == ' ' || c == '-' || c == '_' || c == '\t' || c == '\n';
}

static bool stands_in(struct span name, struct span word) {
    for (size_t from = 0; from < name.length;) {
        size_t found = span_find(span_cut(name, from, name.length), word);
        if (found == SIZE_MAX) return false;
        size_t start = from + found;
        if ((start == 0 || is_edge(name, start - 1)) && is_edge(name, start + word.length)) return true;
        from = start + 1;
    }
    return false;
}

size_t words_find(const struct table *words, struct span name) {
    if (name.length == 0) return SIZE_MAX;
    for (size_t i = 0; i < words->count; i++)
        if (stands_in(name, words->rows[i].cells[0])) return i;
    return SIZE_MAX;
}
