#include "pipeline/base/table.h"

#include <errno.h>
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
static void add_row(struct table *table, struct arena *arena, struct span line) {
    table->rows = arena_grow(arena, table->rows, table->count, &table->capacity, sizeof *table->rows);
    struct row *row = &table->rows[table->count++];
    *row = (struct row){.count = 0};
    struct span cell;
    while (row->count < TABLE_COLUMNS && span_next(&line, '\t', &cell)) row->cells[row->count++] = span_trim(cell);
}

bool table_read(const char *data_folder, const char *name, struct arena *arena, struct table *ret_table,
                struct failure *ret_failure) {
    /* Read into a buffer first: the size of the file is not known in advance. */
    struct buffer text = BUFFER(TABLE_LIMIT);
    struct span path = arena_print(arena, "%s/tables/%s", data_folder, name);
    bool done = read_text(path.at, &text, ret_failure);
    struct table table = {.name = arena_string(arena, span_of(name))};
    /* The rows point into this copy, which the arena keeps. */
    struct span rest = done ? arena_copy(arena, buffer_span(&text)) : SPAN(""), line;
    while (span_next(&rest, '\n', &line))
        if (span_trim(line).length && line.at[0] != '#') add_row(&table, arena, line);
    buffer_free(&text);
    if (done) *ret_table = table;
    return done;
}
