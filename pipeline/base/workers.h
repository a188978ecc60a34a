/* A pool of threads for computation. A job is passed by pointer, belongs to the pool from workers_give() until
 * workers_take() returns it, and carries its own result. All functions must be called on the main thread; only the jobs
 * themselves run on the pool's threads. */
#ifndef PIPELINE_BASE_WORKERS_H
#define PIPELINE_BASE_WORKERS_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/queue.h>

struct job {
    void (*run)(struct job *job); /* called on a worker thread */
    STAILQ_ENTRY(job) next;       /* used by the pool */
};
STAILQ_HEAD(jobs, job);

struct workers;

/* Starts `threads` threads. If `group_end` is not NULL, a thread takes all waiting jobs at once, runs them, and calls
 * group_end() before any of them is returned; a pool of one thread can thus write files and flush them once per
 * group. */
struct workers *workers_new(size_t threads, void (*group_end)(void *context, struct job *jobs), void *context);
void workers_free(struct workers *workers); /* runs the jobs still waiting and joins the threads; accepts NULL */
/* Queues a job. */
void workers_give(struct workers *workers, struct job *job);
/* Waits until no job is waiting or running. What they use may then be closed. */
void workers_wait(struct workers *workers);
/* Returns the finished jobs in the order in which they finished, linked by STAILQ_NEXT(job, next), or NULL if there are
 * none. */
struct job *workers_take(struct workers *workers);
/* A file descriptor that becomes readable when workers_take() has something to return. */
int workers_fd(const struct workers *workers);

#endif
