#include "stages/segment/notes.h"

#include <string.h>

enum { MAX_NOTE = 24, MAX_DIGITS = 3, MAX_NOTES = 6 };

/* Reads a reference such as "[7]". It must not contain certain punctuation marks, because "[...]" marks an omission. */
size_t notes_bracketed(const struct marks *marks, struct span text, size_t position) {
    size_t end = position + 1;
    uint32_t rune;
    if (position >= text.length || text.at[position] != '[') return 0;
    while (end < text.length && end - position < MAX_NOTE && text.at[end] != ']') {
        size_t size = text_next(text, end, &rune);
        enum mark mark = marks_of(marks, rune);
        if (mark == MARK_OPEN || mark == MARK_LINE || mark == MARK_PAUSE || mark == MARK_POINT) return 0;
        end += size;
    }
    return end - position > 1 && end < text.length && text.at[end] == ']' ? end + 1 : 0;
}

/* Returns the end of a number of at most MAX_DIGITS digits, or `position`. Longer numbers are years or amounts. */
static size_t skip_figures(struct span text, size_t position) {
    size_t end = position;
    while (end < text.length && text.at[end] >= '0' && text.at[end] <= '9') end++;
    return end - position <= MAX_DIGITS ? end : position;
}

static bool is_blank_at(const struct marks *marks, struct span text, size_t position) {
    uint32_t rune;
    if (position >= text.length) return true;
    text_next(text, position, &rune);
    return marks_of(marks, rune) == MARK_SPACE || marks_of(marks, rune) == MARK_LINE;
}

size_t notes_figures(const struct marks *marks, struct span text, size_t position) {
    static const char between[] = {' ', ',', '-'};
    size_t end = skip_figures(text, position), next = end;
    for (int i = 1; i < MAX_NOTES && next > position && next + 1 < text.length; i++) {
        if (!memchr(between, text.at[next], sizeof between)) break;
        size_t more = skip_figures(text, next + 1);
        if (more == next + 1) break;
        next = more;
        if (is_blank_at(marks, text, next)) end = next;
    }
    return end > position && is_blank_at(marks, text, end) ? end : 0;
}
