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
#include "pipeline/base/folder.h"
#include "pipeline/store/store.h"

/* How many folders that stood in the place of one file are kept beside it, and the longest name of a file in Linux. */
enum { MAX_ASIDE = 100, NAME_LIMIT = 256 };

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
    const char *remedy = error == ENOSPC || error == EDQUOT ? "free some space and run again; no data is lost"
                         : error == ELOOP
                             ? "it is a link, and links below the output folder are not followed; remove it"
                         : error == EACCES || error == EPERM ? "grant write permission to the user who runs dragoman"
                                                             : "fix the problem and run again; no data is lost";
    return failure_fatal(failure, failure_exit_code(error), "cannot %s %s: %s; %s", what, path, strerror(error),
                         remedy);
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

/* Fails with the path of a file or folder below `folder`. */
static bool fail_at(struct failure *failure, const char *what, const char *folder, struct span path) {
    struct buffer name = BUFFER(1 << 16);
    int error = errno;
    buffer_print(&name, "%s/%.*s", folder, SPAN_ARGS(path));
    errno = error;
    fail(failure, what, name.at);
    buffer_free(&name);
    return false;
}

/* Opens the folder of a file. */
static int open_folder(const char *folder, struct span path, bool make, struct failure *failure) {
    int file = folder_open(folder, folder_part(path), make);
    if (file < 0) fail_at(failure, "open the folder", folder, folder_part(path));
    return file;
}

/* Returns a name such as ".digest.html.4711-0123456789abcdef.tmp". Nobody can predict it, and from the process id a
 * later run can tell whether its owner is still alive (sweep.c). The caller frees it. */
static char *temporary_name(struct span path) {
    unsigned long long chance = 0;
    struct buffer name = BUFFER(1 << 16);
    /* Without random numbers the time will do: O_EXCL still protects an existing file. */
    if (getrandom(&chance, sizeof chance, 0) != (ssize_t)sizeof chance) chance = (unsigned long long)clock_ms();
    buffer_print(&name, ".%.*s.%ld-%016llx.tmp", SPAN_ARGS(span_cut(path, folder_part(path).length, path.length)),
                 (long)getpid(), chance);
    return name.at;
}

/* O_EXCL and O_NOFOLLOW: never follow a link or write to a file that someone else has put there. */
static bool create(int parent, const char *name, struct span bytes, bool flush) {
    int file = openat(parent, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666);
    bool done = file >= 0 && write_all(file, bytes) && (!flush || fdatasync(file) == 0);
    int error = errno;
    /* Some file systems (NFS) report a failed write only here. */
    if (file >= 0 && close(file) != 0 && done) {
        done = false;
        error = errno;
    }
    if (file >= 0 && !done) unlinkat(parent, name, 0);
    errno = error;
    return done;
}

/* Writes the file under a temporary name, which *ret_temporary receives and the caller frees. Flushes it if `flush`. */
static bool write_temporary(const char *folder, struct span path, struct span bytes, bool flush, char **ret_temporary,
                            struct failure *failure) {
    int parent = open_folder(folder, path, true, failure);
    if (parent < 0) return false;
    char *name = temporary_name(path);
    bool done = create(parent, name, bytes, flush) || fail_at(failure, "write", folder, path);
    close(parent);
    if (done)
        *ret_temporary = name;
    else
        free(name);
    return done;
}

/* Removes a temporary file, and frees its name. */
static void drop(const char *folder, struct span path, char *temporary) {
    int parent = folder_open(folder, folder_part(path), false);
    if (parent >= 0) unlinkat(parent, temporary, 0);
    if (parent >= 0) close(parent);
    free(temporary);
}

/* Somebody has made a folder under the name of a file. What is in it is not ours to remove, so it gets a name beside it
 * that is not taken. */
static bool set_folder_aside(int parent, const char *name) {
    struct buffer aside = BUFFER(NAME_LIMIT);
    bool done = false;
    for (int i = 1; i < MAX_ASIDE && !done; i++) {
        buffer_clear(&aside);
        buffer_print(&aside, "%s.folder-%d", name, i);
        done = !aside.full && renameat2(parent, name, parent, aside.at, RENAME_NOREPLACE) == 0;
        if (!done && errno != EEXIST) break;
    }
    buffer_free(&aside);
    return done;
}

static bool replace(int parent, const char *temporary, const char *name) {
    if (renameat(parent, temporary, parent, name) == 0) return true;
    int error = errno;
    if (error == EISDIR && set_folder_aside(parent, name)) return renameat(parent, temporary, parent, name) == 0;
    errno = error;
    return false;
}

/* renameat() replaces an earlier file, or a link, atomically; readers see the old or the new one. Frees `temporary`. */
static bool put_in_place(const char *folder, struct span path, char *temporary, struct failure *failure) {
    int parent = open_folder(folder, path, false, failure);
    char *name = memory_string(span_cut(path, folder_part(path).length, path.length));
    bool done = parent >= 0 && replace(parent, temporary, name);
    if (parent >= 0 && !done) fail_at(failure, "rename a file to", folder, path);
    if (parent >= 0 && !done) unlinkat(parent, temporary, 0);
    if (parent >= 0) close(parent);
    free(name);
    free(temporary);
    return done;
}

/* Flushes the folder of `path`, so that the renamed file survives a power failure. */
static bool flush_folder(const char *folder, struct span path, struct failure *failure) {
    int parent = open_folder(folder, path, false, failure);
    if (parent < 0) return false;
    bool done = fsync(parent) == 0 || fail_at(failure, "flush the folder", folder, folder_part(path));
    close(parent);
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
            drop(durable_writer->folder, pending_write->path, pending_write->temporary);
        } else {
            put_in_place(durable_writer->folder, pending_write->path, pending_write->temporary,
                         &pending_write->failure);
        }
        pending_write->temporary = NULL;
    }
    for (struct job *job = jobs; job; job = STAILQ_NEXT(job, next)) {
        struct pending_write *pending_write = pending_write_of(job);
        if (pending_write->failure.reach != REACH_NONE || span_equal(folder_part(pending_write->path), flushed))
            continue;
        flush_folder(durable_writer->folder, pending_write->path, &pending_write->failure);
        flushed = folder_part(pending_write->path);
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

bool file_group_extend(struct file_group *group, struct span bytes, struct failure *ret_failure) {
    const struct grouped_file *last = &group->files[group->count - 1];
    int parent = open_folder(group->folder, last->path, false, ret_failure);
    if (parent < 0) return false;
    int file = openat(parent, last->temporary, O_WRONLY | O_APPEND | O_NOFOLLOW | O_CLOEXEC);
    bool done = file >= 0 && write_all(file, bytes);
    int error = errno;
    if (file >= 0 && close(file) != 0 && done) {
        done = false;
        error = errno;
    }
    close(parent);
    errno = error;
    return done || fail_at(ret_failure, "write", group->folder, last->path);
}

/* Flushes a temporary file, or, with `all`, the file system that it is on. */
static bool flush_file(const struct file_group *group, const struct grouped_file *written, bool all,
                       struct failure *failure) {
    int parent = open_folder(group->folder, written->path, false, failure);
    if (parent < 0) return false;
    int file = openat(parent, written->temporary, O_WRONLY | O_NOFOLLOW | O_CLOEXEC);
    bool done = file >= 0 && (all ? syncfs(file) : fdatasync(file)) == 0;
    if (!done) fail_at(failure, "write", group->folder, written->path);
    if (file >= 0) close(file);
    close(parent);
    return done;
}

/* Flushing the whole file system takes one commit of its journal; flushing thousands of files takes one for each. It
 * also writes what other programs have written, so a few files are flushed one by one. */
static bool flush_files(const struct file_group *group, struct failure *failure) {
    enum { FEW = 32 };
    if (group->count > FEW) return flush_file(group, &group->files[0], true, failure);
    for (size_t i = 0; i < group->count; i++)
        if (!flush_file(group, &group->files[i], false, failure)) return false;
    return true;
}

static bool flush_folders(const struct file_group *group, struct failure *failure) {
    struct span flushed = {NULL, 0};
    for (size_t i = 0; i < group->count; i++) {
        struct span folder = folder_part(group->files[i].path);
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
    for (size_t i = group->placed; i < group->count; i++)
        drop(group->folder, group->files[i].path, group->files[i].temporary);
    arena_free(group->arena);
}
