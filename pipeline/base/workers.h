/* Threads for computing. Jobs are handed over by pointer: a job belongs to the pool from workers_give() until
 * workers_take() returns it, and carries its own result. Main thread only, but for the jobs' own functions. */
#ifndef PIPELINE_BASE_WORKERS_H
#define PIPELINE_BASE_WORKERS_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/queue.h>

struct job {
    void (*run)(struct job *job); /* on a worker thread */
    STAILQ_ENTRY(job) next;       /* the pool's own */
};
STAILQ_HEAD(jobs, job);

struct workers;

/* `group_end` (may be NULL) is called on the thread after each round of jobs it took at once, before any of them is
 * given back: with one thread that makes a writer which flushes once for a group. */
struct workers *workers_new(size_t threads, void (*group_end)(void *context, struct job *jobs), void *context);
void workers_free(struct workers *workers); /* waits for the jobs under way; accepts NULL */
void workers_give(struct workers *workers, struct job *job);
/* The finished jobs, linked by STAILQ_NEXT(job, next), in the order they were finished; NULL when there are none. */
struct job *workers_take(struct workers *workers);
/* Becomes readable when there is something to take. */
int workers_fd(const struct workers *workers);

#endif
