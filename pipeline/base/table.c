#include "pipeline/base/table.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "pipeline/base/file.h"

/* Far more than any table needs; protects against a wrong path. */
enum { TABLE_LIMIT = 16 << 20 };

/* Tables come with the program, so a table that is missing means a broken installation. */
static bool read_text(const char *path, struct buffer *text, struct failure *ret_failure) {
    if (!file_read(path, text))
        return failure_fatal(ret_failure, EXIT_CONFIG,
                             "cannot read the table %s: %s; if the file is missing, reinstall dragoman", path,
                             strerror(errno));
    if (text->full || !text_valid(buffer_span(text)))
        return failure_fatal(ret_failure, EXIT_CONFIG, "the table %s is too large or not UTF-8", path);
    return true;
}

/* Cells are trimmed, so that tables may be aligned with spaces. */
static void add_row(struct table *table, struct span line) {
    struct row *row = &table->rows[table->count++];
    *row = (struct row){.count = 0};
    struct span cell;
    while (row->count < TABLE_COLUMNS && span_next(&line, '\t', &cell)) row->cells[row->count++] = span_trim(cell);
}

/* Takes the row "rows 120" off the front of the table. */
static bool take_declaration(struct table *table, struct failure *ret_failure) {
    long long declared;
    if (table->count == 0 || !span_is(table->rows[0].cells[0], "rows")) return true;
    if (!span_number(table->rows[0].cells[1], &declared) || declared <= 0)
        return failure_fatal(ret_failure, EXIT_CONFIG, "tables/%s: the row 'rows' must have a number, not '%.*s'",
                             table->name, SPAN_ARGS(table->rows[0].cells[1]));
    table->declared = (size_t)declared;
    table->rows++;
    table->count--;
    if (table->count >= table->declared) return true;
    return failure_fatal(
        ret_failure, EXIT_CONFIG,
        "tables/%s has %zu row%s instead of %zu: a part of it is missing; reinstall dragoman, or correct "
        "its row 'rows' if you removed rows",
        table->name, table->count, PLURAL(table->count), table->declared);
}

bool table_require_rows(const struct table *table, struct failure *ret_failure) {
    if (table->declared) return true;
    return failure_fatal(
        ret_failure, EXIT_CONFIG,
        "tables/%s does not begin with the row 'rows' and the number of its rows: it is empty or a part "
        "of it is missing; reinstall dragoman",
        table->name);
}

static bool is_row(struct span line) {
    return span_trim(line).length && line.at[0] != '#';
}

/* Counts the rows first: what a growing array leaves behind in an arena is as large as the array. */
static void read_rows(struct table *table, struct arena *arena, struct span text) {
    struct span line;
    size_t count = 0;
    for (struct span rest = text; span_next(&rest, '\n', &line);) count += is_row(line);
    table->rows = arena_take(arena, count * sizeof *table->rows);
    while (span_next(&text, '\n', &line))
        if (is_row(line)) add_row(table, line);
}

bool table_read(const char *data_folder, const char *name, struct arena *arena, struct table *ret_table,
                struct failure *ret_failure) {
    /* Read into a buffer first: the size of the file is not known in advance. */
    struct buffer text = BUFFER(TABLE_LIMIT);
    struct span path = arena_print(arena, "%s/tables/%s", data_folder, name);
    bool done = read_text(path.at, &text, ret_failure);
    struct table table = {.name = arena_string(arena, span_of(name))};
    /* The rows point into this copy, which the arena keeps. */
    if (done) read_rows(&table, arena, arena_copy(arena, buffer_span(&text)));
    buffer_free(&text);
    done = done && take_declaration(&table, ret_failure);
    if (done) *ret_table = table;
    return done;
}

/* Reads what nearly all cells have, such as "-0.0123": digits with or without a point. With at most 15 digits, they and
 * the power of ten are exact, and dividing them rounds as strtod() does. Returns false for anything else. */
static bool read_simple_decimal(struct span cell, double *ret_number) {
    static const double powers[] = {1e0, 1e1, 1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                    1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15};
    enum { MOST_DIGITS = sizeof powers / sizeof *powers - 1 };
    size_t digits = 0, decimals = 0;
    uint64_t value = 0;
    bool is_negative = cell.at[0] == '-', has_point = false;
    for (size_t i = is_negative; i < cell.length; i++) {
        char c = cell.at[i];
        bool is_digit = c >= '0' && c <= '9', is_point = c == '.' && !has_point;
        if ((!is_digit && !is_point) || digits > MOST_DIGITS) return false;
        has_point = has_point || is_point;
        if (is_point) continue;
        value = value * 10 + (uint64_t)(c - '0');
        digits++;
        decimals += has_point;
    }
    if (digits == 0 || digits > MOST_DIGITS) return false;
    double number = (double)value / powers[decimals];
    *ret_number = is_negative ? -number : number;
    return true;
}

/* The text after a cell is a tab, a newline or the NUL at the end of the table, none of which is part of a number. */
bool row_decimal(const struct row *row, size_t column, double *ret_number) {
    if (column >= row->count || row->cells[column].length == 0) return false;
    if (read_simple_decimal(row->cells[column], ret_number)) return true;
    char *end;
    double number = strtod(row->cells[column].at, &end);
    if (end != row->cells[column].at + row->cells[column].length || !isfinite(number)) return false;
    *ret_number = number;
    return true;
}
