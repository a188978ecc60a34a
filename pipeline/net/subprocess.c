#define _GNU_SOURCE
#include "pipeline/net/subprocess.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>
#include <sys/wait.h>
#include <unistd.h>

#include "pipeline/base/arena.h"

/* A pipeline serves one language pair. MAX_SENDS: attempts per exchange. */
enum { MAX_PIPELINES = 8, MAX_COMMANDS = 64, MAX_SENDS = 2, DEFAULT_TIMEOUT_MS = 30000, CHUNK = 1 << 16 };
static const size_t REPLY_LIMIT = 64u << 20;

/* An exchange in a pipeline, and how far it has been written and read. */
struct pipe_request {
    STAILQ_ENTRY(pipe_request) next;
    struct exchange *exchange;
    pipes_done *done;
    void *context;
    size_t written,
        frames_read; /* written: bytes of the body that have been written; frames_read: complete frames received */
    unsigned sends;  /* attempts so far */
};

STAILQ_HEAD(pipe_requests, pipe_request);

struct pipeline {
    const struct command *commands;
    size_t command_count;
    pid_t group; /* 0 = not running */
    pid_t children[MAX_COMMANDS];
    int in, out;
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

/* ---------------------------------------------------------------- children */

/* Starts one command of a pipeline with `in` and `out` as its standard input and output; error messages are discarded.
 * The environment is fixed, so that results do not depend on the user's settings. */
static bool spawn(pid_t group, const struct command *command, int in, int out, pid_t *ret_child) {
    static char path[] = "PATH=/usr/local/bin:/usr/bin:/bin", locale[] = "LC_ALL=C.UTF-8";
    char *const environment[] = {path, locale, NULL};
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    sigset_t none, pipe_signal;
    sigemptyset(&none);
    sigemptyset(&pipe_signal);
    sigaddset(&pipe_signal, SIGPIPE);
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, in, 0);
    posix_spawn_file_actions_adddup2(&actions, out, 1);
    posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0);
    posix_spawnattr_init(&attributes);
    /* Group 0 makes the first command the leader of a new process group, which the others join. */
    posix_spawnattr_setpgroup(&attributes, group);
    posix_spawnattr_setsigmask(&attributes, &none);
    /* We ignore SIGPIPE; a child must not inherit that, or it would not notice that its reader has gone. */
    posix_spawnattr_setsigdefault(&attributes, &pipe_signal);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    union { /* posix_spawn() takes a non-const argv but does not change it */
        const char *const *given;
        char *const *wanted;
    } arguments = {.given = command->arguments};
    int error = posix_spawnp(ret_child, command->arguments[0], &actions, &attributes, arguments.wanted, environment);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    return error == 0;
}

/* Kills the pipeline's processes, if it is running, and waits for them so that no zombies remain. */
static void stop(struct pipeline *pipeline) {
    if (!pipeline->group) return;
    /* Kill the whole group, because a command may have started children of its own. */
    kill(-pipeline->group, SIGKILL);
    for (size_t i = 0; i < pipeline->command_count; i++)
        if (pipeline->children[i] > 0) waitpid(pipeline->children[i], NULL, 0);
    close(pipeline->in);
    close(pipeline->out);
    pipeline->group = 0;
}

/* Starts the commands, connected by pipes. Returns false, with nothing left running, if one cannot be started. */
static bool launch(struct pipeline *pipeline) {
    int ends[2], previous;
    /* stop() must not wait for children of an earlier start. */
    memset(pipeline->children, 0, sizeof pipeline->children);
    if (pipeline->command_count == 0 || pipeline->command_count > MAX_COMMANDS || pipe2(ends, O_CLOEXEC) != 0)
        return false;
    previous = ends[0];
    pipeline->in = ends[1];
    /* Our ends of the pipes must not block the event loop. */
    fcntl(pipeline->in, F_SETFL, O_NONBLOCK);
    bool started = true;
    for (size_t i = 0; i < pipeline->command_count; i++) {
        started = started && pipe2(ends, O_CLOEXEC) == 0;
        if (!started) break;
        started = spawn(pipeline->group, &pipeline->commands[i], previous, ends[1], &pipeline->children[i]);
        /* From here on stop() ends whatever has been started. */
        if (started && i == 0) pipeline->group = pipeline->children[0];
        close(previous);
        close(ends[1]);
        previous = ends[0];
    }
    pipeline->out = previous;
    fcntl(pipeline->out, F_SETFL, O_NONBLOCK);
    if (started) return true;
    if (pipeline->group)
        stop(pipeline);
    else {
        close(pipeline->in);
        close(pipeline->out);
    }
    return false;
}

/* ---------------------------------------------------------------- queueing */

/* Hands the exchange back with a failure, in the next pipes_handle(). */
static void fail_pipe_request(struct pipes *pipes, struct pipe_request *pipe_request, const char *why) {
    failure_set(&pipe_request->exchange->failure, REACH_SERVICE, REMEDY_RETRY, "%s (%s)", why,
                pipe_request->exchange->command_count ? pipe_request->exchange->commands[0].arguments[0]
                                                      : "no command");
    STAILQ_INSERT_TAIL(&pipes->failed, pipe_request, next);
}

/* The reply so far is discarded, so that the fresh pipeline starts from a clean state. */
static void rewind_pipe_request(struct pipe_request *pipe_request) {
    pipe_request->written = pipe_request->frames_read = 0;
    buffer_free(&pipe_request->exchange->reply);
}

/* Kills the pipeline and sends its unfinished exchanges to a fresh one. An exchange that has had MAX_SENDS attempts
 * fails instead, because it may be what kills the pipeline. */
static void restart(struct pipes *pipes, struct pipeline *pipeline, const char *why, int64_t now) {
    struct pipe_requests unfinished = STAILQ_HEAD_INITIALIZER(unfinished);
    STAILQ_CONCAT(&unfinished, &pipeline->pipe_requests);
    stop(pipeline);
    pipeline->writing = NULL;
    pipeline->progress = now;
    for (struct pipe_request *pipe_request; (pipe_request = take_first(&unfinished));) {
        rewind_pipe_request(pipe_request);
        if (++pipe_request->sends > MAX_SENDS)
            fail_pipe_request(pipes, pipe_request, why);
        else
            STAILQ_INSERT_TAIL(&pipeline->pipe_requests, pipe_request, next);
    }
    if (STAILQ_EMPTY(&pipeline->pipe_requests)) return;
    if (launch(pipeline)) {
        pipeline->writing = STAILQ_FIRST(&pipeline->pipe_requests);
        return;
    }
    for (struct pipe_request *pipe_request; (pipe_request = take_first(&pipeline->pipe_requests));)
        fail_pipe_request(pipes, pipe_request, "a program in the pipeline cannot be started");
}

/* Returns the pipeline for these commands, or takes over the one that has been idle longest. NULL if all are busy. */
static struct pipeline *find_pipeline(struct pipes *pipes, const struct exchange *exchange) {
    struct pipeline *idle = NULL;
    for (size_t i = 0; i < MAX_PIPELINES; i++) {
        struct pipeline *pipeline = &pipes->pipelines[i];
        /* The pointer identifies the pipeline: commands are static or owned by the service's state. */
        if (pipeline->commands == exchange->commands) return pipeline;
        if (STAILQ_EMPTY(&pipeline->pipe_requests) && (!idle || pipeline->last_use < idle->last_use)) idle = pipeline;
    }
    if (idle) {
        stop(idle);
        idle->commands = exchange->commands;
        idle->command_count = exchange->command_count;
    }
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
    if (pipeline->group || launch(pipeline)) return;
    for (struct pipe_request *stuck; (stuck = take_first(&pipeline->pipe_requests));)
        fail_pipe_request(pipes, stuck, "a program in the pipeline cannot be started");
    pipeline->writing = NULL;
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
        ssize_t written = write(pipeline->in, rest.at, rest.length);
        /* A full pipe is normal: poll() reports when it has room again. */
        if (written < 0) return errno == EAGAIN || errno == EINTR;
        pipe_request->written += (size_t)written;
        pipeline->progress = now;
    }
    return true;
}

/* Gives the bytes to the first exchange until it has all its frames, then to the next. Returns false if they cannot be
 * a reply: none is expected, or they exceed the limit. */
static bool take_bytes(struct pipeline *pipeline, struct span bytes, struct pipe_requests *finished) {
    while (bytes.length) {
        struct pipe_request *pipe_request = STAILQ_FIRST(&pipeline->pipe_requests);
        if (!pipe_request || pipe_request->written == 0) return false;
        const char *end = memchr(bytes.at, '\0', bytes.length);
        size_t length = end ? (size_t)(end - bytes.at) + 1 : bytes.length;
        if (!buffer_add(&pipe_request->exchange->reply, bytes.at, length)) return false;
        bytes = span_cut(bytes, length, bytes.length);
        if (!end || ++pipe_request->frames_read < pipe_request->exchange->frames) continue;
        if (pipe_request == pipeline->writing) return false; /* the pipeline replied before the request was complete */
        if ((pipe_request = take_first(&pipeline->pipe_requests))) STAILQ_INSERT_TAIL(finished, pipe_request, next);
    }
    return true;
}

/* Reads until the pipe is empty. Returns false if the pipeline has ended or sent something unexpected. */
static bool read_some(struct pipes *pipes, struct pipeline *pipeline, int64_t now, struct pipe_requests *finished) {
    for (;;) {
        ssize_t length = read(pipeline->out, pipes->chunk, CHUNK);
        if (length < 0) return errno == EAGAIN || errno == EINTR;
        /* End of file: the last command has exited. */
        if (length == 0) return false;
        pipeline->progress = now;
        if (!take_bytes(pipeline, (struct span){pipes->chunk, (size_t)length}, finished)) return false;
    }
}

size_t pipes_poll_fds(struct pipes *pipes, struct pollfd *out, size_t room) {
    size_t count = 0;
    for (size_t i = 0; i < MAX_PIPELINES && count + 2 <= room; i++) {
        const struct pipeline *pipeline = &pipes->pipelines[i];
        if (!pipeline->group) continue;
        out[count++] = (struct pollfd){.fd = pipeline->out, .events = POLLIN};
        if (pipeline->writing) out[count++] = (struct pollfd){.fd = pipeline->in, .events = POLLOUT};
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

/* Writes to one pipeline and reads from it. Restarts it if it has exited or exceeded its timeout. */
static void serve_pipeline(struct pipes *pipes, struct pipeline *pipeline, int64_t now,
                           struct pipe_requests *finished) {
    if (!pipeline->group) return;
    /* Writing comes first: a pipeline cannot reply before it has been given a frame. */
    bool alive = write_some(pipeline, now) && read_some(pipes, pipeline, now, finished);
    if (!alive)
        restart(pipes, pipeline, "the pipeline exited without a reply", now);
    else if (deadline(pipeline) <= now)
        restart(pipes, pipeline, "the pipeline made no progress and was killed", now);
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
