#define _GNU_SOURCE
#include "pipeline/net/local_program.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "pipeline/base/clock.h"

enum { OUTPUT_BYTES = LOCAL_PROGRAM_OUTPUT + 1, TICK_MS = 20, OWN_VARIABLES = 8, MAX_READS = 32 };

#define FOLDERS "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

struct running {
    const struct local_program *program;
    pid_t child;
    int in, out; /* `out`: what it prints, on standard output and standard error */
    struct span rest;
    char output[OUTPUT_BYTES];
    size_t output_length;
};

/* ---------------------------------------------------------------- starting */

static void set_attributes(posix_spawnattr_t *attributes) {
    sigset_t none, pipe_signal;
    sigemptyset(&none);
    sigemptyset(&pipe_signal);
    sigaddset(&pipe_signal, SIGPIPE);
    posix_spawnattr_init(attributes);
    posix_spawnattr_setpgroup(attributes, 0);
    posix_spawnattr_setsigmask(attributes, &none);
    posix_spawnattr_setsigdefault(attributes, &pipe_signal);
    posix_spawnattr_setflags(attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
}

static size_t count_words(const char *const *words) {
    size_t count = 0;
    while (words && words[count]) count++;
    return count;
}

/* Programs such as msmtp find their configuration under HOME. */
static char **make_environment(const char *const *more, struct arena *arena) {
    static const char *const inherited[] = {"HOME", "USER", "LOGNAME", "XDG_CONFIG_HOME"};
    size_t count = 0, added = count_words(more);
    char **environment = arena_take(arena, (OWN_VARIABLES + added + 1) * sizeof *environment);
    environment[count++] = arena_string(arena, SPAN("PATH=" FOLDERS));
    environment[count++] = arena_string(arena, SPAN("LC_ALL=C.UTF-8"));
    for (size_t i = 0; i < sizeof inherited / sizeof *inherited; i++) {
        const char *value = getenv(inherited[i]);
        if (value) environment[count++] = arena_string(arena, arena_print(arena, "%s=%s", inherited[i], value));
    }
    for (size_t i = 0; i < added; i++) environment[count++] = arena_string(arena, span_of(more[i]));
    return environment;
}

static int spawn(const struct local_program *program, int in, int out, pid_t *ret_child) {
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    struct arena *arena = arena_new();
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, in, STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions, out, STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&actions, out, STDERR_FILENO);
    set_attributes(&attributes);
    union { /* posix_spawn() takes a non-const argv but does not change it */
        const char *const *given;
        char *const *wanted;
    } words = {.given = program->arguments};
    int error = posix_spawnp(ret_child, program->arguments[0], &actions, &attributes, words.wanted,
                             make_environment(program->environment, arena));
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    arena_free(arena);
    return error;
}

static int start(struct running *running) {
    int input[2], output[2];
    if (pipe2(input, O_CLOEXEC) != 0) return errno;
    if (pipe2(output, O_CLOEXEC) != 0) {
        int error = errno;
        close(input[0]);
        close(input[1]);
        return error;
    }
    int error = spawn(running->program, input[0], output[1], &running->child);
    close(input[0]);
    close(output[1]);
    running->in = input[1];
    running->out = output[0];
    fcntl(running->in, F_SETFL, O_NONBLOCK);
    fcntl(running->out, F_SETFL, O_NONBLOCK);
    return error;
}

/* ---------------------------------------------------------------- the input goes in, and what it prints comes out */

static void close_input(struct running *running) {
    if (running->in >= 0) close(running->in);
    running->in = -1;
}

/* A program that closes its input early leaves a rest, which makes the delivery fail. */
static void write_some(struct running *running) {
    if (running->in < 0) return;
    ssize_t written = write(running->in, running->rest.at, running->rest.length);
    if (written < 0 && errno != EAGAIN && errno != EINTR) close_input(running);
    if (written > 0) running->rest = span_cut(running->rest, (size_t)written, running->rest.length);
    if (!running->rest.length) close_input(running);
}

/* What does not fit is read and dropped, so that the program does not wait for us. */
static bool read_some(struct running *running) {
    char dropped[OUTPUT_BYTES];
    size_t room = OUTPUT_BYTES - 1 - running->output_length;
    ssize_t got =
        read(running->out, room ? running->output + running->output_length : dropped, room ? room : OUTPUT_BYTES);
    if (got > 0 && room) running->output_length += (size_t)got;
    return got > 0;
}

/* Returns whether the program has ended by itself. Its children may keep its output open, so the end of the output is
 * not waited for. */
static bool serve(struct running *running, int64_t until, bool (*stop)(void), int *ret_status) {
    while (clock_ms() < until && !(stop && stop())) {
        struct pollfd fds[] = {{.fd = running->out, .events = POLLIN}, {.fd = running->in, .events = POLLOUT}};
        poll(fds, 2, TICK_MS);
        if (fds[1].revents) write_some(running);
        bool more = fds[0].revents && read_some(running);
        if (!more && fds[0].revents & POLLHUP) poll(NULL, 0, 5); /* its output has ended, but it has not */
        if (waitpid(running->child, ret_status, WNOHANG) == running->child) return true;
    }
    kill(-running->child, SIGKILL);
    waitpid(running->child, ret_status, 0);
    return false;
}

/* ---------------------------------------------------------------- how it ended */

static void describe_end(const struct running *running, bool ended, int status, char ret_text[64]) {
    if (!ended)
        snprintf(ret_text, 64, "did not end in time and was killed");
    else if (WIFSIGNALED(status))
        snprintf(ret_text, 64, "ended with signal %d", WTERMSIG(status));
    else if (WEXITSTATUS(status))
        snprintf(ret_text, 64, "ended with exit code %d", WEXITSTATUS(status));
    else
        snprintf(ret_text, 64, "did not read the last %zu byte%s of its input", running->rest.length,
                 PLURAL(running->rest.length));
}

static bool fail(const struct running *running, bool ended, int status, struct failure *ret_failure) {
    char how[64];
    const char *name = running->program->arguments[0];
    struct span rest = {running->output, running->output_length}, line = {NULL, 0};
    describe_end(running, ended, status, how);
    while (!line.length && span_next(&rest, '\n', &line)) line = span_trim(line);
    line = text_clip(line, 200);
    failure_set(ret_failure, REACH_SERVICE, REMEDY_NEXT_RUN, "%s %s %s%s%.*s", running->program->what, name, how,
                line.length ? ": " : "", SPAN_ARGS(line));
    return failure_blame(ret_failure, CAUSE_MACHINE, span_of(name));
}

static bool fail_to_start(const struct local_program *program, int error, struct failure *ret_failure) {
    failure_set(ret_failure, REACH_SERVICE, REMEDY_NEXT_RUN, "%s %s cannot be run: %s; check %s", program->what,
                program->arguments[0], strerror(error), program->setting);
    return failure_blame(ret_failure, CAUSE_MACHINE, span_of(program->arguments[0]));
}

bool local_program_run(const struct local_program *program, struct buffer *ret_output, struct failure *ret_failure) {
    int status = 0;
    struct running running = {.program = program, .in = -1, .out = -1, .rest = program->input};
    signal(SIGPIPE, SIG_IGN); /* a program that stops reading shows up as an error from write() */
    int error = start(&running);
    bool ended = !error && serve(&running, clock_ms() + program->timeout_ms, program->stop, &status);
    close_input(&running);
    for (int i = 0; i < MAX_READS && !error && read_some(&running); i++) continue;
    if (running.out >= 0) close(running.out);
    if (error) return fail_to_start(program, error, ret_failure);
    if (ret_output) buffer_add(ret_output, running.output, running.output_length);
    bool done = ended && WIFEXITED(status) && WEXITSTATUS(status) == 0;
    return (done && !(program->must_read && running.rest.length)) || fail(&running, ended, status, ret_failure);
}

const char *local_program_find(const char *name, struct arena *arena) {
    struct span folders = SPAN(FOLDERS), folder;
    if (strchr(name, '/')) return access(name, X_OK) == 0 ? name : NULL;
    while (span_next(&folders, ':', &folder)) {
        const char *path = arena_print(arena, "%.*s/%s", SPAN_ARGS(folder), name).at;
        if (access(path, X_OK) == 0) return path;
    }
    return NULL;
}
