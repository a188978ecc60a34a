#define _GNU_SOURCE
#include "pipeline/store/durable_writer.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "pipeline/base/arena.h"
#include "pipeline/base/clock.h"
#include "pipeline/base/file.h"
#include "pipeline/store/store.h"

struct durable_writer {
    const char *folder;
    struct store *store;
    struct workers *thread; /* a pool of one */
    struct job *taken;      /* finished files, not yet handed back */
};

/* The exit code and the remedy follow from errno, which is the only thing that tells a full disk from a missing
 * permission. */
static bool fail(struct failure *failure, const char *what, const char *path) {
    int error = errno;
    const char *remedy = error == ENOSPC || error == EDQUOT  ? "free some space and run again; no data is lost"
                         : error == EACCES || error == EPERM ? "grant write permission to the user who runs dragoman"
                                                             : "fix the problem and run again; no data is lost";
    return failure_fatal(failure, error == EACCES || error == EPERM ? EXIT_PERMISSION : EXIT_IO, "cannot %s %s: %s; %s",
                         what, path, strerror(error), remedy);
}

/* Creates the parent folders of `path`. */
static bool make_folders(char *path, struct failure *failure) {
    return file_make_folders(path) || fail(failure, "create the folder", path);
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

/* Returns the folder with its final slash; empty if the path has no folder. */
static struct span folder_of(struct span path) {
    while (path.length && path.at[path.length - 1] != '/') path.length--;
    return path;
}

/* Joins folder and path. The caller frees the result. */
static char *full_path(const char *folder, struct span path) {
    struct buffer name = BUFFER(1 << 16);
    buffer_print(&name, "%s/%.*s", folder, SPAN_ARGS(path));
    return name.at;
}

/* Returns a name such as ".digest.html.4711-0123456789abcdef.tmp". Nobody can predict it, and from the process id a
 * later run can tell whether its owner is still alive (sweep.c). The caller frees it. */
static char *temporary_path(const char *folder, struct span path) {
    unsigned long long chance = 0;
    struct span parent = folder_of(path), own = span_cut(path, parent.length, path.length);
    struct buffer name = BUFFER(1 << 16);
    /* Without random numbers the time will do: O_EXCL still protects an existing file. */
    if (getrandom(&chance, sizeof chance, 0) != (ssize_t)sizeof chance) chance = (unsigned long long)clock_ms();
    buffer_print(&name, "%s/%.*s.%.*s.%ld-%016llx.tmp", folder, SPAN_ARGS(parent), SPAN_ARGS(own), (long)getpid(),
                 chance);
    return name.at;
}

/* O_EXCL and O_NOFOLLOW: never follow a link or write to a file that someone else has put there. */
static int create(const char *name) {
    return open(name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666);
}

/* Writes the file under a temporary name, which *ret_temporary receives and the caller frees. Flushes it if `flush`. */
static bool write_temporary(const char *folder, struct span path, struct span bytes, bool flush, char **ret_temporary,
                            struct failure *failure) {
    char *name = temporary_path(folder, path);
    bool done = false;
    if (make_folders(name, failure)) {
        int file = create(name);
        done = file >= 0 && write_all(file, bytes) && (!flush || fdatasync(file) == 0);
        if (!done) fail(failure, "write", name);
        /* Some file systems (NFS) report a failed write only here. */
        if (file >= 0 && close(file) != 0 && done) done = fail(failure, "write", name);
        if (file >= 0 && !done) unlink(name);
    }
    if (done)
        *ret_temporary = name;
    else
        free(name);
    return done;
}

/* rename() replaces an earlier file atomically; readers see the old or the new one. Frees `temporary`. */
static bool put_in_place(const char *folder, struct span path, char *temporary, struct failure *failure) {
    char *name = full_path(folder, path);
    bool done = rename(temporary, name) == 0 || fail(failure, "rename a file to", name);
    if (!done) unlink(temporary);
    free(name);
    free(temporary);
    return done;
}

/* Flushes the folder of `path`, so that the renamed file survives a power failure. */
static bool flush_folder(const char *folder, struct span path, struct failure *failure) {
    char *name = full_path(folder, folder_of(path));
    bool done = file_flush_folder(name) || fail(failure, "flush the folder", name);
    free(name);
    return done;
}

/* The job is the first member of a pending write. */
static struct pending_write *pending_write_of(struct job *job) {
    return (struct pending_write *)(void *)job;
}

/* Writes the temporary file, on the writer's thread; end_group() renames it. */
static void write_one(struct job *job) {
    struct pending_write *pending_write = pending_write_of(job);
    write_temporary(pending_write->durable_writer->folder, pending_write->path, pending_write->bytes, true,
                    &pending_write->temporary, &pending_write->failure);
}

/* Finishes a group: the store first, then the renames, then the folders. Consecutive files are mostly in the same
 * folder, so remembering the folder flushed last avoids nearly all repeated flushes. */
static void end_group(void *context, struct job *jobs) {
    struct durable_writer *durable_writer = context;
    struct failure durable = {0};
    /* If this fails, no file of the group may become visible. */
    store_make_durable(durable_writer->store, &durable);
    struct span flushed = {NULL, 0};
    for (struct job *job = jobs; job; job = STAILQ_NEXT(job, next)) {
        struct pending_write *pending_write = pending_write_of(job);
        /* Writing this file has failed already; its failure says why. */
        if (!pending_write->temporary) continue;
        if (durable.reach != REACH_NONE) {
            pending_write->failure = durable;
            unlink(pending_write->temporary);
            free(pending_write->temporary);
        } else {
            put_in_place(durable_writer->folder, pending_write->path, pending_write->temporary,
                         &pending_write->failure);
        }
        pending_write->temporary = NULL;
    }
    for (struct job *job = jobs; job; job = STAILQ_NEXT(job, next)) {
        struct pending_write *pending_write = pending_write_of(job);
        if (pending_write->failure.reach != REACH_NONE || span_equal(folder_of(pending_write->path), flushed)) continue;
        flush_folder(durable_writer->folder, pending_write->path, &pending_write->failure);
        flushed = folder_of(pending_write->path);
    }
}

struct durable_writer *durable_writer_new(const char *folder, struct store *store) {
    struct durable_writer *durable_writer = memory_take(sizeof *durable_writer);
    *durable_writer = (struct durable_writer){.folder = folder, .store = store};
    /* A single thread: files are written in groups, and a group is flushed once. */
    durable_writer->thread = workers_new(1, end_group, durable_writer);
    return durable_writer;
}

void durable_writer_free(struct durable_writer *durable_writer) {
    if (!durable_writer) return;
    workers_free(durable_writer->thread);
    free(durable_writer);
}

void durable_writer_give(struct durable_writer *durable_writer, struct pending_write *pending_write) {
    pending_write->job.run = write_one;
    pending_write->durable_writer = durable_writer;
    pending_write->temporary = NULL;
    pending_write->failure = (struct failure){0};
    workers_give(durable_writer->thread, &pending_write->job);
}

struct pending_write *durable_writer_take(struct durable_writer *durable_writer) {
    if (!durable_writer->taken) durable_writer->taken = workers_take(durable_writer->thread);
    struct job *job = durable_writer->taken;
    if (!job) return NULL;
    durable_writer->taken = STAILQ_NEXT(job, next);
    return pending_write_of(job);
}

int durable_writer_fd(const struct durable_writer *durable_writer) {
    return workers_fd(durable_writer->thread);
}

bool durable_writer_write(const char *folder, struct span path, struct span bytes, struct failure *ret_failure) {
    char *temporary = NULL;
    return write_temporary(folder, path, bytes, true, &temporary, ret_failure) &&
           put_in_place(folder, path, temporary, ret_failure) && flush_folder(folder, path, ret_failure);
}

/* ---------------------------------------------------------------- groups */

struct grouped_file {
    struct span path;
    char *temporary;
};

struct file_group {
    const char *folder;
    struct arena *arena;
    struct grouped_file *files;
    size_t count, capacity, placed;
};

struct file_group *file_group_new(const char *folder) {
    struct arena *arena = arena_new();
    struct file_group *group = arena_take(arena, sizeof *group);
    *group = (struct file_group){.folder = folder, .arena = arena};
    return group;
}

bool file_group_add(struct file_group *group, struct span path, struct span bytes, struct failure *ret_failure) {
    struct grouped_file file = {.path = arena_copy(group->arena, path)};
    if (!write_temporary(group->folder, path, bytes, false, &file.temporary, ret_failure)) return false;
    group->files = arena_grow(group->arena, group->files, group->count, &group->capacity, sizeof file);
    group->files[group->count++] = file;
    return true;
}

static bool flush_file(const char *name, struct failure *failure) {
    int file = open(name, O_WRONLY | O_CLOEXEC);
    bool done = file >= 0 && fdatasync(file) == 0;
    if (!done) fail(failure, "write", name);
    if (file >= 0) close(file);
    return done;
}

/* Flushing the whole file system takes one commit of its journal; flushing thousands of files takes one for each. It
 * also writes what other programs have written, so a few files are flushed one by one. */
static bool flush_files(const struct file_group *group, struct failure *failure) {
    enum { FEW = 32 };
    if (group->count > FEW) {
        int any = open(group->files[0].temporary, O_RDONLY | O_CLOEXEC);
        bool done = any >= 0 && syncfs(any) == 0;
        if (!done) fail(failure, "flush", group->files[0].temporary);
        if (any >= 0) close(any);
        return done;
    }
    for (size_t i = 0; i < group->count; i++)
        if (!flush_file(group->files[i].temporary, failure)) return false;
    return true;
}

static bool flush_folders(const struct file_group *group, struct failure *failure) {
    struct span flushed = {NULL, 0};
    for (size_t i = 0; i < group->count; i++) {
        struct span folder = folder_of(group->files[i].path);
        if (span_equal(folder, flushed)) continue;
        if (!flush_folder(group->folder, group->files[i].path, failure)) return false;
        flushed = folder;
    }
    return true;
}

bool file_group_place(struct file_group *group, struct failure *ret_failure) {
    bool done = group->count == 0 || flush_files(group, ret_failure);
    while (done && group->placed < group->count) {
        struct grouped_file *file = &group->files[group->placed++];
        done = put_in_place(group->folder, file->path, file->temporary, ret_failure);
    }
    return done && flush_folders(group, ret_failure);
}

void file_group_free(struct file_group *group) {
    if (!group) return;
    for (size_t i = group->placed; i < group->count; i++) {
        unlink(group->files[i].temporary);
        free(group->files[i].temporary);
    }
    arena_free(group->arena);
}
