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

struct keeper;
struct store;

/* One file; belongs to the keeper from keeper_give() until keeper_take() returns it. */
struct keeping {
    struct job job;
    struct span path;       /* below the keeper's folder, with '/'; no "..", not absolute */
    struct span bytes;      /* borrowed until it is given back */
    struct failure failure; /* reach RUN when it could not be written (disk full, no permission) */
    const struct keeper *keeper;
    char *temporary;
    void *context; /* the caller's */
};

struct keeper *keeper_new(const char *folder, struct store *store); /* both borrowed */
void keeper_free(struct keeper *keeper);                            /* waits for what was given; accepts NULL */
void keeper_give(struct keeper *keeper, struct keeping *keeping);
/* A finished one, or NULL. */
struct keeping *keeper_take(struct keeper *keeper);
int keeper_fd(const struct keeper *keeper);

/* The same for a single file, at once, on the calling thread. */
bool keeper_write(const char *folder, struct span path, struct span bytes, struct failure *ret_failure);

#endif
