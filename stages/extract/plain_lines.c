#include "stages/extract/plain_lines.h"

#include <stdint.h>
#include <string.h>

#include "stages/language/unicode.h"

enum {
    NARROWEST = 40, /* min. width in columns at which a text may be wrapped */
    WIDEST = 100,
    SLACK = 6,     /* tolerance in columns, because programs measure width differently */
    MIN_WRAPS = 2, /* min. number of full lines that indicate wrapping */
    DEEPEST_QUOTE = 20
};

/* Removes quote marks, written as ">> text" or "> > text", and counts them. */
static struct span unquote(struct span line, unsigned *quoted) {
    while (line.length && line.at[0] == '>' && *quoted < DEEPEST_QUOTE) {
        ++*quoted;
        line = span_trim(span_cut(line, 1, line.length));
    }
    return line;
}

/* Quote marks (">") may be preceded and separated by spaces. */
struct lines lines_cut(struct span text, struct arena *arena) {
    struct lines lines = {0};
    struct span piece;
    bool gap = true;
    while (span_next(&text, '\n', &piece)) {
        struct plain_line line = {.gap = gap};
        line.text = text_trim(unquote(text_trim(piece), &line.quoted));
        gap = line.text.length == 0;
        if (gap) continue;
        line.columns = text_columns(line.text);
        lines.all = arena_grow(arena, lines.all, lines.count, &lines.capacity, sizeof *lines.all);
        lines.all[lines.count++] = line;
    }
    return lines;
}

size_t line_list_mark(struct span line) {
    static const char *const marks[] = {"- ", "* ", "• ", "· ", "– ", "▪ ", "● "};
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
        if (span_starts(line, span_of(marks[i]))) return strlen(marks[i]);
    return 0;
}

/* ---------------------------------------------------------------- hard-wrapped lines */

/* Returns the width of the first part that wrapping cannot split: a word, or one character of a script without spaces.
 */
static size_t first_word(struct span text) {
    uint32_t rune;
    if (text_next(text, 0, &rune) && rune_columns(rune) == 2) return 2;
    size_t end = 0;
    while (end < text.length && text.at[end] != ' ') end++;
    return text_columns(span_cut(text, 0, end));
}

/* Returns true if the next line may continue this one: no empty line, change of quote level or list marker separates
 * them. */
static bool are_neighbours(const struct lines *lines, size_t index) {
    const struct plain_line *line = &lines->all[index], *next = line + 1;
    return index + 1 < lines->count && !next->gap && next->quoted == line->quoted && !line_list_mark(next->text);
}

/* Returns true if the first word of the next line would not have fitted on this line. */
static bool is_full(const struct lines *lines, size_t index, size_t width) {
    const struct plain_line *line = &lines->all[index];
    return line->columns + 1 + first_word(line[1].text) + SLACK > width;
}

/* Returns the width at which the text was wrapped, or 0 if it was not. A few longer lines are tolerated, because
 * addresses cannot be wrapped. */
static size_t wrap_width(const struct lines *lines) {
    size_t width = 0, wider = 0, pairs = 0, full = 0;
    for (size_t i = 0; i < lines->count; i++) {
        size_t columns = lines->all[i].columns;
        if (columns > WIDEST)
            wider++;
        else if (columns > width)
            width = columns;
    }
    /* one line in ten may be longer, such as an address; if there are more, the text was not wrapped */
    if (width < NARROWEST || wider * 10 > lines->count) return 0;
    for (size_t i = 0; i + 1 < lines->count; i++) {
        if (!are_neighbours(lines, i)) continue;
        pairs++;
        full += is_full(lines, i, width);
    }
    return full >= MIN_WRAPS && full * 2 > pairs ? width : 0;
}

/* Returns true if no space must be inserted between the lines: East Asian text is wrapped between characters, and a
 * hyphen belongs to a compound or a split word. */
static bool joins_without_space(struct span before, struct span after) {
    uint32_t last, first;
    text_previous(before, before.length, &last);
    text_next(after, 0, &first);
    return (rune_columns(last) == 2 && rune_columns(first) == 2) || last == '-';
}

/* Joins lines. The result has the `gap` flag and the quote level of the first of them. */
static void join(struct lines *lines, size_t from, size_t to, struct plain_line *ret_line, struct arena *arena) {
    struct buffer joined = BUFFER(SIZE_MAX);
    for (size_t i = from; i < to; i++) {
        struct span text = lines->all[i].text;
        if (i > from && !joins_without_space(lines->all[i - 1].text, text)) buffer_add_string(&joined, " ");
        buffer_add_span(&joined, text);
    }
    *ret_line = lines->all[from];
    ret_line->text = arena_copy(arena, buffer_span(&joined));
    ret_line->columns = text_columns(ret_line->text);
    buffer_free(&joined);
}

/* The joined lines are stored at the front of the same array. */
void lines_unwrap(struct lines *lines, struct arena *arena) {
    size_t width = wrap_width(lines), kept = 0;
    for (size_t from = 0, to; width && from < lines->count; from = to) {
        struct plain_line line = lines->all[from];
        for (to = from + 1; to < lines->count && are_neighbours(lines, to - 1) && is_full(lines, to - 1, width);) to++;
        if (to > from + 1) join(lines, from, to, &line, arena);
        lines->all[kept++] = line;
    }
    if (width) lines->count = kept;
}
