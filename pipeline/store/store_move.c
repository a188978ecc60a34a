#include "pipeline/store/store_move.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "pipeline/base/arena.h"
#include "pipeline/base/file.h"
#include "pipeline/base/folder.h"
#include "pipeline/store/database_postgresql.h"
#include "pipeline/store/database_sqlite.h"
#include "pipeline/store/durable_writer.h"
#include "pipeline/store/move_rows.h"
#include "pipeline/store/store_file.h"
#include "pipeline/store/store_internal.h"
#include "pipeline/store/store_postgresql.h"

/* How many rows are copied between two calls of the watch. */
enum { WATCHED_ROWS = 256 };

struct move {
    struct store *source, *target;
    struct moved_tables tables;
    int64_t rows, all; /* copied so far; of how many in the source */
    struct move_watch watch;
    struct move_result *result;
};

/* A server numbers articles and recipients by itself, and must not begin with numbers that are taken. */
static const char count_on[] =
    "SELECT setval('article_sequence', greatest(max(sequence), 1), coalesce(max(sequence) >= 1, false)) FROM article;"
    "SELECT setval(pg_get_serial_sequence('mail_reader', 'id'), greatest(max(id), 1), coalesce(max(id) >= 1, false)) "
    "FROM mail_reader;";

static const char *name_of(const struct store *store) {
    return store_is_remote(store) ? database_postgresql_name(store->database) : store->path;
}

/* ---------------------------------------------------------------- counting */

static bool count_rows(struct store *store, const char *table, int64_t *ret_count, struct failure *ret_failure) {
    struct buffer question = BUFFER(1000);
    buffer_print(&question, "SELECT count(*) FROM \"%s\"", table);
    struct statement *statement = database_prepare(store->database, question.at);
    bool done = statement && statement_step(statement) == STATEMENT_ROW;
    if (done)
        *ret_count = statement_integer(statement, 0);
    else
        store_fail(store, ret_failure);
    statement_free(statement);
    buffer_free(&question);
    return done;
}

static bool count_source(struct move *move, struct failure *ret_failure) {
    int64_t rows = 0;
    for (size_t i = 0; i < move->tables.count; i++, move->all += rows)
        if (!count_rows(move->source, move->tables.tables[i].name, &rows, ret_failure)) return false;
    return true;
}

static bool is_target_empty(struct move *move, struct failure *ret_failure) {
    for (size_t i = 0; i < move->tables.count; i++) {
        int64_t rows = 0;
        const char *table = move->tables.tables[i].name;
        if (!count_rows(move->target, table, &rows, ret_failure)) return false;
        if (rows > 0)
            return failure_fatal(ret_failure, EXIT_USAGE,
                                 "there already is a state in %s (%lld row%s in the table %s), which is never "
                                 "overwritten; give the address of another schema (?options=-csearch_path%%3DNAME) or "
                                 "database, or drop this one first",
                                 name_of(move->target), (long long)rows, PLURAL(rows), table);
    }
    return true;
}

/* ---------------------------------------------------------------- one table */

static void show(struct move *move) {
    if (move->watch.moved && move->rows % WATCHED_ROWS == 0)
        move->watch.moved(move->watch.context, move->rows, move->all);
}

static bool copy_rows(struct move *move, struct move_reader *reader, struct move_writer *writer, int64_t *ret_read,
                      struct failure *ret_failure) {
    enum statement_result result;
    *ret_read = 0;
    while ((result = move_reader_next(reader, ret_failure)) == STATEMENT_ROW) {
        if (!move_writer_put(writer, reader->current, ret_failure)) return false;
        ++*ret_read;
        ++move->rows;
        show(move);
    }
    return result == STATEMENT_DONE && move_writer_end(writer, ret_failure);
}

static void note_table(struct move_result *result, const char *table, int64_t rows, int64_t read, int64_t changed) {
    struct moved_count *count = &result->tables[result->table_count++];
    snprintf(count->table, sizeof count->table, "%s", table);
    count->rows = rows;
    result->rows += rows;
    result->changed_texts += changed;
    result->merged_rows += read - rows;
}

/* Rows may be fewer only where keys can have become equal. */
static bool compare(struct move *move, const struct moved_table *table, int64_t read, int64_t changed,
                    struct failure *ret_failure) {
    int64_t before = 0, after = 0;
    if (!count_rows(move->source, table->name, &before, ret_failure) ||
        !count_rows(move->target, table->name, &after, ret_failure))
        return false;
    bool same = read == before && (after == before || (after < before && (changed > 0 || table->adds_up)));
    if (same) note_table(move->result, table->name, after, read, changed);
    return same ||
           failure_fatal(ret_failure, EXIT_IO,
                         "the table %s has %lld row%s in %s, of which %lld arrived in %s; nothing was kept, try again",
                         table->name, (long long)before, PLURAL(before), name_of(move->source), (long long)after,
                         name_of(move->target));
}

static bool copy_table(struct move *move, const struct moved_table *table, struct failure *ret_failure) {
    struct move_reader reader;
    struct move_writer *writer = memory_take(sizeof *writer);
    int64_t read = 0;
    bool done = move_writer_open(move->target, table, writer, ret_failure);
    if (done) {
        done = move_reader_open(move->source, table, &reader, ret_failure) &&
               copy_rows(move, &reader, writer, &read, ret_failure);
        move_reader_close(&reader);
    }
    done = done && compare(move, table, read, writer->changed_texts, ret_failure);
    move_writer_close(writer);
    free(writer);
    return done;
}

/* ---------------------------------------------------------------- all tables */

/* Reads the source as it is at one moment; a file also keeps other programs from writing. */
static bool begin_source(struct store *source, struct failure *ret_failure) {
    store_keep_nothing(source);
    source->in_transaction = store_is_remote(source)
                                 ? database_run(source->database, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
                                 : database_begin(source->database);
    return source->in_transaction || store_fail(source, ret_failure);
}

/* Without statistics, the server would choose slow ways until it has gathered them by itself. */
static bool analyze(struct store *target, const char *table, struct failure *ret_failure) {
    char script[MOVE_NAME + 20];
    snprintf(script, sizeof script, "ANALYZE \"%s\"", table);
    return !store_is_remote(target) || database_run(target->database, script) || store_fail(target, ret_failure);
}

static bool copy_tables(struct move *move, struct failure *ret_failure) {
    for (size_t i = 0; i < move->tables.count; i++)
        if (!copy_table(move, &move->tables.tables[i], ret_failure) ||
            !analyze(move->target, move->tables.tables[i].name, ret_failure))
            return false;
    return !store_is_remote(move->target) || database_run(move->target->database, count_on) ||
           store_fail(move->target, ret_failure);
}

static bool copy_store(struct move *move, struct failure *ret_failure) {
    struct store *target = move->target;
    bool done = begin_source(move->source, ret_failure) &&
                (database_begin(target->database) || store_fail(target, ret_failure)) &&
                move_tables_read(move->source, target, &move->tables, ret_failure) &&
                is_target_empty(move, ret_failure) && count_source(move, ret_failure) &&
                copy_tables(move, ret_failure) &&
                (database_commit(target->database) || store_fail(target, ret_failure));
    if (!done) database_roll_back(target->database);
    return done && database_flush(target->database, ret_failure);
}

static bool move_all(struct store *source, struct store *target, struct move_watch watch,
                     struct move_result *ret_result, struct failure *ret_failure) {
    struct move *move = memory_take(sizeof *move);
    *ret_result = (struct move_result){.rows = 0};
    *move = (struct move){.source = source, .target = target, .watch = watch, .result = ret_result};
    bool done = copy_store(move, ret_failure);
    free(move);
    return done;
}

/* ---------------------------------------------------------------- to a server */

bool store_move_to_server(struct store *source, const char *address, const char *password, struct move_watch watch,
                          struct move_result *ret_result, struct failure *ret_failure) {
    struct store *target = NULL;
    if (!store_connect(address, password, STORE_LOCKED, &target, ret_failure)) return false;
    bool done = (database_end_journal(target->database) || store_fail(target, ret_failure)) &&
                move_all(source, target, watch, ret_result, ret_failure);
    store_close(target);
    return done;
}

/* ---------------------------------------------------------------- to a file */

static bool is_free(const char *path, struct failure *ret_failure) {
    struct stat status;
    bool there;
    if (lstat(path, &status) != 0) return store_file_look(path, &there, ret_failure);
    return failure_fatal(ret_failure, EXIT_USAGE,
                         "there already is a file or folder at %s, which is never overwritten; give another path, or "
                         "move it away",
                         path);
}

/* Nobody else sees the file until it is complete, so it needs no journal: a commit flushes it once. */
static bool open_file(const char *temporary, struct store *store, struct failure *ret_failure) {
    static const char settings[] = "PRAGMA journal_mode=OFF; PRAGMA synchronous=FULL; PRAGMA temp_store=MEMORY; PRAGMA "
                                   "cache_size=-65536";
    return store_file_prepare(temporary, ret_failure) &&
           ((database_sqlite_open(temporary, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, &store->database) &&
             database_run(store->database, settings)) ||
            store_fail(store, ret_failure));
}

static bool write_file(struct store *source, struct store *target, const char *temporary, struct move_watch watch,
                       struct move_result *ret_result, struct failure *ret_failure) {
    bool done = open_file(temporary, target, ret_failure) && move_all(source, target, watch, ret_result, ret_failure);
    database_close(target->database);
    return done;
}

/* What a killed move has left is removed first. */
static void sweep(const char *path) {
    struct span folder = folder_part(span_of(path));
    char *name = memory_string(folder.length ? folder : SPAN("."));
    durable_writer_sweep_file(name, span_of(path + folder.length));
    free(name);
}

static bool write_in_place(struct store *source, struct store *target, struct move_watch watch,
                           struct move_result *ret_result, struct failure *ret_failure) {
    const char *path = target->path;
    struct buffer temporary = BUFFER(1 << 16);
    sweep(path);
    store_temporary_name(path, &temporary);
    bool done = write_file(source, target, temporary.at, watch, ret_result, ret_failure);
    if (!done) unlink(temporary.at);
    if (done && !(store_file_put_in_place(temporary.at, path) && file_flush_folder(path)))
        done = failure_fatal(ret_failure, failure_exit_code(errno), "cannot create the state %s: %s", path,
                             strerror(errno));
    buffer_free(&temporary);
    return done;
}

bool store_move_to_file(struct store *source, const char *path, struct move_watch watch, struct move_result *ret_result,
                        struct failure *ret_failure) {
    struct store target = {.lock = -1, .path = memory_string(span_of(path))};
    bool done = is_free(path, ret_failure) && store_make_folder(path, ret_failure) &&
                store_take_lock(&target, ret_failure) && is_free(path, ret_failure) &&
                write_in_place(source, &target, watch, ret_result, ret_failure);
    if (target.lock >= 0) close(target.lock);
    free(target.path);
    return done;
}

int64_t move_result_rows(const struct move_result *result, const char *table) {
    for (size_t i = 0; i < result->table_count; i++)
        if (strcmp(result->tables[i].table, table) == 0) return result->tables[i].rows;
    return 0;
}
