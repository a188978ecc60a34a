#include "pipeline/store/store_prune.h"

#include <sys/stat.h>

#include "pipeline/store/store_internal.h"
#include "pipeline/store/store_stories.h"

/* A translation of an earlier version counts as used in the month of the upgrade. `done`: its files are gone. */
const char store_prune_schema[] =
    "ALTER TABLE memory ADD COLUMN used TEXT NOT NULL DEFAULT '';"
    "UPDATE memory SET used = strftime('%Y-%m', 'now', 'localtime');"
    "ALTER TABLE article ADD COLUMN pruned TEXT NOT NULL DEFAULT '';"
    "CREATE INDEX article_pruned ON article (pruned, state) WHERE pruned <> '';"
    "CREATE TABLE pruned (day TEXT PRIMARY KEY, at TEXT NOT NULL, done INTEGER NOT NULL) WITHOUT ROWID;"
    "CREATE TABLE removal (path TEXT PRIMARY KEY, day TEXT NOT NULL) WITHOUT ROWID;";

/* ---------------------------------------------------------------- days */

struct old_day *store_old_days(struct store *store, const char *before, struct arena *arena, size_t *ret_count) {
    struct old_day *days = NULL;
    size_t capacity = 0;
    sqlite3_stmt *statement = store_statement(store, SQL_OLD_DAYS);
    store_bind_text(statement, 1, span_of(before));
    for (*ret_count = 0; store_step(store, statement) == SQLITE_ROW; ++*ret_count) {
        days = arena_grow(arena, days, *ret_count, &capacity, sizeof *days);
        days[*ret_count] = (struct old_day){.day = store_column(statement, 0, arena),
                                            .records = (size_t)sqlite3_column_int64(statement, 1),
                                            .waits = sqlite3_column_int(statement, 2) != 0};
    }
    sqlite3_reset(statement);
    return days;
}

/* Runs a statement with one or two parameters. */
static bool change(struct store *store, enum statement_name name, const char *one, const char *other,
                   struct failure *ret_failure) {
    if (!store_change(store, ret_failure)) return false;
    sqlite3_stmt *statement = store_statement(store, name);
    store_bind_text(statement, 1, span_of(one));
    if (other) store_bind_text(statement, 2, span_of(other));
    return store_run(store, statement, ret_failure);
}

/* To be called before the stories of the day are forgotten. */
static bool reopen_next(struct store *store, const char *day, struct failure *ret_failure) {
    sqlite3_stmt *statement = store_statement(store, SQL_REOPEN_NEXT);
    store_bind_text(statement, 1, span_of(day));
    sqlite3_bind_int(statement, 2, STORY_DAYS);
    return store_run(store, statement, ret_failure);
}

/* The statements that need the records of the day precede the one that removes them. */
bool store_prune_day(struct store *store, const char *day, const char *today, struct failure *ret_failure) {
    static const enum statement_name with_today[] = {SQL_PRUNE_ARTICLES, SQL_PRUNED};
    static const enum statement_name names[] = {
        SQL_PLAN_REMOVALS,      SQL_PRUNE_PATHS,    SQL_PRUNE_REVISITS,       SQL_PRUNE_LEFTOVERS,
        SQL_PRUNE_KEPT,         SQL_PRUNE_EDITION,  SQL_PRUNE_NOTES,          SQL_PRUNE_TOLD,
        SQL_PRUNE_MAIL_THREADS, SQL_FORGET_STORIES, SQL_FORGET_STORY_MEMBERS, SQL_FORGET_STORY_FORWARDS};
    bool done = store_change(store, ret_failure) && reopen_next(store, day, ret_failure);
    for (size_t i = 0; i < sizeof with_today / sizeof *with_today && done; i++)
        done = change(store, with_today[i], day, today, ret_failure);
    for (size_t i = 0; i < sizeof names / sizeof *names && done; i++)
        done = change(store, names[i], day, NULL, ret_failure);
    return done && store_run(store, store_statement(store, SQL_PRUNE_OUTAGES), ret_failure);
}

bool store_end_removal(struct store *store, const char *day, struct failure *ret_failure) {
    return change(store, SQL_CLEAR_REMOVALS, day, NULL, ret_failure) &&
           change(store, SQL_END_REMOVAL, day, NULL, ret_failure);
}

struct span *store_removal_days(struct store *store, struct arena *arena, size_t *ret_count) {
    return store_list_texts(store, store_statement(store, SQL_REMOVAL_DAYS), arena, ret_count);
}

bool store_is_leaving(struct store *store, const char *day) {
    sqlite3_stmt *statement = store_statement(store, SQL_IS_LEAVING);
    store_bind_text(statement, 1, span_of(day));
    bool found = store_step(store, statement) == SQLITE_ROW;
    sqlite3_reset(statement);
    return found;
}

struct span *store_removals(struct store *store, const char *day, struct arena *arena, size_t *ret_count) {
    sqlite3_stmt *statement = store_statement(store, SQL_REMOVALS);
    store_bind_text(statement, 1, span_of(day));
    return store_list_texts(store, statement, arena, ret_count);
}

bool store_find_pruned(struct store *store, const char *day, char ret_on[11]) {
    sqlite3_stmt *statement = store_statement(store, SQL_FIND_PRUNED);
    store_bind_text(statement, 1, span_of(day));
    bool found = store_step(store, statement) == SQLITE_ROW;
    if (found) sqlite3_snprintf(11, ret_on, "%s", (const char *)sqlite3_column_text(statement, 0));
    sqlite3_reset(statement);
    return found;
}

bool store_pruned_before(struct store *store, const char *day, char ret_day[11]) {
    sqlite3_stmt *statement = store_statement(store, SQL_PRUNED_BEFORE);
    store_bind_text(statement, 1, span_of(day));
    sqlite3_bind_int(statement, 2, STORY_DAYS);
    bool found = store_step(store, statement) == SQLITE_ROW && sqlite3_column_type(statement, 0) != SQLITE_NULL;
    if (found) sqlite3_snprintf(11, ret_day, "%s", (const char *)sqlite3_column_text(statement, 0));
    sqlite3_reset(statement);
    return found;
}

/* ---------------------------------------------------------------- translations and ids */

static bool change_many(struct store *store, enum statement_name name, const char *limit, size_t *ret_count,
                        struct failure *ret_failure) {
    bool done = change(store, name, limit, NULL, ret_failure);
    *ret_count = done ? (size_t)sqlite3_changes(store->database) : 0;
    return done;
}

bool store_prune_memory(struct store *store, const char *month, size_t *ret_count, struct failure *ret_failure) {
    return change_many(store, SQL_PRUNE_MEMORY, month, ret_count, ret_failure);
}

bool store_forget_pruned(struct store *store, const char *before, size_t *ret_count, struct failure *ret_failure) {
    return change_many(store, SQL_FORGET_PRUNED, before, ret_count, ret_failure);
}

/* ---------------------------------------------------------------- the file */

static bool is_sparse(struct store *store) {
    sqlite3_stmt *statement = store_statement(store, SQL_PAGES);
    bool sparse = store_step(store, statement) == SQLITE_ROW &&
                  sqlite3_column_int64(statement, 0) * 4 >= sqlite3_column_int64(statement, 1);
    sqlite3_reset(statement);
    return sparse;
}

static size_t file_size(const char *path) {
    struct stat status;
    return stat(path, &status) == 0 ? (size_t)status.st_size : 0;
}

/* All statements must be reset, or SQLite refuses to change the file. */
static void reset_all(struct store *store) {
    for (size_t i = 0; i < SQL_LAST; i++) sqlite3_reset(store->statements[i]);
}

/* Every connection to a database in WAL mode holds a lock for as long as it is open, and leaving that mode needs all of
 * the locks. So this fails exactly if another process has the file open, and SQLite keeps others away meanwhile.
 * Without a log, VACUUM writes the file in place, protected by a journal. */
static bool leave_log_mode(struct store *store) {
    sqlite3_close(store->checkpointer);
    store->checkpointer = NULL;
    reset_all(store);
    sqlite3_busy_timeout(store->database, 0);
    bool done = sqlite3_exec(store->database, "PRAGMA journal_mode=DELETE", NULL, NULL, NULL) == SQLITE_OK;
    sqlite3_busy_timeout(store->database, STORE_BUSY_MS);
    return done;
}

bool store_shrink(struct store *store, size_t *ret_bytes, struct failure *ret_failure) {
    *ret_bytes = 0;
    if (!store->path || store->keeps_nothing || !is_sparse(store)) return true;
    if (!leave_log_mode(store)) return true;
    size_t before = file_size(store->path);
    bool done =
        sqlite3_exec(store->database, "VACUUM", NULL, NULL, NULL) == SQLITE_OK || store_fail(store, ret_failure);
    size_t after = file_size(store->path);
    *ret_bytes = before > after ? before - after : 0;
    return (sqlite3_exec(store->database, "PRAGMA journal_mode=WAL", NULL, NULL, NULL) == SQLITE_OK ||
            store_fail(store, ret_failure)) &&
           done;
}
