#define _GNU_SOURCE /* renameat2 */
#include "pipeline/store/store_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "pipeline/base/file.h"
#include "pipeline/base/folder.h"
#include "pipeline/store/database_sqlite.h"
#include "pipeline/store/store_internal.h"

/* Looking at every page of a larger state would take longer than most commands; damage is found when it is read. */
enum { CHECKED_BYTES = 32 << 20 };

static bool cannot_create(const char *path, struct failure *ret_failure) {
    int error = errno;
    bool full = error == ENOSPC || error == EDQUOT;
    return failure_fatal(ret_failure, failure_exit_code(error), "cannot create the state %s: %s%s", path,
                         strerror(error), full ? "; free some space and run again" : "");
}

/* ---------------------------------------------------------------- a new file */

static bool write_file(const char *path, const unsigned char *bytes, size_t length) {
    int file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    bool done = file >= 0;
    while (done && length) {
        ssize_t written = write(file, bytes, length);
        if (written < 0 && errno == EINTR) continue;
        done = written > 0;
        bytes += done ? written : 0;
        length -= done ? (size_t)written : 0;
    }
    done = done && fsync(file) == 0;
    int error = errno;
    if (file >= 0) close(file);
    errno = error;
    return done;
}

/* Some file systems know only one of the two calls. */
bool store_file_put_in_place(const char *temporary, const char *path) {
    if (renameat2(AT_FDCWD, temporary, AT_FDCWD, path, RENAME_NOREPLACE) == 0) return true;
    bool done = errno != EEXIST && link(temporary, path) == 0;
    int error = errno;
    unlink(temporary);
    errno = error;
    return done;
}

void store_temporary_name(const char *path, struct buffer *out) {
    unsigned long long chance = 0;
    ssize_t ignored = getrandom(&chance, sizeof chance, 0);
    (void)ignored;
    struct span folder = folder_part(span_of(path));
    /* In the form that is swept when it is left over (sweep.c). */
    buffer_print(out, "%.*s.%s.%ld-%016llx.tmp", SPAN_ARGS(folder), path + folder.length, (long)getpid(), chance);
}

static bool write_state(const char *path, const unsigned char *bytes, size_t length, struct failure *ret_failure) {
    struct buffer temporary = BUFFER(1 << 16);
    store_temporary_name(path, &temporary);
    bool done = write_file(temporary.at, bytes, length);
    int error = errno;
    if (!done) unlink(temporary.at);
    errno = error;
    /* Another process may have created the state in the meantime. */
    done = done && (store_file_put_in_place(temporary.at, path) || errno == EEXIST) && file_flush_folder(path);
    buffer_free(&temporary);
    return done || cannot_create(path, ret_failure);
}

/* The schema is made in memory and written at once. */
static bool create(const char *path, struct failure *ret_failure) {
    struct store memory = {.lock = -1};
    sqlite3_int64 length = 0;
    bool done = database_sqlite_open(":memory:", SQLITE_OPEN_READWRITE, &memory.database) &&
                store_bring_up(&memory, ret_failure);
    unsigned char *bytes = done ? sqlite3_serialize(database_sqlite_handle(memory.database), "main", &length, 0) : NULL;
    database_close(memory.database);
    if (done && !bytes) memory_exhausted();
    done = done && write_state(path, bytes, (size_t)length, ret_failure);
    sqlite3_free(bytes);
    return done;
}

/* ---------------------------------------------------------------- an existing file */

static bool unusable(const char *path, const char *what, struct failure *ret_failure) {
    return failure_fatal(ret_failure, EXIT_IO, "the state %s %s; " STORE_WAY_BACK, path, what);
}

/* A log that is left without its database would be taken for that of the new one. */
static bool is_lost(const char *path, struct failure *ret_failure) {
    struct buffer log = BUFFER(1 << 16);
    struct stat status;
    buffer_print(&log, "%s-wal", path);
    bool lost = stat(log.at, &status) == 0 && status.st_size > 0;
    if (lost)
        failure_fatal(ret_failure, EXIT_IO,
                      "the state %s is missing, but its log %s is there; restore both from a backup, or move the log "
                      "away too and run `dragoman verify --repair`, which makes a new state from the records",
                      path, log.at);
    buffer_free(&log);
    return lost;
}

static bool has_header(const char *path) {
    static const char expected[16] = "SQLite format 3";
    char header[sizeof expected] = "";
    int file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (file < 0) return true; /* SQLite will say why it cannot be opened */
    ssize_t length = pread(file, header, sizeof header, 0);
    close(file);
    return length == (ssize_t)sizeof header && memcmp(header, expected, sizeof header) == 0;
}

static bool may_be_state(const char *path, const struct stat *status, struct failure *ret_failure) {
    if (!S_ISREG(status->st_mode))
        return failure_fatal(ret_failure, EXIT_CONFIG, "the state %s is %s; set run.state to a file", path,
                             S_ISDIR(status->st_mode) ? "a folder" : "not a regular file");
    if (status->st_size == 0) return unusable(path, "is an empty file: its contents are lost", ret_failure);
    return has_header(path) || unusable(path, "is another kind of file, or its beginning is damaged", ret_failure);
}

bool store_file_prepare(const char *path, struct failure *ret_failure) {
    struct stat status;
    if (stat(path, &status) == 0) return may_be_state(path, &status, ret_failure);
    if (errno != ENOENT) return cannot_create(path, ret_failure);
    return !is_lost(path, ret_failure) && create(path, ret_failure);
}

bool store_file_look(const char *path, bool *ret_there, struct failure *ret_failure) {
    struct stat status;
    *ret_there = stat(path, &status) == 0;
    if (!*ret_there && errno == ENOENT) return !is_lost(path, ret_failure);
    if (!*ret_there || access(path, R_OK) != 0)
        return failure_fatal(ret_failure, failure_exit_code(errno), "cannot read the state %s: %s", path,
                             strerror(errno));
    return may_be_state(path, &status, ret_failure);
}

/* ---------------------------------------------------------------- an open database */

/* A version number alone proves nothing: other programs count theirs, too. */
static bool has_tables(struct store *store, struct failure *ret_failure) {
    struct database *database = store->database;
    int64_t version = database_sqlite_number(database, "PRAGMA user_version"),
            all = database_sqlite_number(database, "SELECT count(*) FROM sqlite_master"),
            ours = database_sqlite_number(database, "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name "
                                                    "IN ('article', 'memory', 'bill')");
    if (version < 0 || all < 0 || ours < 0) return store_fail(store, ret_failure);
    if (all == 0) return unusable(store->path, "is an empty database: its contents are lost", ret_failure);
    return (ours == 3 && version > 0) ||
           failure_fatal(ret_failure, EXIT_CONFIG,
                         "%s is the database of another program; set run.state to a file of dragoman's own",
                         store->path);
}

static bool is_sound(struct store *store, struct failure *ret_failure) {
    int64_t bytes = database_sqlite_number(store->database, "PRAGMA page_count") *
                    database_sqlite_number(store->database, "PRAGMA page_size");
    if (bytes > CHECKED_BYTES) return true;
    struct statement *statement = database_prepare(store->database, "PRAGMA quick_check(1)");
    bool asked = statement && statement_step(statement) == STATEMENT_ROW;
    bool sound = asked && span_is(store_column(statement, 0, NULL), "ok");
    if (!asked) store_fail(store, ret_failure);
    if (asked && !sound) unusable(store->path, "is damaged", ret_failure);
    statement_free(statement);
    return sound;
}

bool store_file_check(struct store *store, struct failure *ret_failure) {
    return has_tables(store, ret_failure) && is_sound(store, ret_failure);
}
