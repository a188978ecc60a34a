/* Flushes the store's log on a thread of its own, so that what has been committed is on disk before something that
 * depends on it happens elsewhere: a reservation before its request leaves. The main thread never waits; all requests
 * that are asked for during one flush share the next one. All functions must be called on the main thread. */
#ifndef PIPELINE_STORE_FLUSHER_H
#define PIPELINE_STORE_FLUSHER_H

#include <stdint.h>

#include "pipeline/base/failure.h"

struct flusher;
struct store;

enum flush_state { FLUSH_PENDING, FLUSH_DONE, FLUSH_FAILED };

struct flusher *flusher_new(struct store *store); /* borrows the store, which must outlive it */
void flusher_free(struct flusher *flusher);       /* waits for the flush that is in progress; accepts NULL */
/* Asks for everything that has been committed so far to be flushed, and returns a ticket (> 0) for it. */
uint64_t flusher_ask(struct flusher *flusher);
/* Returns what became of it. Sets *ret_failure (REACH_RUN) if it failed; that holds for all later tickets too, because
 * after a failed flush nobody knows what is on disk. */
enum flush_state flusher_state(struct flusher *flusher, uint64_t ticket, struct failure *ret_failure);
/* Asks, unless the flush asked for with *ticket (0 = none yet) is still pending, and updates *ticket. For one who waits
 * for the log to become shorter and looks in every turn. Returns false if flushing has failed, as flusher_state(). */
bool flusher_ask_once(struct flusher *flusher, uint64_t *ticket, struct failure *ret_failure);
/* A file descriptor that becomes readable when a flush has ended. */
int flusher_fd(const struct flusher *flusher);

#endif
