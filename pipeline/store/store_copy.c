#include "pipeline/store/store_copy.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "pipeline/base/folder.h"
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
    sqlite3 *copy = NULL;
    bool done = sqlite3_open_v2(path, &copy, SQLITE_OPEN_READWRITE, NULL) == SQLITE_OK;
    sqlite3_backup *backup = done ? sqlite3_backup_init(copy, "main", store->database, "main") : NULL;
    done = backup && sqlite3_backup_step(backup, -1) == SQLITE_DONE;
    done = (!backup || sqlite3_backup_finish(backup) == SQLITE_OK) && done;
    done = done && sqlite3_exec(copy, "PRAGMA journal_mode=DELETE", NULL, NULL, NULL) == SQLITE_OK;
    if (!done) cannot_copy(store, target, sqlite3_errmsg(copy), ret_failure);
    sqlite3_close(copy);
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

bool store_copy(const struct store *store, const char *path, struct failure *ret_failure) {
    struct buffer temporary = BUFFER(1 << 16);
    store_temporary_name(path, &temporary);
    bool done = make_empty(temporary.at) || cannot_copy(store, path, strerror(errno), ret_failure);
    done = done && fill(store, temporary.at, path, ret_failure);
    if (done && (rename(temporary.at, path) != 0 || !flush_folder(path)))
        done = cannot_copy(store, path, strerror(errno), ret_failure);
    if (!done) unlink(temporary.at);
    buffer_free(&temporary);
    return done;
}
