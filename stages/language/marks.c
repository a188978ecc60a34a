#include "stages/language/marks.h"

#include <stdlib.h>

/* The names of the classes in the first column of the table. */
static const char *const names[MARK_COUNT] = {
    [MARK_NONE] = "none",   [MARK_POINT] = "point",   [MARK_CALL] = "call",   [MARK_PAUSE] = "pause",
    [MARK_END] = "end",     [MARK_FULL] = "full",     [MARK_EXTRA] = "extra", [MARK_PART] = "part",
    [MARK_OPEN] = "open",   [MARK_CLOSE] = "close",   [MARK_QUOTE] = "quote", [MARK_LINE] = "line",
    [MARK_MARK] = "mark",   [MARK_BEFORE] = "before", [MARK_DASH] = "dash",   [MARK_BULLET] = "bullet",
    [MARK_SPACE] = "space", [MARK_COMMA] = "comma",   [MARK_NOTE] = "note"};

/* Reads a character in a table cell. The form U+XXXX is for control characters and spaces, which a cell cannot contain.
 */
uint32_t marks_rune(struct span written) {
    uint32_t rune = 0;
    char digits[8] = "";
    if (written.length == 6 && span_starts(written, SPAN("U+"))) {
        text_put(digits, 0);
        for (size_t i = 0; i < 4; i++) digits[i] = written.at[i + 2];
        return (uint32_t)strtoul(digits, NULL, 16);
    }
    if (written.length) text_next(written, 0, &rune);
    return rune;
}

/* Sets the class of a character. If marks_find() stops at the class (all classes up to MARK_LINE), also stores the
 * first two bytes of the character. */
static void add_mark(struct marks *marks, uint32_t rune, enum mark mark) {
    char bytes[4];
    size_t size = text_put(bytes, rune);
    marks->of[rune] = (unsigned char)mark;
    if (mark > MARK_LINE) return;
    marks->pages[(unsigned char)bytes[0]] |= size == 1 ? UINT64_MAX : UINT64_C(1) << (bytes[1] & 63);
}

/* Reads a row: the name of a class and its characters, separated by spaces. */
static bool read_row(struct marks *marks, const struct row *row) {
    struct span rest = row->cells[1], one;
    for (int mark = 1; mark < MARK_COUNT; mark++) {
        if (!span_is(row->cells[0], names[mark])) continue;
        while (span_next(&rest, ' ', &one)) {
            uint32_t rune = marks_rune(one);
            /* a character that is in several rows keeps the class of the first row */
            if (rune && rune < 0x10000 && marks->of[rune] == MARK_NONE) add_mark(marks, rune, (enum mark)mark);
        }
        return true;
    }
    return false;
}

/* Reads the table into 64 KiB for direct access, because the class of every character of every text is looked up. */
const struct marks *marks_read(const char *data_folder, struct arena *arena, struct failure *ret_failure) {
    struct marks *marks = arena_take(arena, sizeof *marks);
    struct table table;
    if (!table_read(data_folder, "segment/marks.tsv", arena, &table, ret_failure)) return NULL;
    for (size_t i = 0; i < table.count; i++)
        if (!read_row(marks, &table.rows[i])) {
            failure_fatal(ret_failure, EXIT_CONFIG, "segment/marks.tsv: unknown class '%.*s'",
                          SPAN_ARGS(table.rows[i].cells[0]));
            return NULL;
        }
    return marks;
}

/* Tests two bytes at a time without decoding them, because it stops at very few characters. */
size_t marks_find(const struct marks *marks, struct span text, size_t from) {
    const unsigned char *at = (const unsigned char *)text.at;
    for (size_t i = from; i < text.length; i++) {
        uint64_t page = marks->pages[at[i]];
        if (page && (i + 1 == text.length || page >> (at[i + 1] & 63) & 1)) return i;
    }
    return text.length;
}
