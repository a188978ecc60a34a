#include "pipeline/net/subprocess.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>
#include <unistd.h>

#include "pipeline/base/arena.h"
#include "pipeline/net/children.h"

/* A pipeline serves one language pair, or is one of the processes of a program. MAX_SENDS: attempts per exchange.
 * ERRORS: how much of the end of standard error is kept. SAID: how much of it is shown. */
enum { MAX_PIPELINES = 8, MAX_SENDS = 2, DEFAULT_TIMEOUT_MS = 30000, CHUNK = 1 << 16, ERRORS = 1024, SAID = 200 };
static const size_t REPLY_LIMIT = 64u << 20;

/* Why a pipeline is restarted; the end of a sentence. */
static const char exited[] = "exited without a reply", hung[] = "made no progress and was killed",
                  garbage[] = "wrote something that is no reply", flood[] = "wrote a reply that is too large",
                  unstartable[] = "cannot be started";

/* An exchange in a pipeline, and how far it has been written and read. */
struct pipe_request {
    STAILQ_ENTRY(pipe_request) next;
    struct exchange *exchange;
    pipes_done *done;
    void *context;
    size_t written,
        frames_read;    /* written: bytes of the body that have been written; frames_read: complete frames received */
    size_t frame_start; /* where in the reply the frame begins that is being received */
    unsigned sends;     /* attempts so far */
};

STAILQ_HEAD(pipe_requests, pipe_request);

struct pipeline {
    const struct command *commands;
    size_t command_count;
    const struct frame_form *form; /* as in the exchanges */
    struct children children;
    bool answered;          /* it has answered an exchange since it was started */
    struct buffer greeting; /* the frame with which it greeted, if any */
    char errors[ERRORS];    /* the end of what it wrote to standard error */
    size_t errors_length;
    struct pipe_requests pipe_requests; /* in order of arrival; the first ones may be written but not yet answered */
    struct pipe_request *writing;       /* first request not fully written; NULL = all are written */
    int64_t progress,
        last_use; /* progress: time of the last byte in either direction; last_use: time of the last request */
};

struct pipes {
    struct pipeline pipelines[MAX_PIPELINES];
    struct pipe_requests waiting; /* requests that wait for a free pipeline */
    struct pipe_requests failed;  /* requests that the next pipes_handle() hands back */
    char *chunk;                  /* buffer for reading */
};

/* Removes and returns the first request; NULL if the list is empty. */
static struct pipe_request *take_first(struct pipe_requests *pipe_requests) {
    struct pipe_request *first = STAILQ_FIRST(pipe_requests);
    if (first) STAILQ_REMOVE_HEAD(pipe_requests, next);
    return first;
}

struct pipes *pipes_new(void) {
    struct pipes *pipes = memory_take(sizeof *pipes);
    for (size_t i = 0; i < MAX_PIPELINES; i++) STAILQ_INIT(&pipes->pipelines[i].pipe_requests);
    STAILQ_INIT(&pipes->waiting);
    STAILQ_INIT(&pipes->failed);
    pipes->chunk = memory_take(CHUNK);
    signal(SIGPIPE, SIG_IGN); /* a dead pipeline shows up as an error from write() */
    return pipes;
}

/* ---------------------------------------------------------------- starting and stopping */

static void stop(struct pipeline *pipeline) {
    children_stop(&pipeline->children);
    buffer_free(&pipeline->greeting);
}

static bool launch(struct pipeline *pipeline) {
    pipeline->answered = false;
    pipeline->errors_length = 0;
    return children_start(pipeline->commands, pipeline->command_count, pipeline->form != NULL, &pipeline->children);
}

/* Keeps the end of what the program writes to standard error. It is read even if nobody asks, because a program whose
 * standard error is full would hang. */
static void read_errors(struct pipes *pipes, struct pipeline *pipeline) {
    ssize_t length;
    while (pipeline->children.errors >= 0 && (length = read(pipeline->children.errors, pipes->chunk, CHUNK)) != -1) {
        if (length == 0) children_close_errors(&pipeline->children);
        size_t added = (size_t)length < ERRORS ? (size_t)length : ERRORS, kept = pipeline->errors_length;
        if (kept > ERRORS - added) kept = ERRORS - added;
        memmove(pipeline->errors, pipeline->errors + pipeline->errors_length - kept, kept);
        memcpy(pipeline->errors + kept, pipes->chunk + (size_t)length - added, added);
        pipeline->errors_length = kept + added;
    }
}

/* Returns the last lines of standard error that fit into a message, or the end of the last one. */
static struct span last_words(const struct pipeline *pipeline) {
    struct span all = span_trim((struct span){pipeline->errors, pipeline->errors_length});
    if (all.length <= SAID) return all;
    struct span end = span_cut(all, all.length - SAID, all.length);
    size_t line = span_find(end, SPAN("\n"));
    return line == SIZE_MAX ? end : span_trim(span_cut(end, line, end.length));
}

/* ---------------------------------------------------------------- queueing */

/* Hands the exchange back with a failure, in the next pipes_handle(). A program that cannot be started will not start
 * in a second either; an engine's pipeline may, because its failure is usually one of memory or processes. */
static void fail_pipe_request(struct pipes *pipes, const struct pipeline *pipeline, struct pipe_request *pipe_request,
                              const char *why) {
    struct exchange *exchange = pipe_request->exchange;
    struct span said = why == unstartable ? span_of(strerror(pipeline->children.error)) : last_words(pipeline);
    bool closes = why == unstartable && exchange->form;
    failure_set(&exchange->failure, REACH_SERVICE, closes ? REMEDY_NEXT_RUN : REMEDY_RETRY, "the %s %s (%s)%s%.*s",
                exchange->form ? "program" : "pipeline", why,
                exchange->command_count ? exchange->commands[0].arguments[0] : "no command", said.length ? ": " : "",
                SPAN_ARGS(said));
    STAILQ_INSERT_TAIL(&pipes->failed, pipe_request, next);
}

static void fail_all(struct pipes *pipes, struct pipeline *pipeline, const char *why) {
    for (struct pipe_request *pipe_request; (pipe_request = take_first(&pipeline->pipe_requests));)
        fail_pipe_request(pipes, pipeline, pipe_request, why);
    pipeline->writing = NULL;
}

/* The reply so far is discarded, so that the fresh pipeline starts from a clean state. */
static void rewind_pipe_request(struct pipe_request *pipe_request) {
    pipe_request->written = pipe_request->frames_read = pipe_request->frame_start = 0;
    buffer_free(&pipe_request->exchange->reply);
}

/* A program's failures are counted, and tried again, by its limiter. Only if it ends between two requests, as some do
 * after a number of them, is the second one sent again here. */
static unsigned sends_allowed(const struct pipeline *pipeline, const char *why) {
    return !pipeline->form || (pipeline->answered && why == exited) ? MAX_SENDS : 1;
}

/* Kills the pipeline and sends its unfinished exchanges to a fresh one. An exchange that has had its attempts fails
 * instead, because it may be what kills the pipeline. */
static void restart(struct pipes *pipes, struct pipeline *pipeline, const char *why, int64_t now) {
    struct pipe_requests unfinished = STAILQ_HEAD_INITIALIZER(unfinished);
    unsigned allowed = sends_allowed(pipeline, why);
    STAILQ_CONCAT(&unfinished, &pipeline->pipe_requests);
    read_errors(pipes, pipeline);
    stop(pipeline);
    pipeline->writing = NULL;
    pipeline->progress = now;
    for (struct pipe_request *pipe_request; (pipe_request = take_first(&unfinished));) {
        rewind_pipe_request(pipe_request);
        if (++pipe_request->sends > allowed)
            fail_pipe_request(pipes, pipeline, pipe_request, why);
        else
            STAILQ_INSERT_TAIL(&pipeline->pipe_requests, pipe_request, next);
    }
    if (STAILQ_EMPTY(&pipeline->pipe_requests)) return;
    if (launch(pipeline))
        pipeline->writing = STAILQ_FIRST(&pipeline->pipe_requests);
    else
        fail_all(pipes, pipeline, unstartable);
}

static void take_over(struct pipeline *pipeline, const struct exchange *exchange) {
    stop(pipeline);
    pipeline->commands = exchange->commands;
    pipeline->command_count = exchange->command_count;
    pipeline->form = exchange->form;
}

/* Returns a pipeline for these commands, an idle one if there is one. If all are busy and there may be more of them,
 * takes over the pipeline that has been idle longest. NULL if all pipelines are busy with other commands. */
static struct pipeline *find_pipeline(struct pipes *pipes, const struct exchange *exchange) {
    struct pipeline *idle = NULL, *own = NULL;
    size_t copies = 0;
    for (size_t i = 0; i < MAX_PIPELINES; i++) {
        struct pipeline *pipeline = &pipes->pipelines[i];
        bool free = STAILQ_EMPTY(&pipeline->pipe_requests);
        /* The pointer identifies the pipeline: commands are static or owned by the service's state. */
        if (pipeline->commands == exchange->commands) {
            copies++;
            if (!own || free) own = pipeline;
        } else if (free && (!idle || pipeline->last_use < idle->last_use)) {
            idle = pipeline;
        }
    }
    if (own && (STAILQ_EMPTY(&own->pipe_requests) || copies >= exchange->copies || !idle)) return own;
    if (idle) take_over(idle, exchange);
    return idle;
}

/* Adds a request to the pipeline for its commands, starting the pipeline if necessary. If all pipelines are busy with
 * other commands, adds the request to `waiting` instead. */
static void enqueue(struct pipes *pipes, struct pipe_request *pipe_request, int64_t now) {
    struct pipeline *pipeline = find_pipeline(pipes, pipe_request->exchange);
    if (!pipeline) {
        STAILQ_INSERT_TAIL(&pipes->waiting, pipe_request, next);
        return;
    }
    /* An idle pipeline has made no progress for a while, which must not count against this request. */
    if (STAILQ_EMPTY(&pipeline->pipe_requests)) pipeline->progress = now;
    pipeline->last_use = now;
    pipe_request->sends = 1;
    STAILQ_INSERT_TAIL(&pipeline->pipe_requests, pipe_request, next);
    if (!pipeline->writing) pipeline->writing = pipe_request;
    if (!pipeline->children.group && !launch(pipeline)) fail_all(pipes, pipeline, unstartable);
}

void pipes_send(struct pipes *pipes, struct exchange *exchange, int64_t now_ms, pipes_done *done, void *context) {
    struct pipe_request *pipe_request = memory_take(sizeof *pipe_request);
    *pipe_request = (struct pipe_request){.exchange = exchange, .done = done, .context = context};
    exchange->reply.limit = exchange->reply_limit ? exchange->reply_limit : REPLY_LIMIT;
    enqueue(pipes, pipe_request, now_ms);
}

/* ---------------------------------------------------------------- input and output */

/* Writes until the pipe is full. Returns false if the pipeline is dead. */
static bool write_some(struct pipeline *pipeline, int64_t now) {
    while (pipeline->writing) {
        struct pipe_request *pipe_request = pipeline->writing;
        struct span rest =
            span_cut(pipe_request->exchange->body, pipe_request->written, pipe_request->exchange->body.length);
        if (rest.length == 0) {
            pipeline->writing = STAILQ_NEXT(pipe_request, next);
            continue;
        }
        ssize_t written = write(pipeline->children.in, rest.at, rest.length);
        /* A full pipe is normal: poll() reports when it has room again. */
        if (written < 0) return errno == EAGAIN || errno == EINTR;
        pipe_request->written += (size_t)written;
        pipeline->progress = now;
    }
    return true;
}

/* Asks the exchange what a complete frame is. A greeting is kept with the pipeline. Returns false if the frame is
 * neither a reply nor the first greeting. */
static bool take_frame(struct pipeline *pipeline, struct pipe_request *pipe_request) {
    struct exchange *exchange = pipe_request->exchange;
    struct span all = buffer_span(&exchange->reply), frame = span_cut(all, pipe_request->frame_start, all.length);
    enum frame_kind kind = exchange->form ? exchange->form->kind_of(exchange, frame) : FRAME_REPLY;
    if (kind == FRAME_GREETING && !pipeline->answered && !pipeline->greeting.length) {
        pipeline->greeting = BUFFER(exchange->reply.limit);
        buffer_add_span(&pipeline->greeting, frame);
        exchange->reply.length = pipe_request->frame_start;
        return true;
    }
    pipe_request->frame_start = all.length;
    pipe_request->frames_read++;
    return kind == FRAME_REPLY;
}

/* Moves the first exchange to `finished`. */
static void finish_first(struct pipeline *pipeline, struct pipe_requests *finished) {
    struct pipe_request *pipe_request = take_first(&pipeline->pipe_requests);
    struct exchange *exchange = pipe_request->exchange;
    exchange->greeting = arena_copy(exchange->arena, buffer_span(&pipeline->greeting));
    pipeline->answered = true;
    STAILQ_INSERT_TAIL(finished, pipe_request, next);
}

/* Gives the bytes to the first exchange until it has all its frames, then to the next. Returns why they cannot be a
 * reply, or NULL. For a program with a form, only a whole frame is progress: it must not go on for ever. */
static const char *take_bytes(struct pipeline *pipeline, struct span bytes, int64_t now,
                              struct pipe_requests *finished) {
    while (bytes.length) {
        struct pipe_request *pipe_request = STAILQ_FIRST(&pipeline->pipe_requests);
        if (!pipe_request || pipe_request->written == 0) return garbage;
        const char *end = memchr(bytes.at, pipeline->form ? pipeline->form->end : '\0', bytes.length);
        size_t length = end ? (size_t)(end - bytes.at) + 1 : bytes.length;
        if (!buffer_add(&pipe_request->exchange->reply, bytes.at, length)) return flood;
        bytes = span_cut(bytes, length, bytes.length);
        if (end || !pipeline->form) pipeline->progress = now;
        if (!end) continue;
        if (!take_frame(pipeline, pipe_request)) return garbage;
        if (pipe_request->frames_read < pipe_request->exchange->frames) continue;
        if (pipe_request == pipeline->writing) return garbage; /* it replied before the request was complete */
        finish_first(pipeline, finished);
    }
    return NULL;
}

/* Reads until the pipe is empty. Returns why the pipeline must be restarted, or NULL. */
static const char *read_some(struct pipes *pipes, struct pipeline *pipeline, int64_t now,
                             struct pipe_requests *finished) {
    const char *why = NULL;
    while (!why) {
        ssize_t length = read(pipeline->children.out, pipes->chunk, CHUNK);
        if (length < 0) return errno == EAGAIN || errno == EINTR ? NULL : exited;
        /* End of file: the last command has exited. */
        if (length == 0) return exited;
        why = take_bytes(pipeline, (struct span){pipes->chunk, (size_t)length}, now, finished);
    }
    return why;
}

size_t pipes_poll_fds(struct pipes *pipes, struct pollfd *out, size_t room) {
    size_t count = 0;
    for (size_t i = 0; i < MAX_PIPELINES && count + 3 <= room; i++) {
        const struct pipeline *pipeline = &pipes->pipelines[i];
        const struct children *children = &pipeline->children;
        if (!children->group) continue;
        out[count++] = (struct pollfd){.fd = children->out, .events = POLLIN};
        if (pipeline->writing) out[count++] = (struct pollfd){.fd = children->in, .events = POLLOUT};
        if (children->errors >= 0) out[count++] = (struct pollfd){.fd = children->errors, .events = POLLIN};
    }
    return count;
}

/* Returns the time at which the pipeline is killed unless it makes progress before; INT64_MAX if it has nothing to
 * do. */
static int64_t deadline(const struct pipeline *pipeline) {
    if (STAILQ_EMPTY(&pipeline->pipe_requests)) return INT64_MAX;
    unsigned timeout = STAILQ_FIRST(&pipeline->pipe_requests)->exchange->limits.timeout_ms;
    return pipeline->progress + (timeout ? timeout : DEFAULT_TIMEOUT_MS);
}

int64_t pipes_next_deadline(const struct pipes *pipes) {
    /* Failed exchanges are handed back at once. */
    int64_t next = STAILQ_EMPTY(&pipes->failed) ? INT64_MAX : 0;
    for (size_t i = 0; i < MAX_PIPELINES; i++) {
        int64_t own = deadline(&pipes->pipelines[i]);
        if (own < next) next = own;
    }
    return next;
}

/* Calls back for each finished exchange. */
static void hand_back(struct pipe_requests *finished) {
    for (struct pipe_request *pipe_request; (pipe_request = take_first(finished));) {
        pipes_done *done = pipe_request->done;
        void *context = pipe_request->context;
        struct exchange *exchange = pipe_request->exchange;
        free(pipe_request);
        done(context, exchange);
    }
}

/* Writes to one pipeline and reads from it. Restarts it if it has exited, exceeded its timeout or written garbage. */
static void serve_pipeline(struct pipes *pipes, struct pipeline *pipeline, int64_t now,
                           struct pipe_requests *finished) {
    if (!pipeline->children.group) return;
    /* Writing comes first: a pipeline cannot reply before it has been given a frame. */
    read_errors(pipes, pipeline);
    const char *why = write_some(pipeline, now) ? read_some(pipes, pipeline, now, finished) : exited;
    if (!why && deadline(pipeline) <= now) why = hung;
    if (why) restart(pipes, pipeline, why, now);
}

void pipes_handle(struct pipes *pipes, const struct pollfd *fds, size_t count, int64_t now_ms) {
    struct pipe_requests finished = STAILQ_HEAD_INITIALIZER(finished), waiting = STAILQ_HEAD_INITIALIZER(waiting);
    bool ready = pipes_next_deadline(pipes) <= now_ms;
    for (size_t i = 0; i < count; i++) ready = ready || fds[i].revents;
    if (ready)
        for (size_t i = 0; i < MAX_PIPELINES; i++) serve_pipeline(pipes, &pipes->pipelines[i], now_ms, &finished);
    /* Finished exchanges may have left a pipeline idle; waiting exchanges can take it. */
    STAILQ_CONCAT(&waiting, &pipes->waiting);
    for (struct pipe_request *pipe_request; (pipe_request = take_first(&waiting));)
        enqueue(pipes, pipe_request, now_ms);
    STAILQ_CONCAT(&finished, &pipes->failed);
    hand_back(&finished);
}

static void free_pipe_requests(struct pipe_requests *pipe_requests) {
    for (struct pipe_request *pipe_request; (pipe_request = take_first(pipe_requests));) free(pipe_request);
}

void pipes_free(struct pipes *pipes) {
    if (!pipes) return;
    for (size_t i = 0; i < MAX_PIPELINES; i++) {
        stop(&pipes->pipelines[i]);
        free_pipe_requests(&pipes->pipelines[i].pipe_requests);
    }
    free_pipe_requests(&pipes->waiting);
    free_pipe_requests(&pipes->failed);
    free(pipes->chunk);
    free(pipes);
}
