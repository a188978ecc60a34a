#include "stages/translate/placeholders.h"

#include <string.h>

enum { LENGTH = 4 };

/* Writes ZQAX for 0, ZQBX for 1 and so on: rare combinations of letters that do not occur in words, and in capitals,
 * like an abbreviation. */
static void write_placeholder(size_t number, char ret_text[LENGTH]) {
    memcpy(ret_text, "ZQAX", LENGTH);
    ret_text[2] = (char)('A' + number);
}

/* Returns the position of a placeholder, in upper or lower case, at or after `from`; or SIZE_MAX. */
static size_t find(struct span text, size_t from, size_t number) {
    char wanted[LENGTH];
    write_placeholder(number, wanted);
    for (size_t i = from; i + LENGTH <= text.length; i++)
        if (span_equal_ascii_fold(span_cut(text, i, i + LENGTH), (struct span){wanted, LENGTH})) return i;
    return SIZE_MAX;
}

static bool has_any(struct span text, size_t count) {
    for (size_t i = 0; i < count; i++)
        if (find(text, 0, i) != SIZE_MAX) return true;
    return false;
}

/* A text that already contains a word like a placeholder is sent unchanged, because that word could not be told apart
 * from the placeholders. */
struct span placeholders_put(struct span text, const struct term_match *matches, size_t count, struct arena *arena) {
    if (count == 0 || has_any(text, count)) return text;
    struct buffer out = BUFFER(SIZE_MAX / 4);
    size_t at = 0;
    for (size_t i = 0; i < count; i++) {
        char placeholder[LENGTH];
        write_placeholder(i, placeholder);
        buffer_add_span(&out, span_cut(text, at, matches[i].at));
        buffer_add(&out, placeholder, LENGTH);
        at = matches[i].at + matches[i].length;
    }
    buffer_add_span(&out, span_cut(text, at, text.length));
    struct span put = arena_copy(arena, buffer_span(&out));
    buffer_free(&out);
    return put;
}

/* Appends the English term, with a capital first letter if it begins the text. */
static void add_term(struct buffer *out, struct span term) {
    bool first = out->length == 0 && term.length;
    char initial = first ? term.at[0] : 0;
    if (initial >= 'a' && initial <= 'z') {
        initial = (char)(initial - 'a' + 'A');
        buffer_add(out, &initial, 1);
        term = span_cut(term, 1, term.length);
    }
    buffer_add_span(out, term);
}

/* Returns the number of the placeholder at this position, or SIZE_MAX. */
static size_t number_at(struct span text, size_t at, size_t count) {
    if ((text.at[at] | 32) != 'z') return SIZE_MAX;
    for (size_t i = 0; i < count; i++)
        if (find(span_cut(text, at, at + LENGTH), 0, i) == 0) return i;
    return SIZE_MAX;
}

/* Each placeholder must occur exactly once. If one is missing or repeated, part of the sentence was not translated
 * properly. */
bool placeholders_take(struct span target, const struct term_match *matches, size_t count, struct arena *arena,
                       struct span *ret_target) {
    for (size_t i = 0; i < count; i++) {
        size_t at = find(target, 0, i);
        if (at == SIZE_MAX || find(target, at + 1, i) != SIZE_MAX) return false;
    }
    struct buffer out = BUFFER(SIZE_MAX / 4);
    for (size_t at = 0; at < target.length;) {
        size_t number = number_at(target, at, count);
        if (number == SIZE_MAX) {
            buffer_add(&out, target.at + at++, 1);
            continue;
        }
        add_term(&out, matches[number].term->target);
        at += LENGTH;
    }
    *ret_target = arena_copy(arena, buffer_span(&out));
    buffer_free(&out);
    return true;
}
