#include "pipeline/store/store_read.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "pipeline/store/database_sqlite.h"
#include "pipeline/store/store_file.h"
#include "pipeline/store/store_internal.h"

/* A state with more bytes than this is not copied, as that would take too much memory. TRIES: a run that begins changes
 * the files once or twice. */
enum { COPIED_BYTES = 64 << 20, TRIES = 6 };

/* ---------------------------------------------------------------- the files */

/* SQLite's format of the log's index: the byte that every process locks which uses it. */
enum { INDEX_IN_USE = 128 };

static void stamp_file(const char *path, const char *ending, struct store_stamp *ret_stamp) {
    struct buffer name = BUFFER(1 << 16);
    struct stat status;
    buffer_print(&name, "%s%s", path, ending);
    *ret_stamp = (struct store_stamp){0};
    if (stat(name.at, &status) == 0) *ret_stamp = (struct store_stamp){status.st_ino, status.st_size, status.st_mtim};
    buffer_free(&name);
}

static void stamp_files(const char *path, struct store_stamp ret_stamps[2]) {
    stamp_file(path, "", &ret_stamps[0]);
    stamp_file(path, "-wal", &ret_stamps[1]);
}

static bool is_same(const struct store_stamp *one, const struct store_stamp *other) {
    return one->inode == other->inode && one->size == other->size && one->changed.tv_sec == other->changed.tv_sec &&
           one->changed.tv_nsec == other->changed.tv_nsec;
}

bool store_read_is_unchanged(const struct store *store) {
    struct store_stamp now[2];
    if (!store->unlocked) return true;
    stamp_files(store->path, now);
    return is_same(&now[0], &store->stamps[0]) && is_same(&now[1], &store->stamps[1]);
}

/* Must be asked before SQLite opens the file, because closing it gives up all locks of this process on it. */
static bool is_in_use(const char *path) {
    struct buffer name = BUFFER(1 << 16);
    struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = INDEX_IN_USE, .l_len = 1};
    buffer_print(&name, "%s-shm", path);
    int file = open(name.at, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    bool used = file >= 0 && fcntl(file, F_GETLK, &lock) == 0 && lock.l_type != F_UNLCK;
    if (file >= 0) close(file);
    buffer_free(&name);
    return used;
}

/* ---------------------------------------------------------------- opening */

/* SQLite takes its options from an address, in which some characters have a meaning. */
static void write_address(const char *path, const char *options, struct buffer *out) {
    buffer_add_string(out, "file:");
    for (const char *c = path; *c; c++)
        if (strchr("%?#", *c))
            buffer_print(out, "%%%02X", (unsigned)(unsigned char)*c);
        else
            buffer_add(out, c, 1);
    buffer_print(out, "?mode=ro%s", options);
}

/* Opens the database as it lies on the disk. See the header for the three ways. */
static bool open_file(struct store *store, struct failure *ret_failure) {
    struct buffer address = BUFFER(1 << 16);
    store->unlocked = !is_in_use(store->path);
    stamp_files(store->path, store->stamps);
    bool logged = store->unlocked && store->stamps[1].size > 0;
    write_address(store->path,
                  !store->unlocked ? "&readonly_shm=1"
                  : logged         ? "&vfs=unix-none"
                                   : "&immutable=1",
                  &address);
    int flags = SQLITE_OPEN_READONLY | SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX;
    bool done = database_sqlite_open(address.at, flags, &store->database) &&
                /* Closing must not copy the log into the database, even where this process might write both. */
                sqlite3_db_config(database_sqlite_handle(store->database), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL) ==
                    SQLITE_OK;
    /* The index of the log is then kept in memory. */
    if (done && logged) done = database_run(store->database, "PRAGMA locking_mode=EXCLUSIVE");
    buffer_free(&address);
    return (done || store_fail(store, ret_failure)) && store_file_check(store, ret_failure) &&
           store_is_known(store, ret_failure);
}

static bool open_memory(struct store *store, struct failure *ret_failure) {
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX;
    return database_sqlite_open(":memory:", flags, &store->database) || store_fail(store, ret_failure);
}

static bool copy_into_memory(struct store *store, struct failure *ret_failure) {
    struct database *file = store->database;
    store->database = NULL;
    bool done = open_memory(store, ret_failure);
    if (done) done = database_sqlite_copy(store->database, file) || store_fail(store, ret_failure);
    database_close(file);
    return done;
}

static bool is_copied(struct store *store) {
    return store->stamps[0].size + store->stamps[1].size <= COPIED_BYTES || store_is_old(store);
}

static void forget_database(struct store *store) {
    database_close(store->database);
    store->database = NULL;
}

/* Twice as long before each try. */
static void pause_before(int number) {
    struct timespec pause = {.tv_nsec = 5000000L << number};
    if (number > 0) nanosleep(&pause, NULL);
}

/* What a run changes meanwhile may look like damage, so a failure counts only if nothing has changed. While a run opens
 * or closes the state, only a process that may write could read the index of the log, so that is tried again as well.
 */
static bool try_to_open(struct store *store, bool *ret_copied, struct failure *ret_failure) {
    bool done = false;
    for (int i = 0; i < TRIES; i++) {
        pause_before(i);
        forget_database(store);
        *ret_failure = (struct failure){0};
        done = open_file(store, ret_failure);
        *ret_copied = done && is_copied(store);
        if (*ret_copied) done = copy_into_memory(store, ret_failure);
        if ((done || store->unlocked) && store_read_is_unchanged(store)) return done;
    }
    return done && store_read_check(store, ret_failure);
}

bool store_read_check(const struct store *store, struct failure *ret_failure) {
    return store_read_is_unchanged(store) ||
           failure_fatal(ret_failure, EXIT_BUSY, "the state %s was changed by a run while it was read; try again",
                         store->path);
}

/* The copy is no longer tied to the file. */
static bool use_memory(struct store *store, struct failure *ret_failure) {
    store->unlocked = false;
    free(store->path);
    store->path = NULL;
    return store_bring_up(store, ret_failure);
}

bool store_read(const char *path, struct store **ret_store, struct failure *ret_failure) {
    struct failure failure = {0}, *told = ret_failure ? ret_failure : &failure;
    struct store *store = memory_take(sizeof *store);
    bool there = false, copied = true;
    store_begin(store, path);
    store->only_reads = true;
    bool done = store_file_look(path, &there, told);
    if (done) done = there ? try_to_open(store, &copied, told) : open_memory(store, told);
    done =
        done && (!copied || use_memory(store, told)) && store_prepare(store, told) && store_find_sequence(store, told);
    if (!done) {
        store_close(store);
        return false;
    }
    *ret_store = store;
    return true;
}
