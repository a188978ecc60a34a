#include "pipeline/store/move_rows.h"

#include <stdio.h>
#include <string.h>

#include "pipeline/store/database_postgresql.h"
#include "pipeline/store/store_internal.h"

/* FETCHED: rows that a server sends at a time. BATCH_ROWS and BATCH_BYTES: what it is sent at a time. */
enum { FETCHED = 200, BATCH_ROWS = 2000, BATCH_BYTES = 4 << 20, SQL_LIMIT = 1 << 16, COLUMN_LIMIT = 1 << 30 };

/* ---------------------------------------------------------------- reading */

/* The rows of a SELECT on a server would all be in memory at once, those of a cursor are not. */
static bool declare_cursor(struct store *store, const struct buffer *select) {
    struct buffer script = BUFFER(SQL_LIMIT);
    buffer_print(&script, "DECLARE moved NO SCROLL CURSOR FOR %s", select->at);
    bool done = database_run(store->database, script.at);
    buffer_free(&script);
    return done;
}

bool move_reader_open(struct store *source, const struct moved_table *table, struct move_reader *ret_reader,
                      struct failure *ret_failure) {
    char fetch[40];
    struct buffer select = BUFFER(SQL_LIMIT);
    buffer_add_string(&select, "SELECT ");
    move_tables_add_columns(table, &select);
    buffer_print(&select, " FROM \"%s\"", table->name);
    if (table->newest_first) buffer_print(&select, " ORDER BY \"%s\" DESC", table->newest_first);
    snprintf(fetch, sizeof fetch, "FETCH %d FROM moved", FETCHED);
    bool remote = store_is_remote(source);
    *ret_reader = (struct move_reader){.store = source};
    if (!remote || declare_cursor(source, &select))
        ret_reader->current = database_prepare(source->database, remote ? fetch : select.at);
    buffer_free(&select);
    return ret_reader->current || store_fail(source, ret_failure);
}

enum statement_result move_reader_next(struct move_reader *reader, struct failure *ret_failure) {
    enum statement_result result = statement_step(reader->current);
    if (result == STATEMENT_DONE && reader->fetched == FETCHED) {
        reader->fetched = 0;
        statement_reset(reader->current);
        result = statement_step(reader->current);
    }
    if (result == STATEMENT_FAILED) store_fail(reader->store, ret_failure);
    if (store_is_remote(reader->store)) reader->fetched++;
    return result;
}

void move_reader_close(struct move_reader *reader) {
    statement_free(reader->current);
    if (reader->current && store_is_remote(reader->store)) database_run(reader->store->database, "CLOSE moved");
}

/* ---------------------------------------------------------------- the statement that writes */

static bool is_summed(const struct moved_table *table, const struct moved_column *column) {
    return table->adds_up && column->kind == MOVED_INTEGER;
}

static void add_conflict(const struct moved_table *table, struct buffer *out) {
    const char *separator = "";
    if (!table->adds_up) {
        buffer_add_string(out, " ON CONFLICT DO NOTHING");
        return;
    }
    buffer_print(out, " ON CONFLICT (%s) DO UPDATE SET ", table->key);
    for (const struct moved_column *column = table->columns; column < table->columns + table->column_count; column++) {
        if (!is_summed(table, column)) continue;
        buffer_print(out, "%s\"%s\" = \"%s\".\"%s\" + excluded.\"%s\"", separator, column->name, table->name,
                     column->name, column->name);
        separator = ", ";
    }
}

static void add_values(const struct moved_table *table, struct buffer *out) {
    buffer_add_string(out, " VALUES (");
    for (size_t i = 0; i < table->column_count; i++) buffer_print(out, "%s?%zu", i ? ", " : "", i + 1);
    buffer_add_string(out, ")");
}

/* Rows with the same key must not be in one INSERT that adds them up, so they are added up before. */
static void add_selected(const struct moved_table *table, struct buffer *out) {
    buffer_add_string(out, " OVERRIDING SYSTEM VALUE SELECT ");
    for (size_t i = 0; i < table->column_count; i++)
        buffer_print(out, is_summed(table, &table->columns[i]) ? "%sCAST(sum(\"%s\") AS BIGINT)" : "%s\"%s\"",
                     i ? ", " : "", table->columns[i].name);
}

static void add_grouping(const struct moved_table *table, struct buffer *out) {
    const char *separator = " GROUP BY ";
    for (size_t i = 0; table->adds_up && i < table->column_count; i++) {
        if (is_summed(table, &table->columns[i])) continue;
        buffer_print(out, "%s\"%s\"", separator, table->columns[i].name);
        separator = ", ";
    }
}

static void add_arrays(const struct moved_table *table, struct buffer *out) {
    static const char *const types[] = {"BIGINT", "TEXT", "BYTEA"};
    add_selected(table, out);
    buffer_add_string(out, " FROM unnest(");
    for (size_t i = 0; i < table->column_count; i++)
        buffer_print(out, "%sCAST(?%zu AS %s[])", i ? ", " : "", i + 1, types[table->columns[i].kind]);
    buffer_add_string(out, ") AS moved (");
    move_tables_add_columns(table, out);
    buffer_add_string(out, ")");
    add_grouping(table, out);
}

static struct statement *prepare_insert(struct store *store, const struct moved_table *table) {
    struct buffer insert = BUFFER(SQL_LIMIT);
    buffer_print(&insert, "INSERT INTO \"%s\" (", table->name);
    move_tables_add_columns(table, &insert);
    buffer_add_string(&insert, ")");
    if (store_is_remote(store))
        add_arrays(table, &insert);
    else
        add_values(table, &insert);
    add_conflict(table, &insert);
    struct statement *statement = database_prepare(store->database, insert.at);
    buffer_free(&insert);
    return statement;
}

/* ---------------------------------------------------------------- arrays */

/* PostgreSQL's binary form of an array: the number of dimensions, whether there are NULLs, the number of the type, the
 * number of elements and that of the first one; then the length of each element, and its bytes. All numbers have 32
 * bits, the most significant byte first. */
enum { ARRAY_COUNT_AT = 12, ARRAY_HEADER = 20, INTEGER_BYTES = 8 };

static void put_number(char *to, uint64_t number, size_t bytes) {
    for (size_t i = bytes; i-- > 0; number >>= 8) to[i] = (char)(number & 0xFF);
}

static void add_number(struct buffer *out, uint64_t number, size_t bytes) {
    char room[INTEGER_BYTES];
    put_number(room, number, bytes);
    buffer_add(out, room, bytes);
}

static void begin_array(struct buffer *out, enum moved_kind kind) {
    static const unsigned types[] = {20, 25, 17}; /* int8, text, bytea */
    const unsigned header[] = {1, 0, types[kind], 0, 1};
    buffer_clear(out);
    for (size_t i = 0; i < sizeof header / sizeof *header; i++) add_number(out, header[i], 4);
}

static void add_element(struct buffer *out, struct span bytes) {
    add_number(out, bytes.length, 4);
    buffer_add_span(out, bytes);
}

static struct span clean_text(struct move_writer *writer, struct span text) {
    if (database_postgresql_takes(text)) return text;
    writer->changed_texts++;
    return database_postgresql_clean(text, &writer->clean);
}

static void add_to_array(struct move_writer *writer, struct statement *row, size_t column) {
    struct buffer *out = &writer->columns[column];
    enum moved_kind kind = writer->table->columns[column].kind;
    size_t before = out->length;
    if (kind == MOVED_INTEGER) {
        add_number(out, INTEGER_BYTES, 4);
        add_number(out, (uint64_t)statement_integer(row, (int)column), INTEGER_BYTES);
    } else {
        struct span bytes = statement_bytes(row, (int)column);
        add_element(out, kind == MOVED_TEXT ? clean_text(writer, bytes) : bytes);
    }
    writer->bytes += out->length - before;
}

static void begin_batch(struct move_writer *writer) {
    writer->rows = writer->bytes = 0;
    for (size_t i = 0; i < writer->table->column_count; i++)
        begin_array(&writer->columns[i], writer->table->columns[i].kind);
}

static bool run_insert(struct move_writer *writer, struct failure *ret_failure) {
    return store_run(writer->store, writer->insert, ret_failure);
}

static bool send_batch(struct move_writer *writer, struct failure *ret_failure) {
    for (size_t i = 0; i < writer->table->column_count; i++) {
        struct buffer *array = &writer->columns[i];
        if (array->full)
            return failure_fatal(ret_failure, EXIT_IO, "a row of the table %s is too large to be moved",
                                 writer->table->name);
        put_number(array->at + ARRAY_COUNT_AT, writer->rows, 4);
        statement_bind_bytes(writer->insert, (int)i + 1, buffer_span(array));
    }
    bool done = run_insert(writer, ret_failure);
    begin_batch(writer);
    return done;
}

static bool put_into_batch(struct move_writer *writer, struct statement *row, struct failure *ret_failure) {
    for (size_t i = 0; i < writer->table->column_count; i++) add_to_array(writer, row, i);
    writer->rows++;
    return (writer->rows < BATCH_ROWS && writer->bytes < BATCH_BYTES) || send_batch(writer, ret_failure);
}

/* ---------------------------------------------------------------- writing */

bool move_writer_open(struct store *target, const struct moved_table *table, struct move_writer *ret_writer,
                      struct failure *ret_failure) {
    *ret_writer = (struct move_writer){.store = target, .table = table, .clean = BUFFER(COLUMN_LIMIT)};
    for (size_t i = 0; i < MOVE_COLUMNS; i++) ret_writer->columns[i] = BUFFER(COLUMN_LIMIT);
    begin_batch(ret_writer);
    ret_writer->insert = prepare_insert(target, table);
    return ret_writer->insert || store_fail(target, ret_failure);
}

static void bind_column(struct move_writer *writer, struct statement *row, size_t column) {
    int index = (int)column + 1;
    switch (writer->table->columns[column].kind) {
    case MOVED_INTEGER:
        statement_bind_integer(writer->insert, index, statement_integer(row, (int)column));
        return;
    case MOVED_TEXT:
        statement_bind_text(writer->insert, index, statement_bytes(row, (int)column));
        return;
    case MOVED_BYTES:
        statement_bind_bytes(writer->insert, index, statement_bytes(row, (int)column));
        return;
    }
}

bool move_writer_put(struct move_writer *writer, struct statement *row, struct failure *ret_failure) {
    if (store_is_remote(writer->store)) return put_into_batch(writer, row, ret_failure);
    for (size_t i = 0; i < writer->table->column_count; i++) bind_column(writer, row, i);
    return run_insert(writer, ret_failure);
}

bool move_writer_end(struct move_writer *writer, struct failure *ret_failure) {
    return writer->rows == 0 || send_batch(writer, ret_failure);
}

void move_writer_close(struct move_writer *writer) {
    statement_free(writer->insert);
    for (size_t i = 0; i < MOVE_COLUMNS; i++) buffer_free(&writer->columns[i]);
    buffer_free(&writer->clean);
}
