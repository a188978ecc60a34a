#define _GNU_SOURCE
#include "pipeline/store/durable_writer.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "pipeline/base/arena.h"
#include "pipeline/store/store.h"

struct keeper {
    const char *folder;
    struct store *store;
    struct workers *thread;
    struct job *taken; /* finished, not handed out yet */
};

static bool fail(struct failure *failure, const char *what, const char *path) {
    int error = errno;
    const char *remedy = error == ENOSPC || error == EDQUOT  ? "free some space and run again; nothing is lost"
                         : error == EACCES || error == EPERM ? "let the user who runs it write there"
                                                             : "run again when that is mended; nothing is lost";
    return failure_fatal(failure, error == EACCES || error == EPERM ? EXIT_PERMISSION : EXIT_IO, "cannot %s %s: %s; %s",
                         what, path, strerror(error), remedy);
}

/* Makes every folder on the way to `path`. */
static bool make_folders(char *path, struct failure *failure) {
    for (char *slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        bool made = mkdir(path, 0777) == 0 || errno == EEXIST;
        if (!made) fail(failure, "make the folder", path);
        *slash = '/';
        if (!made) return false;
    }
    return true;
}

static bool write_all(int file, struct span bytes) {
    while (bytes.length) {
        ssize_t written = write(file, bytes.at, bytes.length);
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) return false;
        bytes = span_cut(bytes, (size_t)written, bytes.length);
    }
    return true;
}

static char *full_path(const char *folder, struct span path, const char *ending) {
    struct buffer name = BUFFER(1 << 16);
    buffer_print(&name, "%s/%.*s%s", folder, SPAN_ARGS(path), ending);
    return name.at;
}

/* Everything but the rename: *ret_temporary is the file's name so far, the caller's to free. */
static bool write_temporary(const char *folder, struct span path, struct span bytes, char **ret_temporary,
                            struct failure *failure) {
    char ending[32];
    snprintf(ending, sizeof ending, ".%ld.tmp", (long)getpid());
    char *name = full_path(folder, path, ending);
    bool done = false;
    if (make_folders(name, failure)) {
        int file = open(name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
        done = file >= 0 && write_all(file, bytes) && fdatasync(file) == 0;
        if (!done) fail(failure, "write", name);
        if (file >= 0 && close(file) != 0 && done) done = fail(failure, "write", name);
        if (!done) unlink(name);
    }
    if (done)
        *ret_temporary = name;
    else
        free(name);
    return done;
}

static bool put_in_place(const char *folder, struct span path, char *temporary, struct failure *failure) {
    char *name = full_path(folder, path, "");
    bool done = rename(temporary, name) == 0 || fail(failure, "rename a file to", name);
    if (!done) unlink(temporary);
    free(name);
    free(temporary);
    return done;
}

static bool flush_folder(const char *folder, struct span path, struct failure *failure) {
    size_t length = path.length;
    while (length && path.at[length - 1] != '/') length--;
    char *name = full_path(folder, span_cut(path, 0, length), "");
    int directory = open(name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool done = directory >= 0 && fsync(directory) == 0;
    if (!done) fail(failure, "flush the folder", name);
    if (directory >= 0) close(directory);
    free(name);
    return done;
}

static struct span folder_of(struct span path) {
    while (path.length && path.at[path.length - 1] != '/') path.length--;
    return path;
}

static struct keeping *keeping_of(struct job *job) {
    return (struct keeping *)(void *)job;
}

static void write_one(struct job *job) {
    struct keeping *keeping = keeping_of(job);
    write_temporary(keeping->keeper->folder, keeping->path, keeping->bytes, &keeping->temporary, &keeping->failure);
}

/* Whether an earlier one of the group lies in the same folder, which is flushed once. Groups are short and their
 * folders are one or two, so the last folder is all that has to be remembered. */
static void end_group(void *context, struct job *jobs) {
    struct keeper *keeper = context;
    struct failure durable = {0};
    store_make_durable(keeper->store, &durable);
    struct span flushed = {NULL, 0};
    for (struct job *job = jobs; job; job = job->next) {
        struct keeping *keeping = keeping_of(job);
        if (!keeping->temporary) continue;
        if (durable.reach != REACH_NONE) {
            keeping->failure = durable;
            unlink(keeping->temporary);
            free(keeping->temporary);
        } else {
            put_in_place(keeper->folder, keeping->path, keeping->temporary, &keeping->failure);
        }
        keeping->temporary = NULL;
    }
    for (struct job *job = jobs; job; job = job->next) {
        struct keeping *keeping = keeping_of(job);
        if (keeping->failure.reach != REACH_NONE || span_equal(folder_of(keeping->path), flushed)) continue;
        flush_folder(keeper->folder, keeping->path, &keeping->failure);
        flushed = folder_of(keeping->path);
    }
}

struct keeper *keeper_new(const char *folder, struct store *store) {
    struct keeper *keeper = memory_take(sizeof *keeper);
    *keeper = (struct keeper){.folder = folder, .store = store};
    keeper->thread = workers_new(1, end_group, keeper);
    return keeper;
}

void keeper_free(struct keeper *keeper) {
    if (!keeper) return;
    workers_free(keeper->thread);
    free(keeper);
}

void keeper_give(struct keeper *keeper, struct keeping *keeping) {
    keeping->job.run = write_one;
    keeping->keeper = keeper;
    keeping->temporary = NULL;
    keeping->failure = (struct failure){0};
    workers_give(keeper->thread, &keeping->job);
}

struct keeping *keeper_take(struct keeper *keeper) {
    if (!keeper->taken) keeper->taken = workers_take(keeper->thread);
    struct job *job = keeper->taken;
    if (!job) return NULL;
    keeper->taken = job->next;
    return keeping_of(job);
}

int keeper_fd(const struct keeper *keeper) {
    return workers_fd(keeper->thread);
}

bool keeper_write(const char *folder, struct span path, struct span bytes, struct failure *ret_failure) {
    char *temporary = NULL;
    return write_temporary(folder, path, bytes, &temporary, ret_failure) &&
           put_in_place(folder, path, temporary, ret_failure) && flush_folder(folder, path, ret_failure);
}
