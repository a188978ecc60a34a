#include "pipeline/store/flusher.h"

#include <stdlib.h>

#include "pipeline/base/arena.h"
#include "pipeline/base/workers.h"
#include "pipeline/store/store.h"

struct flusher {
    struct job job; /* there is one, used again and again; must be the first member */
    struct store *store;
    struct workers *thread; /* a pool of one */
    bool running;           /* the job is with the thread */
    uint64_t asked, flushed,
        covers;             /* last ticket given out, last one done, last one that the job in progress covers */
    struct failure failure; /* of the job; read only while it is not running */
};

static void flush(struct job *job) {
    struct flusher *flusher = (struct flusher *)(void *)job;
    store_make_durable(flusher->store, &flusher->failure);
}

struct flusher *flusher_new(struct store *store) {
    struct flusher *flusher = memory_take(sizeof *flusher);
    *flusher = (struct flusher){.job = {.run = flush}, .store = store, .thread = workers_new(1, NULL, NULL)};
    return flusher;
}

void flusher_free(struct flusher *flusher) {
    if (!flusher) return;
    workers_free(flusher->thread);
    free(flusher);
}

static void take_result(struct flusher *flusher) {
    if (!flusher->running || !workers_take(flusher->thread)) return;
    flusher->running = false;
    flusher->flushed = flusher->covers;
}

static void start_if_needed(struct flusher *flusher) {
    if (flusher->running || flusher->flushed == flusher->asked || flusher->failure.reach != REACH_NONE) return;
    flusher->covers = flusher->asked;
    flusher->running = true;
    workers_give(flusher->thread, &flusher->job);
}

uint64_t flusher_ask(struct flusher *flusher) {
    flusher->asked++;
    take_result(flusher);
    start_if_needed(flusher);
    return flusher->asked;
}

enum flush_state flusher_state(struct flusher *flusher, uint64_t ticket, struct failure *ret_failure) {
    take_result(flusher);
    start_if_needed(flusher);
    if (!flusher->running && flusher->failure.reach != REACH_NONE) {
        if (ret_failure) *ret_failure = flusher->failure;
        return FLUSH_FAILED;
    }
    return ticket <= flusher->flushed ? FLUSH_DONE : FLUSH_PENDING;
}

bool flusher_ask_once(struct flusher *flusher, uint64_t *ticket, struct failure *ret_failure) {
    enum flush_state state = flusher_state(flusher, *ticket, ret_failure);
    if (state == FLUSH_DONE) *ticket = flusher_ask(flusher);
    return state != FLUSH_FAILED;
}

int flusher_fd(const struct flusher *flusher) {
    return workers_fd(flusher->thread);
}
