#include "pipeline/engine/loop.h"

#include <errno.h>
#include <poll.h>

#include "pipeline/base/clock.h"
#include "pipeline/net/dispatcher.h"
#include "pipeline/store/durable_writer.h"
#include "pipeline/store/flusher.h"
#include "pipeline/store/store_questions.h"

/* The deadline, the end of the grace period and the progress line make no descriptor ready, so they are checked at
 * least this often. */
enum { LONGEST_WAIT_MS = 200 };

/* ---------------------------------------------------------------- open and close */

void loop_open(struct loop *loop, const struct scheduler_options *options, discovery_found *found,
               discovery_failed *failed) {
    loop->discovery = discovery_new(loop->dispatcher, found, failed, options->context);
    loop->scheduler = scheduler_new(options);
}

/* Discovery must be closed first: it waits for the worker thread, which may still be parsing for a source. */
void loop_close(struct loop *loop) {
    discovery_free(loop->discovery);
    scheduler_free(loop->scheduler);
    loop->discovery = NULL;
    loop->scheduler = NULL;
}

/* ---------------------------------------------------------------- the end */

/* Requests that have been sent may still be answered during the grace period; those still in the queue are handed back
 * at once, so that their articles can be stored as waiting. */
void loop_stop(struct loop *loop) {
    struct failure failure;
    if (loop->stopping) return;
    loop->stopping = true;
    loop->stop_at = clock_ms() + loop->grace_ms;
    if (loop->scheduler) scheduler_stop_feeding(loop->scheduler);
    if (loop->discovery) discovery_stop(loop->discovery);
    failure_set(&failure, REACH_SERVICE, REMEDY_NEXT_RUN, "the run ended before this could be requested");
    failure_blame(&failure, CAUSE_MACHINE, SPAN(RUN_ENDED));
    dispatcher_give_up_waiting(loop->dispatcher, &failure);
}

static struct pollfd readable(int fd) {
    return (struct pollfd){.fd = fd, .events = POLLIN};
}

static bool is_told_to_stop(const struct loop *loop) {
    struct pollfd stop = readable(loop->stop_fd);
    int ready;
    /* The signal that makes stop_fd readable may interrupt this call of poll(). */
    do ready = poll(&stop, 1, 0);
    while (ready < 0 && errno == EINTR);
    return ready > 0;
}

static void stop_when_due(struct loop *loop) {
    if (loop->stopping) return;
    bool late = loop->deadline && clock_ms() > loop->deadline;
    if (late || is_told_to_stop(loop)) loop_stop(loop);
}

/* Without a scheduler (check-config --online), the caller decides when the loop has ended. */
static bool has_ended(const struct loop *loop) {
    if (loop->stopping && clock_ms() > loop->stop_at) return true;
    return loop->scheduler && scheduler_finished(loop->scheduler) && discovery_finished(loop->discovery);
}

/* ---------------------------------------------------------------- a turn */

/* stop_fd stays readable and would end every wait at once, so a loop that is stopping leaves it out. */
static void wait_for_something(struct loop *loop) {
    struct pollfd fds[6];
    size_t count = 0;
    if (!loop->stopping) fds[count++] = readable(loop->stop_fd);
    if (loop->discovery) fds[count++] = readable(discovery_fd(loop->discovery));
    if (loop->scheduler) fds[count++] = readable(scheduler_fd(loop->scheduler));
    if (loop->durable_writer) fds[count++] = readable(durable_writer_fd(loop->durable_writer));
    if (loop->flusher) fds[count++] = readable(flusher_fd(loop->flusher));
    int questions = loop->store ? store_questions_fd(loop->store) : -1;
    if (questions >= 0) fds[count++] = readable(questions);
    bool has_answers = loop->store && store_has_answers(loop->store);
    bool waits = loop->idle && !has_answers && !(loop->scheduler && scheduler_has_work(loop->scheduler));
    dispatcher_wait(loop->dispatcher, fds, count, waits ? LONGEST_WAIT_MS : 0);
}

/* The sources come before the scheduler, which takes the articles they have found. The dispatcher comes last, to send
 * what both have requested. */
static void turn(struct loop *loop) {
    loop->idle = !loop->discovery || !discovery_turn(loop->discovery);
    if (loop->store && store_take_answers(loop->store)) scheduler_ask_again(loop->scheduler);
    if (loop->scheduler) scheduler_turn(loop->scheduler);
    dispatcher_turn(loop->dispatcher);
}

/* A signal may end the wait. Check for it before the turn, because a source could begin a read that blocks. */
bool loop_turn(struct loop *loop) {
    stop_when_due(loop);
    if (!has_ended(loop)) wait_for_something(loop);
    stop_when_due(loop);
    if (has_ended(loop)) return false;
    turn(loop);
    return true;
}
