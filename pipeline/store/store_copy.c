#include "pipeline/store/store_copy.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "pipeline/base/folder.h"
#include "pipeline/store/database_sqlite.h"
#include "pipeline/store/store_file.h"
#include "pipeline/store/store_internal.h"

static bool cannot_copy(const struct store *store, const char *path, const char *why, struct failure *ret_failure) {
    return failure_fatal(ret_failure, EXIT_IO, "cannot copy the state %s to %s: %s", store->path, path, why);
}

/* SQLite takes an empty file for a new database, so the file's mode can be chosen before. */
static bool make_empty(const char *path) {
    int file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    return file >= 0 && close(file) == 0;
}

/* One step reads a single snapshot, however much is written meanwhile. The copy has no log of its own. */
static bool fill(const struct store *store, const char *path, const char *target, struct failure *ret_failure) {
    struct database *copy = NULL;
    bool done = database_sqlite_open(path, SQLITE_OPEN_READWRITE, &copy) &&
                database_sqlite_copy(copy, store->database) && database_run(copy, "PRAGMA journal_mode=DELETE");
    if (!done) cannot_copy(store, target, sqlite3_errmsg(database_sqlite_handle(copy)), ret_failure);
    database_close(copy);
    return done;
}

static bool flush_folder(const char *path) {
    struct span folder = folder_part(span_of(path));
    char *name = memory_string(folder.length ? folder : SPAN("."));
    int descriptor = open(name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    free(name);
    bool done = descriptor >= 0 && fsync(descriptor) == 0;
    if (descriptor >= 0) close(descriptor);
    return done;
}

/* `clear` makes room at `path` once the copy is complete; may be NULL. */
static bool copy_to(const struct store *store, const char *path, bool (*clear)(const char *, struct failure *),
                    struct failure *ret_failure) {
    struct buffer temporary = BUFFER(1 << 16);
    store_temporary_name(path, &temporary);
    bool done = make_empty(temporary.at) || cannot_copy(store, path, strerror(errno), ret_failure);
    done = done && fill(store, temporary.at, path, ret_failure) && (!clear || clear(path, ret_failure));
    if (done && (rename(temporary.at, path) != 0 || !flush_folder(path)))
        done = cannot_copy(store, path, strerror(errno), ret_failure);
    if (!done) unlink(temporary.at);
    buffer_free(&temporary);
    return done;
}

bool store_copy(const struct store *store, const char *path, struct failure *ret_failure) {
    if (store_is_remote(store))
        return failure_fatal(
            ret_failure, EXIT_USAGE,
            "the store is a PostgreSQL database; make backups of it with pg_dump, or copy it into a file "
            "with `dragoman move-store FILE`");
    return copy_to(store, path, NULL, ret_failure);
}

/* ---------------------------------------------------------------- restoring */

/* The copy is only read, so it may be on a medium that cannot be written. */
static bool open_copy(struct store *source, struct failure *ret_failure) {
    if (!database_sqlite_open(source->path, SQLITE_OPEN_READONLY, &source->database))
        return failure_fatal(ret_failure, EXIT_IO, "cannot read %s: %s", source->path,
                             sqlite3_errmsg(database_sqlite_handle(source->database)));
    return store_file_check(source, ret_failure) && store_is_known(source, ret_failure);
}

static bool move(const char *from, const char *to, const char *ending, struct failure *ret_failure) {
    struct buffer old = BUFFER(1 << 16), new = BUFFER(1 << 16);
    buffer_print(&old, "%s%s", from, ending);
    buffer_print(&new, "%s%s", to, ending);
    bool done = rename(old.at, new.at) == 0 || (errno == ENOENT && (unlink(new.at) == 0 || errno == ENOENT)) ||
                failure_fatal(ret_failure, EXIT_IO, "cannot rename %s: %s", old.at, strerror(errno));
    buffer_free(&old);
    buffer_free(&new);
    return done;
}

/* A log belongs to its database: left behind, it would be applied to the new one. It is moved first, so that a kill
 * leaves a state without its last changes rather than a log without a state. */
static bool move_away(const char *path, struct failure *ret_failure) {
    struct buffer to = BUFFER(1 << 16);
    buffer_print(&to, "%s.replaced", path);
    bool done = move(path, to.at, "-wal", ret_failure) && move(path, to.at, "-shm", ret_failure) &&
                move(path, to.at, "", ret_failure);
    buffer_free(&to);
    return done;
}

static bool is_free(const char *path, bool replace, struct failure *ret_failure) {
    return replace || access(path, F_OK) != 0 ||
           failure_fatal(ret_failure, EXIT_USAGE,
                         "there already is a state at %s; add --replace to keep it as %s.replaced", path, path);
}

bool store_restore(const char *path, const char *copy, bool replace, struct failure *ret_failure) {
    struct store source = {.lock = -1, .path = memory_string(span_of(copy))},
                 target = {.lock = -1, .path = memory_string(span_of(path))};
    bool done = open_copy(&source, ret_failure) && store_make_folder(path, ret_failure) &&
                store_take_lock(&target, ret_failure) && is_free(path, replace, ret_failure) &&
                copy_to(&source, path, move_away, ret_failure);
    database_close(source.database);
    if (target.lock >= 0) close(target.lock);
    free(source.path);
    free(target.path);
    return done;
}
