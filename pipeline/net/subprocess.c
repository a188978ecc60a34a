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

enum { MAX_PIPELINES = 8, MAX_COMMANDS = 64, MAX_SENDS = 2, DEFAULT_TIMEOUT_MS = 30000, CHUNK = 1 << 16 };
static const size_t REPLY_LIMIT = 64u << 20;

/* One exchange in a pipeline. */
struct parcel {
    STAILQ_ENTRY(parcel) next;
    struct exchange *exchange;
    pipes_done *done;
    void *context;
    size_t written, frames_read;
    unsigned sends;
};

STAILQ_HEAD(parcels, parcel);

struct pipeline {
    const struct command *commands;
    size_t command_count;
    pid_t group; /* 0: not running */
    pid_t children[MAX_COMMANDS];
    int in, out;
    struct parcels parcels; /* in order; the first ones may be written but not read */
    struct parcel *writing; /* the first that is not written fully; NULL: all are */
    int64_t progress, last_use;
};

struct pipes {
    struct pipeline pipelines[MAX_PIPELINES];
    struct parcels waiting; /* for a place among the pipelines */
    struct parcels failed;  /* to be handed back by the next pipes_handle() */
    char *chunk;
};

static struct parcel *take_first(struct parcels *parcels) {
    struct parcel *first = STAILQ_FIRST(parcels);
    if (first) STAILQ_REMOVE_HEAD(parcels, next);
    return first;
}

struct pipes *pipes_new(void) {
    struct pipes *pipes = memory_take(sizeof *pipes);
    for (size_t i = 0; i < MAX_PIPELINES; i++) STAILQ_INIT(&pipes->pipelines[i].parcels);
    STAILQ_INIT(&pipes->waiting);
    STAILQ_INIT(&pipes->failed);
    pipes->chunk = memory_take(CHUNK);
    signal(SIGPIPE, SIG_IGN); /* a pipeline that died is seen as an error of write() */
    return pipes;
}

/* ---------------------------------------------------------------- children */

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
    posix_spawnattr_setpgroup(&attributes, group);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setsigdefault(&attributes, &pipe_signal);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    union { /* posix_spawn's argv is not const, though it changes nothing */
        const char *const *given;
        char *const *wanted;
    } arguments = {.given = command->arguments};
    int error = posix_spawnp(ret_child, command->arguments[0], &actions, &attributes, arguments.wanted, environment);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    return error == 0;
}

static void stop(struct pipeline *pipeline) {
    if (!pipeline->group) return;
    kill(-pipeline->group, SIGKILL);
    for (size_t i = 0; i < pipeline->command_count; i++)
        if (pipeline->children[i] > 0) waitpid(pipeline->children[i], NULL, 0);
    close(pipeline->in);
    close(pipeline->out);
    pipeline->group = 0;
}

/* The commands connected by pipes; false when one cannot be started (its name is in the failure of what waits). */
static bool launch(struct pipeline *pipeline) {
    int ends[2], previous;
    memset(pipeline->children, 0, sizeof pipeline->children);
    if (pipeline->command_count == 0 || pipeline->command_count > MAX_COMMANDS || pipe2(ends, O_CLOEXEC) != 0)
        return false;
    previous = ends[0];
    pipeline->in = ends[1];
    fcntl(pipeline->in, F_SETFL, O_NONBLOCK);
    bool started = true;
    for (size_t i = 0; i < pipeline->command_count; i++) {
        started = started && pipe2(ends, O_CLOEXEC) == 0;
        if (!started) break;
        started = spawn(pipeline->group, &pipeline->commands[i], previous, ends[1], &pipeline->children[i]);
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

static void fail_parcel(struct pipes *pipes, struct parcel *parcel, const char *why) {
    failure_set(&parcel->exchange->failure, REACH_SERVICE, REMEDY_RETRY, "%s (%s)", why,
                parcel->exchange->command_count ? parcel->exchange->commands[0].arguments[0] : "no command");
    STAILQ_INSERT_TAIL(&pipes->failed, parcel, next);
}

static void rewind_parcel(struct parcel *parcel) {
    parcel->written = parcel->frames_read = 0;
    buffer_free(&parcel->exchange->reply);
}

/* Kills the pipeline; what was unfinished gets a second chance in a fresh one. */
static void restart(struct pipes *pipes, struct pipeline *pipeline, const char *why, int64_t now) {
    struct parcels unfinished = STAILQ_HEAD_INITIALIZER(unfinished);
    STAILQ_CONCAT(&unfinished, &pipeline->parcels);
    stop(pipeline);
    pipeline->writing = NULL;
    pipeline->progress = now;
    for (struct parcel *parcel; (parcel = take_first(&unfinished));) {
        rewind_parcel(parcel);
        if (++parcel->sends > MAX_SENDS)
            fail_parcel(pipes, parcel, why);
        else
            STAILQ_INSERT_TAIL(&pipeline->parcels, parcel, next);
    }
    if (STAILQ_EMPTY(&pipeline->parcels)) return;
    if (launch(pipeline)) {
        pipeline->writing = STAILQ_FIRST(&pipeline->parcels);
        return;
    }
    for (struct parcel *parcel; (parcel = take_first(&pipeline->parcels));)
        fail_parcel(pipes, parcel, "a program of the pipeline cannot be started");
}

static struct pipeline *find_pipeline(struct pipes *pipes, const struct exchange *exchange) {
    struct pipeline *idle = NULL;
    for (size_t i = 0; i < MAX_PIPELINES; i++) {
        struct pipeline *pipeline = &pipes->pipelines[i];
        if (pipeline->commands == exchange->commands) return pipeline;
        if (STAILQ_EMPTY(&pipeline->parcels) && (!idle || pipeline->last_use < idle->last_use)) idle = pipeline;
    }
    if (idle) {
        stop(idle);
        idle->commands = exchange->commands;
        idle->command_count = exchange->command_count;
    }
    return idle;
}

static void enqueue(struct pipes *pipes, struct parcel *parcel, int64_t now) {
    struct pipeline *pipeline = find_pipeline(pipes, parcel->exchange);
    if (!pipeline) {
        STAILQ_INSERT_TAIL(&pipes->waiting, parcel, next);
        return;
    }
    if (STAILQ_EMPTY(&pipeline->parcels)) pipeline->progress = now;
    pipeline->last_use = now;
    parcel->sends = 1;
    STAILQ_INSERT_TAIL(&pipeline->parcels, parcel, next);
    if (!pipeline->writing) pipeline->writing = parcel;
    if (pipeline->group || launch(pipeline)) return;
    for (struct parcel *stuck; (stuck = take_first(&pipeline->parcels));)
        fail_parcel(pipes, stuck, "a program of the pipeline cannot be started");
    pipeline->writing = NULL;
}

void pipes_send(struct pipes *pipes, struct exchange *exchange, int64_t now_ms, pipes_done *done, void *context) {
    struct parcel *parcel = memory_take(sizeof *parcel);
    *parcel = (struct parcel){.exchange = exchange, .done = done, .context = context};
    exchange->reply.limit = exchange->reply_limit ? exchange->reply_limit : REPLY_LIMIT;
    enqueue(pipes, parcel, now_ms);
}

/* ---------------------------------------------------------------- input and output */

/* Writes as much as goes; false when the pipeline is dead. */
static bool write_some(struct pipeline *pipeline, int64_t now) {
    while (pipeline->writing) {
        struct parcel *parcel = pipeline->writing;
        struct span rest = span_cut(parcel->exchange->body, parcel->written, parcel->exchange->body.length);
        if (rest.length == 0) {
            pipeline->writing = STAILQ_NEXT(parcel, next);
            continue;
        }
        ssize_t written = write(pipeline->in, rest.at, rest.length);
        if (written < 0) return errno == EAGAIN || errno == EINTR;
        parcel->written += (size_t)written;
        pipeline->progress = now;
    }
    return true;
}

/* Bytes go to the first parcel until it has all its frames, then to the next; false when nobody waits for them. */
static bool take_bytes(struct pipeline *pipeline, struct span bytes, struct parcels *finished) {
    while (bytes.length) {
        struct parcel *parcel = STAILQ_FIRST(&pipeline->parcels);
        if (!parcel || parcel->written == 0) return false;
        const char *end = memchr(bytes.at, '\0', bytes.length);
        size_t length = end ? (size_t)(end - bytes.at) + 1 : bytes.length;
        if (!buffer_add(&parcel->exchange->reply, bytes.at, length)) return false;
        bytes = span_cut(bytes, length, bytes.length);
        if (!end || ++parcel->frames_read < parcel->exchange->frames) continue;
        if (parcel == pipeline->writing) return false; /* more frames out than in */
        if ((parcel = take_first(&pipeline->parcels))) STAILQ_INSERT_TAIL(finished, parcel, next);
    }
    return true;
}

static bool read_some(struct pipes *pipes, struct pipeline *pipeline, int64_t now, struct parcels *finished) {
    for (;;) {
        ssize_t length = read(pipeline->out, pipes->chunk, CHUNK);
        if (length < 0) return errno == EAGAIN || errno == EINTR;
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

static int64_t deadline(const struct pipeline *pipeline) {
    if (STAILQ_EMPTY(&pipeline->parcels)) return INT64_MAX;
    unsigned timeout = STAILQ_FIRST(&pipeline->parcels)->exchange->limits.timeout_ms;
    return pipeline->progress + (timeout ? timeout : DEFAULT_TIMEOUT_MS);
}

int64_t pipes_next_deadline(const struct pipes *pipes) {
    int64_t next = STAILQ_EMPTY(&pipes->failed) ? INT64_MAX : 0;
    for (size_t i = 0; i < MAX_PIPELINES; i++) {
        int64_t own = deadline(&pipes->pipelines[i]);
        if (own < next) next = own;
    }
    return next;
}

static void hand_back(struct parcels *finished) {
    for (struct parcel *parcel; (parcel = take_first(finished));) {
        pipes_done *done = parcel->done;
        void *context = parcel->context;
        struct exchange *exchange = parcel->exchange;
        free(parcel);
        done(context, exchange);
    }
}

static void serve(struct pipes *pipes, struct pipeline *pipeline, int64_t now, struct parcels *finished) {
    if (!pipeline->group) return;
    bool alive = write_some(pipeline, now) && read_some(pipes, pipeline, now, finished);
    if (!alive)
        restart(pipes, pipeline, "the pipeline ended in the middle of its work", now);
    else if (deadline(pipeline) <= now)
        restart(pipes, pipeline, "the pipeline made no progress and was killed", now);
}

void pipes_handle(struct pipes *pipes, const struct pollfd *fds, size_t count, int64_t now_ms) {
    struct parcels finished = STAILQ_HEAD_INITIALIZER(finished), waiting = STAILQ_HEAD_INITIALIZER(waiting);
    bool ready = pipes_next_deadline(pipes) <= now_ms;
    for (size_t i = 0; i < count; i++) ready = ready || fds[i].revents;
    if (ready)
        for (size_t i = 0; i < MAX_PIPELINES; i++) serve(pipes, &pipes->pipelines[i], now_ms, &finished);
    STAILQ_CONCAT(&waiting, &pipes->waiting);
    for (struct parcel *parcel; (parcel = take_first(&waiting));) enqueue(pipes, parcel, now_ms);
    STAILQ_CONCAT(&finished, &pipes->failed);
    hand_back(&finished);
}

static void free_parcels(struct parcels *parcels) {
    for (struct parcel *parcel; (parcel = take_first(parcels));) free(parcel);
}

void pipes_free(struct pipes *pipes) {
    if (!pipes) return;
    for (size_t i = 0; i < MAX_PIPELINES; i++) {
        stop(&pipes->pipelines[i]);
        free_parcels(&pipes->pipelines[i].parcels);
    }
    free_parcels(&pipes->waiting);
    free_parcels(&pipes->failed);
    free(pipes->chunk);
    free(pipes);
}
