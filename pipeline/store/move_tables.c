#include "pipeline/store/move_tables.h"

#include <stdio.h>
#include <string.h>

#include "pipeline/store/store_internal.h"

/* Tables and columns that say who is at work at the moment. */
static const char *const left_behind[] = {"lease", "session", "article.claimed_by", "article.lease_until"};

/* What is special about some tables. Two keys can become equal when texts are changed for PostgreSQL, and when the
 * target has fewer columns in its key: of sums of money none may be lost, of the rest the newest one counts. */
static const struct table_rule {
    const char *table, *newest_first;
    bool adds_up;
} rules[] = {{"bill", NULL, true},           {"reserved", NULL, true},
             {"told", "at", false},          {"source_health", "last_success", false},
             {"outage", "until", false},     {"mail_reader", "since", false},
             {"mail_thread", "mails", false}};

/* The triggers of PostgreSQL reopen a day when a record is added, so the table of days is copied last, when nothing is
 * added any more. */
static const char columns_of_file[] =
    "SELECT m.name, p.name, p.type, p.pk > 0 FROM sqlite_master m, pragma_table_info(m.name) p WHERE m.type = 'table' "
    "AND substr(m.name, 1, 7) <> 'sqlite_' ORDER BY m.name = 'edition', m.name, p.cid";
static const char columns_of_server[] =
    "SELECT c.relname, a.attname, '', EXISTS (SELECT 1 FROM pg_index i WHERE i.indrelid = c.oid AND i.indisprimary AND "
    "a.attnum = ANY (i.indkey)) FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid WHERE c.relnamespace = "
    "(SELECT oid FROM pg_namespace WHERE nspname = current_schema()) AND c.relkind = 'r' AND a.attnum > 0 AND NOT "
    "a.attisdropped ORDER BY c.relname, a.attnum";

/* ---------------------------------------------------------------- names */

static bool is_left_behind(struct span table, struct span column) {
    char name[2 * MOVE_NAME + 1];
    snprintf(name, sizeof name, "%.*s.%.*s", SPAN_ARGS(table), SPAN_ARGS(column));
    for (size_t i = 0; i < sizeof left_behind / sizeof *left_behind; i++)
        if (span_is(table, left_behind[i]) || strcmp(name, left_behind[i]) == 0) return true;
    return false;
}

static struct moved_table *find_table(struct moved_tables *tables, struct span name) {
    for (size_t i = 0; i < tables->count; i++)
        if (span_is(name, tables->tables[i].name)) return &tables->tables[i];
    return NULL;
}

static struct moved_column *find_column(struct moved_table *table, struct span name) {
    for (size_t i = 0; table && i < table->column_count; i++)
        if (span_is(name, table->columns[i].name)) return &table->columns[i];
    return NULL;
}

/* ---------------------------------------------------------------- the two catalogues */

static enum moved_kind kind_of(struct span type) {
    return span_is(type, "INTEGER") ? MOVED_INTEGER : span_is(type, "BLOB") ? MOVED_BYTES : MOVED_TEXT;
}

static struct moved_table *add_table(struct moved_tables *tables, struct span name) {
    if (tables->count == MOVE_TABLES || name.length >= MOVE_NAME) return NULL;
    struct moved_table *table = &tables->tables[tables->count++];
    snprintf(table->name, sizeof table->name, "%.*s", SPAN_ARGS(name));
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++) {
        if (strcmp(rules[i].table, table->name) != 0) continue;
        table->newest_first = rules[i].newest_first;
        table->adds_up = rules[i].adds_up;
    }
    return table;
}

static bool add_column(struct moved_table *table, struct span name, struct span type) {
    if (!table || table->column_count == MOVE_COLUMNS || name.length >= MOVE_NAME) return false;
    struct moved_column *column = &table->columns[table->column_count++];
    snprintf(column->name, sizeof column->name, "%.*s", SPAN_ARGS(name));
    column->kind = kind_of(type);
    return true;
}

static bool add_key(struct moved_table *table, struct span column) {
    size_t length = strlen(table->key), room = sizeof table->key - length;
    return snprintf(table->key + length, room, "%s\"%.*s\"", length ? ", " : "", SPAN_ARGS(column)) < (int)room;
}

/* Reads one row of the catalogue of a side. The file's comes first and has the types. */
static bool take_column(struct moved_tables *tables, struct statement *row, bool is_file, bool is_target) {
    struct span table_name = statement_bytes(row, 0), name = statement_bytes(row, 1);
    struct moved_table *table = find_table(tables, table_name);
    if (is_left_behind(table_name, name)) return true;
    if (is_file && !table) table = add_table(tables, table_name);
    if (is_file && !add_column(table, name, statement_bytes(row, 2))) return false;
    struct moved_column *column = find_column(table, name);
    if (!is_file && column) column->shared = true;
    return !table || !is_target || statement_integer(row, 3) == 0 || add_key(table, name);
}

static bool read_catalogue(struct store *store, bool is_target, struct moved_tables *tables,
                           struct failure *ret_failure) {
    bool is_file = !store_is_remote(store), fits = true;
    struct statement *rows = database_prepare(store->database, is_file ? columns_of_file : columns_of_server);
    enum statement_result result = rows ? statement_step(rows) : STATEMENT_FAILED;
    for (; fits && result == STATEMENT_ROW; result = statement_step(rows))
        fits = take_column(tables, rows, is_file, is_target);
    if (!fits) failure_fatal(ret_failure, EXIT_IO, "there are more tables or columns in the state than can be moved");
    if (result == STATEMENT_FAILED) store_fail(store, ret_failure);
    statement_free(rows);
    return fits && result == STATEMENT_DONE;
}

/* ---------------------------------------------------------------- what is on both sides */

static void keep_shared_columns(struct moved_table *table) {
    size_t kept = 0;
    for (size_t i = 0; i < table->column_count; i++)
        if (table->columns[i].shared) table->columns[kept++] = table->columns[i];
    table->column_count = kept;
}

static void keep_shared(struct moved_tables *tables) {
    size_t kept = 0;
    for (size_t i = 0; i < tables->count; i++) {
        keep_shared_columns(&tables->tables[i]);
        if (tables->tables[i].column_count == 0) continue;
        if (kept != i) tables->tables[kept] = tables->tables[i];
        kept++;
    }
    tables->count = kept;
}

bool move_tables_read(struct store *source, struct store *target, struct moved_tables *ret_tables,
                      struct failure *ret_failure) {
    bool to_server = store_is_remote(target);
    struct store *file = to_server ? source : target, *server = to_server ? target : source;
    ret_tables->count = 0;
    memset(ret_tables->tables, 0, sizeof ret_tables->tables);
    if (!read_catalogue(file, !to_server, ret_tables, ret_failure) ||
        !read_catalogue(server, to_server, ret_tables, ret_failure))
        return false;
    keep_shared(ret_tables);
    return true;
}

void move_tables_add_columns(const struct moved_table *table, struct buffer *out) {
    for (size_t i = 0; i < table->column_count; i++)
        buffer_print(out, "%s\"%s\"", i ? ", " : "", table->columns[i].name);
}
