#define _GNU_SOURCE
#include "pipeline/base/workers.h"

#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "pipeline/base/arena.h"

struct workers {
    pthread_mutex_t lock;
    pthread_cond_t has_work; /* a job is waiting, or the pool is closing */
    pthread_cond_t is_idle;  /* no job is waiting or running */
    size_t unfinished;       /* jobs that are waiting or running */
    struct jobs waiting, finished;
    void (*group_end)(void *context, struct job *jobs);
    void *context;
    bool closing;
    int event;    /* eventfd, readable when `finished` is not empty */
    size_t count; /* of threads */
    pthread_t threads[];
};

/* Takes all waiting jobs if the pool has a `group_end`, else one job. */
static void take_jobs(struct workers *workers, struct jobs *ret_taken) {
    STAILQ_INIT(ret_taken);
    if (workers->group_end) {
        STAILQ_CONCAT(ret_taken, &workers->waiting);
        return;
    }
    struct job *job = STAILQ_FIRST(&workers->waiting);
    STAILQ_REMOVE_HEAD(&workers->waiting, next);
    STAILQ_INSERT_TAIL(ret_taken, job, next);
}

/* Called without the lock held. Jobs become visible to workers_take() only after group_end(), and the event is
 * signalled after that. */
static void run_jobs(struct workers *workers, struct jobs *taken) {
    struct job *job;
    size_t count = 0;
    STAILQ_FOREACH(job, taken, next) {
        job->run(job);
        count++;
    }
    if (workers->group_end) workers->group_end(workers->context, STAILQ_FIRST(taken));
    pthread_mutex_lock(&workers->lock);
    STAILQ_CONCAT(&workers->finished, taken);
    workers->unfinished -= count;
    if (!workers->unfinished) pthread_cond_signal(&workers->is_idle);
    pthread_mutex_unlock(&workers->lock);
    /* The write can fail only if the counter is about to overflow; then the descriptor is readable anyway. */
    ssize_t ignored = write(workers->event, &(uint64_t){1}, sizeof(uint64_t));
    (void)ignored;
}

/* A thread ends only when the pool is closing and no job is waiting, so that every job given is run. */
static void *run_thread(void *argument) {
    struct workers *workers = argument;
    for (;;) {
        pthread_mutex_lock(&workers->lock);
        while (STAILQ_EMPTY(&workers->waiting) && !workers->closing)
            pthread_cond_wait(&workers->has_work, &workers->lock);
        /* The pool is closing and no job is left. */
        if (STAILQ_EMPTY(&workers->waiting)) {
            pthread_mutex_unlock(&workers->lock);
            return NULL;
        }
        struct jobs taken;
        take_jobs(workers, &taken);
        pthread_mutex_unlock(&workers->lock);
        run_jobs(workers, &taken);
    }
}

struct workers *workers_new(size_t threads, void (*group_end)(void *context, struct job *jobs), void *context) {
    struct workers *workers = memory_take(sizeof *workers + threads * sizeof *workers->threads);
    pthread_mutex_init(&workers->lock, NULL);
    pthread_cond_init(&workers->has_work, NULL);
    pthread_cond_init(&workers->is_idle, NULL);
    STAILQ_INIT(&workers->waiting);
    STAILQ_INIT(&workers->finished);
    workers->group_end = group_end;
    workers->context = context;
    /* Non-blocking, so that workers_take() can reset it without knowing whether anything happened. */
    workers->event = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (workers->event < 0) memory_exhausted();
    /* `count` is the number of threads that workers_free() has to join. */
    for (; workers->count < threads; workers->count++)
        if (pthread_create(&workers->threads[workers->count], NULL, run_thread, workers) != 0) break;
    /* Fewer threads than requested will do; none at all will not. */
    if (workers->count == 0) memory_exhausted();
    return workers;
}

void workers_free(struct workers *workers) {
    if (!workers) return;
    pthread_mutex_lock(&workers->lock);
    workers->closing = true;
    pthread_cond_broadcast(&workers->has_work);
    pthread_mutex_unlock(&workers->lock);
    for (size_t i = 0; i < workers->count; i++) pthread_join(workers->threads[i], NULL);
    close(workers->event);
    pthread_cond_destroy(&workers->has_work);
    pthread_cond_destroy(&workers->is_idle);
    pthread_mutex_destroy(&workers->lock);
    free(workers);
}

void workers_give(struct workers *workers, struct job *job) {
    pthread_mutex_lock(&workers->lock);
    STAILQ_INSERT_TAIL(&workers->waiting, job, next);
    workers->unfinished++;
    pthread_cond_signal(&workers->has_work);
    pthread_mutex_unlock(&workers->lock);
}

void workers_wait(struct workers *workers) {
    pthread_mutex_lock(&workers->lock);
    while (workers->unfinished) pthread_cond_wait(&workers->is_idle, &workers->lock);
    pthread_mutex_unlock(&workers->lock);
}

struct job *workers_take(struct workers *workers) {
    uint64_t count;
    /* Resets the event before the list is taken, so that a job that finishes in between makes it readable again. */
    ssize_t ignored = read(workers->event, &count, sizeof count);
    (void)ignored;
    pthread_mutex_lock(&workers->lock);
    /* The caller gets the whole list. Its links stay valid, because the pool starts a new one. */
    struct job *jobs = STAILQ_FIRST(&workers->finished);
    STAILQ_INIT(&workers->finished);
    pthread_mutex_unlock(&workers->lock);
    return jobs;
}

int workers_fd(const struct workers *workers) {
    return workers->event;
}
