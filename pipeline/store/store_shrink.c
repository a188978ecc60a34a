/* Makes the file of the state smaller after much has been removed. */
#include <sys/stat.h>

#include "pipeline/store/database_sqlite.h"
#include "pipeline/store/store_internal.h"
#include "pipeline/store/store_prune.h"

static bool is_sparse(struct store *store) {
    int64_t unused = database_sqlite_number(store->database, "PRAGMA freelist_count"),
            pages = database_sqlite_number(store->database, "PRAGMA page_count");
    return pages > 0 && unused * 4 >= pages;
}

static size_t file_size(const char *path) {
    struct stat status;
    return stat(path, &status) == 0 ? (size_t)status.st_size : 0;
}

/* All statements must be reset, or SQLite refuses to change the file. */
static void reset_all(struct store *store) {
    for (size_t i = 0; i < SQL_LAST; i++) statement_reset(store->statements[i]);
}

/* Every connection to a database in WAL mode holds a lock for as long as it is open, and leaving that mode needs all of
 * the locks. So this fails exactly if another process has the file open, and SQLite keeps others away meanwhile.
 * Without a log, VACUUM writes the file in place, protected by a journal. */
static bool leave_log_mode(struct store *store) {
    sqlite3 *handle = database_sqlite_handle(store->database);
    database_close(store->checkpointer);
    store->checkpointer = NULL;
    reset_all(store);
    sqlite3_busy_timeout(handle, 0);
    bool done = database_run(store->database, "PRAGMA journal_mode=DELETE");
    sqlite3_busy_timeout(handle, SQLITE_BUSY_MS);
    return done;
}

bool store_shrink(struct store *store, size_t *ret_bytes, struct failure *ret_failure) {
    *ret_bytes = 0;
    if (!store->path || store->keeps_nothing || !is_sparse(store)) return true;
    if (!leave_log_mode(store)) return true;
    size_t before = file_size(store->path);
    bool done = database_run(store->database, "VACUUM") || store_fail(store, ret_failure);
    size_t after = file_size(store->path);
    *ret_bytes = before > after ? before - after : 0;
    return (database_run(store->database, "PRAGMA journal_mode=WAL") || store_fail(store, ret_failure)) && done;
}
