/* Writes files so that no reader ever sees half of one, and none is lost to a power cut once it is reported as written.
 *
 * The order for a group: every file as temporary + fdatasync; then the store is made durable (answers that were paid
 * for come before the records that show them); then the renames; then each folder is flushed once. Only after that are
 * the files given back, and their articles marked as done. */
#ifndef PIPELINE_STORE_DURABLE_WRITER_H
#define PIPELINE_STORE_DURABLE_WRITER_H

#include "pipeline/base/failure.h"
#include "pipeline/base/text.h"
#include "pipeline/base/workers.h"

struct durable_writer;
struct store;

/* One file; belongs to the durable writer from durable_writer_give() until durable_writer_take() returns it. */
struct pending_write {
    struct job job;
    struct span path;       /* below the durable writer's folder, with '/'; no "..", not absolute */
    struct span bytes;      /* borrowed until it is given back */
    struct failure failure; /* reach RUN when it could not be written (disk full, no permission) */
    const struct durable_writer *durable_writer;
    char *temporary;
    void *context; /* the caller's */
};

struct durable_writer *durable_writer_new(const char *folder, struct store *store); /* both borrowed */
void durable_writer_free(struct durable_writer *durable_writer); /* waits for what was given; accepts NULL */
void durable_writer_give(struct durable_writer *durable_writer, struct pending_write *pending_write);
/* A finished one, or NULL. */
struct pending_write *durable_writer_take(struct durable_writer *durable_writer);
int durable_writer_fd(const struct durable_writer *durable_writer);

/* The same for a single file, at once, on the calling thread. */
bool durable_writer_write(const char *folder, struct span path, struct span bytes, struct failure *ret_failure);

/* Removes what killed runs left in this folder (not below it): files with the names that temporary files have here or
 * had in earlier versions, unless another process that still runs is their owner; those that are older than a day
 * always. To be called before this process writes anything. */
void durable_writer_sweep(const char *folder);

#endif
