/* Makes commits survive a power failure, and keeps the log short. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "pipeline/base/text.h"
#include "pipeline/store/database_sqlite.h"
#include "pipeline/store/store_internal.h"

/* A log of this size is copied into the database. It stays below 16 MB even if as much is added during the copy; no
 * more is, because a run pauses (store_log_is_long()). */
enum { CHECKPOINT_BYTES = 8 << 20, TRUNCATE_MS = 50 };

/* Opens a second connection: checkpoints are made on another thread, and a connection opened with NOMUTEX must not be
 * shared. It has to read once, since SQLite only then learns that there is a log: a checkpoint through a connection
 * that has read nothing does nothing and reports success. */
static bool open_checkpointer(struct store *store) {
    if (store->checkpointer) return true;
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX;
    bool done = database_sqlite_open(store->path, flags, &store->checkpointer) &&
                database_run(store->checkpointer, "SELECT count(*) FROM sqlite_schema");
    if (!done) {
        database_close(store->checkpointer);
        store->checkpointer = NULL;
    }
    return done && sqlite3_busy_timeout(database_sqlite_handle(store->checkpointer), TRUNCATE_MS) == SQLITE_OK;
}

/* The first checkpoint, PASSIVE, copies nearly all of the log without keeping the main thread from writing. What was
 * committed meanwhile is left for the second one, which alone can empty the log; it is short, because it has little to
 * copy. */
static bool empty_log(struct store *store) {
    if (!open_checkpointer(store)) return false;
    sqlite3 *handle = database_sqlite_handle(store->checkpointer);
    sqlite3_wal_checkpoint_v2(handle, NULL, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
    return sqlite3_wal_checkpoint_v2(handle, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL) == SQLITE_OK;
}

/* Keeps the log short: a long one slows down reading and fills the disk. If it cannot be emptied, because another
 * process is reading or there is no descriptor left, the next attempt is made when it has grown by as much again: a run
 * that waited for it (store_log_is_long()) would never end. */
static void checkpoint(struct store *store, int64_t log_size) {
    bool emptied = empty_log(store);
    store->log_kept = emptied ? 0 : log_size;
    /* So that it does not come back in its former length (see store_close()). */
    struct failure ignored;
    if (emptied) store_flush_log(store, &ignored);
}

/* Flushes the log and finds its size. */
static bool flush_log(const struct store *store, int64_t *ret_size, struct failure *ret_failure) {
    struct buffer path = BUFFER(1 << 16);
    buffer_print(&path, "%s-wal", store->path);
    int log = open(path.at, O_RDONLY | O_CLOEXEC);
    struct stat status = {0};
    bool done = log < 0 ? errno == ENOENT : fdatasync(log) == 0 && fstat(log, &status) == 0;
    if (!done) failure_fatal(ret_failure, EXIT_IO, "cannot flush %s to disk: %s", path.at, strerror(errno));
    if (log >= 0) close(log);
    buffer_free(&path);
    *ret_size = status.st_size;
    return done;
}

/* In WAL mode all commits are in the log. Flushing that file through a separate descriptor makes them durable without
 * holding any lock of SQLite. (Closing a descriptor drops all POSIX locks of the process on that file, but SQLite locks
 * the database and the shared-memory file, never the log.) If there is no log, everything has been checkpointed, and a
 * checkpoint flushes. */
bool store_flush_log(const struct store *store, struct failure *ret_failure) {
    int64_t size;
    return store->path ? flush_log(store, &size, ret_failure) : database_flush(store->database, ret_failure);
}

static int64_t log_size(const struct store *store) {
    struct buffer path = BUFFER(1 << 16);
    struct stat status;
    if (!store->path) return 0;
    buffer_print(&path, "%s-wal", store->path);
    int64_t size = stat(path.at, &status) == 0 ? status.st_size : 0;
    buffer_free(&path);
    return size;
}

static bool is_long(const struct store *store, int64_t size) {
    return size > CHECKPOINT_BYTES + store->log_kept;
}

bool store_log_is_used(const struct store *store) {
    return log_size(store) > 0;
}

bool store_log_is_long(const struct store *store) {
    return is_long(store, log_size(store));
}

bool store_log_is_being_shortened(struct store *store) {
    if (pthread_mutex_trylock(&store->checkpointing) != 0) return true;
    pthread_mutex_unlock(&store->checkpointing);
    return false;
}

bool store_make_durable(struct store *store, struct failure *ret_failure) {
    int64_t size;
    if (!store->path) return database_flush(store->database, ret_failure);
    bool done = flush_log(store, &size, ret_failure);
    /* If another thread is at it, there is nothing to wait for. */
    if (done && is_long(store, size) && pthread_mutex_trylock(&store->checkpointing) == 0) {
        checkpoint(store, size);
        pthread_mutex_unlock(&store->checkpointing);
    }
    return done;
}
