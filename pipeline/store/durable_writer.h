/* Writes files so that no reader sees an incomplete one, and none that was reported as written is lost in a power
 * failure.
 *
 * Everything happens below one folder, which may be a link; links below it are not followed (pipeline/base/folder.h). A
 * link that stands where a file belongs is replaced; a folder that does is kept beside it, as NAME.folder-1.
 *
 * Files are written in groups. Each file is written under a temporary name and flushed; the store is made durable
 * (translations that were paid for must be safe before the records that show them); the files are renamed; and each
 * folder is flushed once. Only then are the files handed back, and their articles marked as done. */
#ifndef PIPELINE_STORE_DURABLE_WRITER_H
#define PIPELINE_STORE_DURABLE_WRITER_H

#include "pipeline/base/failure.h"
#include "pipeline/base/text.h"
#include "pipeline/base/workers.h"

struct durable_writer;
struct store;

/* One file. It belongs to the durable writer from durable_writer_give() until durable_writer_take() returns it. */
struct pending_write {
    struct job job;
    struct span path;       /* relative to the durable writer's folder, with '/'; without ".." */
    struct span bytes;      /* borrowed until the file is handed back */
    struct failure failure; /* REACH_RUN if the file could not be written (disk full, no permission) */
    const struct durable_writer *durable_writer;
    char *temporary;
    void *context; /* for the caller */
};

struct durable_writer *durable_writer_new(const char *folder, struct store *store); /* borrows both */
void durable_writer_free(struct durable_writer *durable_writer); /* writes what is queued, then frees; accepts NULL */
/* Queues a file. */
void durable_writer_give(struct durable_writer *durable_writer, struct pending_write *pending_write);
/* Returns a file that has been written or has failed, or NULL if there is none. */
struct pending_write *durable_writer_take(struct durable_writer *durable_writer);
/* A file descriptor that becomes readable when durable_writer_take() has something to return. */
int durable_writer_fd(const struct durable_writer *durable_writer);

/* Writes a single file at once, on the calling thread, without flushing the store first. */
bool durable_writer_write(const char *folder, struct span path, struct span bytes, struct failure *ret_failure);

/* A group of files that are written one by one and become visible together: the pages of a day. */
struct file_group;
struct file_group *file_group_new(const char *folder); /* borrows `folder` */
/* Writes a file under a temporary name. `path` and `bytes` are copied or written before this returns. */
bool file_group_add(struct file_group *group, struct span path, struct span bytes, struct failure *ret_failure);
/* Appends to the file that was added last. */
bool file_group_extend(struct file_group *group, struct span bytes, struct failure *ret_failure);
/* Flushes all files, renames them in the order in which they were added, and flushes their folders. */
bool file_group_place(struct file_group *group, struct failure *ret_failure);
void file_group_free(struct file_group *group); /* removes what has not been placed; accepts NULL */

/* Removes temporary files that killed runs left in `path` below `folder` ("" = in `folder` itself; not in subfolders).
 * A temporary file is recognised by its name, in the present or an earlier form. It is kept while its owner, another
 * process, is still running, but not longer than a day. Must be called before this process writes anything. */
void durable_writer_sweep(const char *folder, struct span path);
/* Like the above, but removes only the temporary files of `path`: in a folder of the user, no other file is ours. */
void durable_writer_sweep_file(const char *folder, struct span path);

#endif
