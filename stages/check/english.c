#include "stages/check/english.h"

#include <errno.h>
#include <string.h>

#include "pipeline/base/file.h"

enum { LIST_LIMIT = 8 << 20 };

struct english {
    struct span lines; /* sorted by byte values; every line ends with a line feed */
};

static bool read_list(const char *path, struct buffer *text, struct failure *ret_failure) {
    if (!file_read(path, text))
        return failure_fatal(ret_failure, EXIT_CONFIG, "cannot read the word list %s: %s; is dragoman fully installed?",
                             path, strerror(errno));
    if (text->full || text->length == 0)
        return failure_fatal(ret_failure, EXIT_CONFIG, "the word list %s is empty or larger than %d bytes", path,
                             LIST_LIMIT);
    return true;
}

bool english_read(const char *data_folder, const char *name, struct arena *arena, struct english **ret_english,
                  struct failure *ret_failure) {
    struct buffer text = BUFFER(LIST_LIMIT);
    struct span path = arena_print(arena, "%s/tables/check/%s", data_folder, name);
    bool done = read_list(path.at, &text, ret_failure);
    if (done) {
        *ret_english = arena_take(arena, sizeof **ret_english);
        /* a copy, because the buffer that the file was read into is freed */
        (*ret_english)->lines = arena_copy(arena, buffer_span(&text));
        /* the comment lines at the top, which would break the order, are not part of the list */
        while (span_starts((*ret_english)->lines, SPAN("#"))) {
            size_t end = span_find((*ret_english)->lines, SPAN("\n"));
            (*ret_english)->lines =
                span_cut((*ret_english)->lines, end == SIZE_MAX ? (*ret_english)->lines.length : end + 1,
                         (*ret_english)->lines.length);
        }
    }
    buffer_free(&text);
    return done;
}

/* Returns the line that contains `position`, and where it starts. */
static struct span line_around(struct span lines, size_t position, size_t *ret_start) {
    size_t start = position, end = position;
    while (start > 0 && lines.at[start - 1] != '\n') start--;
    while (end < lines.length && lines.at[end] != '\n') end++;
    *ret_start = start;
    return span_cut(lines, start, end);
}

/* Compares byte values, by which the lists are sorted. */
static int compare(struct span a, struct span b) {
    size_t shorter = a.length < b.length ? a.length : b.length;
    int order = memcmp(a.at, b.at, shorter);
    if (order) return order;
    return a.length < b.length ? -1 : a.length > b.length;
}

/* Searches the text of the list itself (binary search), because an index of its lines would need more memory than the
 * list. */
static bool has_line(struct span lines, struct span word) {
    size_t low = 0, high = lines.length, start;
    while (low < high) {
        struct span line = line_around(lines, low + (high - low) / 2, &start);
        int order = compare(word, line);
        if (order == 0) return true;
        if (order < 0)
            high = start;
        else
            low = start + line.length + 1;
    }
    return false;
}

bool english_has(const struct english *english, struct span word) {
    if (word.length == 0) return false;
    if (has_line(english->lines, word)) return true;
    /* the list has no possessives and lacks the plurals of some words */
    if (span_ends(word, SPAN("'s"))) return has_line(english->lines, span_cut(word, 0, word.length - 2));
    return word.length > 3 && span_ends(word, SPAN("s")) &&
           has_line(english->lines, span_cut(word, 0, word.length - 1));
}
