#include "pipeline/store/database_sqlite.h"

#include <errno.h>
#include <stdlib.h>

#include "pipeline/base/arena.h"
#include "pipeline/store/store_file.h"

struct sqlite_database {
    struct database base;
    sqlite3 *handle;
};

struct sqlite_statement {
    struct statement base;
    sqlite3_stmt *handle;
};

static const struct database_operations operations;

sqlite3 *database_sqlite_handle(const struct database *database) {
    return ((const struct sqlite_database *)database)->handle;
}

static sqlite3_stmt *handle_of(struct statement *statement) {
    return ((struct sqlite_statement *)statement)->handle;
}

/* ---------------------------------------------------------------- opening */

struct database *database_sqlite_of(sqlite3 *handle) {
    struct sqlite_database *database = memory_take(sizeof *database);
    *database = (struct sqlite_database){{&operations}, handle};
    return &database->base;
}

bool database_sqlite_open(const char *name, int flags, struct database **ret_database) {
    sqlite3 *handle = NULL;
    bool done = sqlite3_open_v2(name, &handle, flags, NULL) == SQLITE_OK;
    /* Another command may be writing at the same time. */
    if (done) sqlite3_busy_timeout(handle, SQLITE_BUSY_MS);
    *ret_database = database_sqlite_of(handle);
    return done;
}

bool database_sqlite_use_log(struct database *database) {
    return database_run(database, "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA wal_autocheckpoint=0; "
                                  "PRAGMA temp_store=MEMORY;");
}

bool database_sqlite_only_reads(const struct database *database) {
    return sqlite3_db_readonly(database_sqlite_handle(database), "main") == 1;
}

static void close_database(struct database *database) {
    sqlite3_close(database_sqlite_handle(database));
    free(database);
}

/* ---------------------------------------------------------------- transactions */

static bool run(struct database *database, const char *script) {
    return sqlite3_exec(database_sqlite_handle(database), script, NULL, NULL, NULL) == SQLITE_OK;
}

/* IMMEDIATE takes the write lock now. */
static bool begin(struct database *database) {
    return run(database, "BEGIN IMMEDIATE");
}

static void roll_back(struct database *database) {
    run(database, "ROLLBACK");
}

static bool commit(struct database *database) {
    return sqlite3_get_autocommit(database_sqlite_handle(database)) || run(database, "COMMIT");
}

static int64_t changes(const struct database *database) {
    return sqlite3_changes(database_sqlite_handle(database));
}

bool database_sqlite_copy(struct database *to, struct database *from) {
    sqlite3_backup *backup =
        sqlite3_backup_init(database_sqlite_handle(to), "main", database_sqlite_handle(from), "main");
    bool done = backup && sqlite3_backup_step(backup, -1) == SQLITE_DONE;
    return (!backup || sqlite3_backup_finish(backup) == SQLITE_OK) && done;
}

int64_t database_sqlite_number(struct database *database, const char *question) {
    sqlite3_stmt *statement = NULL;
    int64_t number = -1;
    if (sqlite3_prepare_v2(database_sqlite_handle(database), question, -1, &statement, NULL) == SQLITE_OK &&
        sqlite3_step(statement) == SQLITE_ROW)
        number = sqlite3_column_int64(statement, 0);
    sqlite3_finalize(statement);
    return number;
}

/* ---------------------------------------------------------------- errors */

bool database_sqlite_not_writable(const char *path, const char *why, struct failure *ret_failure) {
    return failure_fatal(
        ret_failure, EXIT_PERMISSION,
        "cannot write the state %s: %s; the user who runs dragoman needs write permission for the file "
        "and its folder",
        path, why);
}

/* The low byte of SQLite's code is the primary code; the rest only refines it. */
static int code_of(sqlite3 *handle) {
    int code = sqlite3_errcode(handle) & 0xFF, error = sqlite3_system_errno(handle);
    return code == SQLITE_IOERR && (error == ENOSPC || error == EDQUOT) ? SQLITE_FULL : code;
}

static bool fail(const struct database *database, const char *file, bool only_reads, struct failure *ret_failure) {
    sqlite3 *handle = database_sqlite_handle(database);
    const char *path = file ? file : "(memory)", *message = sqlite3_errmsg(handle);
    switch (code_of(handle)) {
    case SQLITE_FULL:
        return failure_fatal(ret_failure, EXIT_IO, "the disk that holds %s is full; free some space and run again",
                             path);
    case SQLITE_NOMEM:
        return failure_fatal(ret_failure, EXIT_SYSTEM, "out of memory while using the state in %s; run again", path);
    case SQLITE_READONLY:
    case SQLITE_CANTOPEN:
    case SQLITE_PERM:
        if (only_reads)
            return failure_fatal(ret_failure, EXIT_PERMISSION, "cannot read the state %s: %s", path, message);
        return database_sqlite_not_writable(path, message, ret_failure);
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return failure_fatal(ret_failure, EXIT_BUSY, "another program has locked the state %s; wait until it has ended",
                             path);
    case SQLITE_NOTADB:
    case SQLITE_CORRUPT:
        return failure_fatal(ret_failure, EXIT_IO, "the state %s is damaged (%s); " STORE_WAY_BACK, path, message);
    default:
        return failure_fatal(ret_failure, EXIT_IO, "the state in %s cannot be used: %s", path, message);
    }
}

/* ---------------------------------------------------------------- statements */

static struct statement *prepare(struct database *database, const char *sql) {
    sqlite3_stmt *handle = NULL;
    if (sqlite3_prepare_v3(database_sqlite_handle(database), sql, -1, SQLITE_PREPARE_PERSISTENT, &handle, NULL) !=
        SQLITE_OK)
        return NULL;
    struct sqlite_statement *statement = memory_take(sizeof *statement);
    *statement = (struct sqlite_statement){{&operations}, handle};
    return &statement->base;
}

static void free_statement(struct statement *statement) {
    sqlite3_finalize(handle_of(statement));
    free(statement);
}

static void reset(struct statement *statement) {
    sqlite3_reset(handle_of(statement));
}

static void clear(struct statement *statement) {
    sqlite3_clear_bindings(handle_of(statement));
}

static enum statement_result step(struct statement *statement) {
    int code = sqlite3_step(handle_of(statement));
    return code == SQLITE_ROW ? STATEMENT_ROW : code == SQLITE_DONE ? STATEMENT_DONE : STATEMENT_FAILED;
}

static void bind_integer(struct statement *statement, int index, int64_t value) {
    sqlite3_bind_int64(handle_of(statement), index, value);
}

/* SQLITE_STATIC: the text must live until the statement has run. NULL would be stored as SQL NULL, so an empty text is
 * bound instead. */
static void bind_text(struct statement *statement, int index, struct span text) {
    sqlite3_bind_text64(handle_of(statement), index, text.at ? text.at : "", text.length, SQLITE_STATIC, SQLITE_UTF8);
}

static void bind_bytes(struct statement *statement, int index, struct span bytes) {
    sqlite3_bind_blob64(handle_of(statement), index, bytes.at ? bytes.at : "", bytes.length, SQLITE_STATIC);
}

static void bind_key(struct statement *statement, int index, const unsigned char key[DATABASE_KEY]) {
    sqlite3_bind_blob(handle_of(statement), index, key, DATABASE_KEY, SQLITE_TRANSIENT);
}

static bool is_null(struct statement *statement, int column) {
    return sqlite3_column_type(handle_of(statement), column) == SQLITE_NULL;
}

static int64_t integer(struct statement *statement, int column) {
    return sqlite3_column_int64(handle_of(statement), column);
}

static struct span bytes(struct statement *statement, int column) {
    const char *at = sqlite3_column_blob(handle_of(statement), column);
    return (struct span){at, (size_t)sqlite3_column_bytes(handle_of(statement), column)};
}

static const struct database_operations operations = {.dialect = DATABASE_SQLITE,
                                                      .close = close_database,
                                                      .run = run,
                                                      .begin = begin,
                                                      .commit = commit,
                                                      .roll_back = roll_back,
                                                      .changes = changes,
                                                      .fail = fail,
                                                      .prepare = prepare,
                                                      .free = free_statement,
                                                      .reset = reset,
                                                      .clear = clear,
                                                      .step = step,
                                                      .bind_integer = bind_integer,
                                                      .bind_text = bind_text,
                                                      .bind_bytes = bind_bytes,
                                                      .bind_key = bind_key,
                                                      .is_null = is_null,
                                                      .integer = integer,
                                                      .bytes = bytes};
