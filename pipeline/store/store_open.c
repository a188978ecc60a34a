/* Opens and closes the store. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "pipeline/base/clock.h"
#include "pipeline/base/file.h"
#include "pipeline/store/database_sqlite.h"
#include "pipeline/store/fingerprints.h"
#include "pipeline/store/store_file.h"
#include "pipeline/store/store_internal.h"

bool store_make_folder(const char *path, struct failure *ret_failure) {
    char folder[4096];
    if (snprintf(folder, sizeof folder, "%s", path) >= (int)sizeof folder)
        return failure_fatal(ret_failure, EXIT_CONFIG, "the path of the state file is too long");
    return file_make_folders(folder) || failure_fatal(ret_failure, failure_exit_code(errno),
                                                      "cannot create the folder %s: %s", folder, strerror(errno));
}

/* The process that holds the lock has written its id into the file, unless it is just about to. */
static bool fail_busy(int lock, const char *path, struct failure *ret_failure) {
    char owner[32] = "";
    ssize_t length = pread(lock, owner, sizeof owner - 1, 0);
    owner[length > 0 ? strcspn(owner, "\n") : 0] = '\0';
    return failure_fatal(ret_failure, EXIT_BUSY, "another run%s%s%s is using %s; wait until it has ended",
                         owner[0] ? " (process " : "", owner, owner[0] ? ")" : "", path);
}

/* Without the file there has been no run, and what is in memory is of this process. */
bool store_check_unused(const struct store *store, struct failure *ret_failure) {
    if (store_is_remote(store)) return store_server_is_unused(store, ret_failure);
    if (!store->path) return true;
    struct buffer path = BUFFER(1 << 16);
    buffer_print(&path, "%s.lock", store->path);
    int lock = store->lock < 0 ? open(path.at, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC) : -1;
    bool used = lock >= 0 && flock(lock, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK;
    if (used) fail_busy(lock, store->path, ret_failure);
    if (lock >= 0) close(lock);
    buffer_free(&path);
    return !used;
}

bool store_take_lock(struct store *store, struct failure *ret_failure) {
    struct buffer path = BUFFER(1 << 16);
    buffer_print(&path, "%s.lock", store->path);
    store->lock = open(path.at, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0666);
    bool done = store->lock >= 0 || database_sqlite_not_writable(store->path, strerror(errno), ret_failure);
    if (done && flock(store->lock, LOCK_EX | LOCK_NB) != 0) done = fail_busy(store->lock, store->path, ret_failure);
    /* Overwrites the id of an earlier process, which may have had more digits. */
    if (done && ftruncate(store->lock, 0) == 0) dprintf(store->lock, "%ld\n", (long)getpid());
    buffer_free(&path);
    return done;
}

/* Opens the database and brings it to the current schema. */
static bool open_database(struct store *store, struct failure *ret_failure) {
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX;
    if (!database_sqlite_open(store->path ? store->path : ":memory:", flags, &store->database))
        return store_fail(store, ret_failure);
    if (database_sqlite_only_reads(store->database))
        return database_sqlite_not_writable(store->path, "it is read-only", ret_failure);
    /* Before anything is written: setting the journal mode would change another program's database. */
    if (store->path && !store_file_check(store, ret_failure)) return false;
    /* A commit does not flush; the durable writer flushes the log before it makes anything visible (docs/decisions.md).
     * Checkpoints are done by store_make_durable(), off the main thread. */
    if (!database_sqlite_use_log(store->database)) return store_fail(store, ret_failure);
    return store_bring_up(store, ret_failure) && store_watch_days(store, ret_failure) &&
           store_prepare(store, ret_failure);
}

/* Continues the numbering of earlier runs, and adds up the sizes of the records that they found but did not finish. The
 * index by state and number gives the last number of each state (enum article_state); without it, the whole table would
 * be read. */
bool store_find_sequence(struct store *store, struct failure *ret_failure) {
    _Static_assert(ARTICLE_STATE_DEAD == 6, "the statement names every state");
    static const char last[] =
        "SELECT coalesce(max((SELECT sequence FROM article WHERE state = number ORDER BY sequence DESC LIMIT 1)), 0), "
        "(SELECT CAST(coalesce(sum(length(record)), 0) AS BIGINT) FROM article WHERE state = 1) FROM (SELECT 0 AS "
        "number UNION ALL SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3 UNION ALL SELECT 4 UNION ALL SELECT 5 UNION "
        "ALL SELECT 6) AS states";
    struct statement *statement = database_prepare(store->database, last);
    bool found = statement && statement_step(statement) == STATEMENT_ROW;
    if (found) {
        store->sequence = statement_integer(statement, 0);
        store->backlog = (size_t)statement_integer(statement, 1);
    } else {
        store_fail(store, ret_failure);
    }
    statement_free(statement);
    /* Waiting articles with a higher number began to wait in this run. */
    store->run_starts = store->sequence;
    return found;
}

void store_begin(struct store *store, const char *path) {
    char today[11];
    store->lock = -1;
    clock_today(today);
    snprintf(store->month, sizeof store->month, "%.7s", today);
    pthread_mutex_init(&store->checkpointing, NULL);
    if (path) store->path = memory_string(span_of(path));
}

bool store_open(const char *path, bool exclusive, struct store **ret_store, struct failure *ret_failure) {
    struct store *store = memory_take(sizeof *store);
    store_begin(store, path);
    bool done = (!path || store_make_folder(path, ret_failure)) &&
                (!path || !exclusive || store_take_lock(store, ret_failure)) &&
                (!path || store_file_prepare(path, ret_failure)) && open_database(store, ret_failure) &&
                store_find_sequence(store, ret_failure);
    if (!done) {
        store_close(store);
        return false;
    }
    *ret_store = store;
    return true;
}

void store_close(struct store *store) {
    if (!store) return;
    /* A caller that must not commit has called store_keep_nothing(). */
    if (store->in_transaction) store_commit(store, NULL);
    /* After a read error it was not committed, and on a server nothing more can be changed in it. */
    if (store->worker[0] && (store->keeps_nothing || store->broken.reach != REACH_NONE))
        database_roll_back(store->database);
    store_release_claims(store);
    for (size_t i = 0; i < SQL_LAST; i++) statement_free(store->statements[i]);
    fingerprints_free(store->fingerprints);
    store_free_questions(store);
    store_forget_articles_ahead(store);
    store_free_claimed(store);
    store_free_bills(store);
    database_close(store->checkpointer);
    bool logged = !store->only_reads && store_log_is_used(store);
    database_close(store->database); /* closing the last connection checkpoints and flushes */
    /* SQLite does not flush the removal of the log. Some file systems may use its space for other files before that is
     * on disk (ext4 with data=writeback); after a power cut the log would be back, with a part of them in it. */
    if (logged) file_flush_folder(store->path);
    if (store->lock >= 0) close(store->lock);
    pthread_mutex_destroy(&store->checkpointing);
    free(store->path);
    free(store);
}
