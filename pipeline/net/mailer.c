#define _GNU_SOURCE
#include "pipeline/net/mailer.h"

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

enum { OUTPUT_BYTES = 4096, TICK_MS = 20, MAX_VARIABLES = 8, MAX_READS = 32 };

struct mailer {
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

/* Programs such as msmtp find their configuration under HOME. */
static void make_environment(struct buffer texts[MAX_VARIABLES], char *ret_environment[MAX_VARIABLES]) {
    static const char *const inherited[] = {"HOME", "USER", "LOGNAME", "XDG_CONFIG_HOME"};
    size_t count = 0;
    buffer_add_string(&texts[count++], "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");
    buffer_add_string(&texts[count++], "LC_ALL=C.UTF-8");
    for (size_t i = 0; i < sizeof inherited / sizeof *inherited; i++) {
        const char *value = getenv(inherited[i]);
        if (value) buffer_print(&texts[count++], "%s=%s", inherited[i], value);
    }
    for (size_t i = 0; i < MAX_VARIABLES; i++) ret_environment[i] = i < count ? texts[i].at : NULL;
}

static int spawn(const char *const *arguments, int in, int out, pid_t *ret_child) {
    struct buffer texts[MAX_VARIABLES];
    char *environment[MAX_VARIABLES];
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    for (size_t i = 0; i < MAX_VARIABLES; i++) texts[i] = BUFFER(1 << 16);
    make_environment(texts, environment);
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, in, STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions, out, STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&actions, out, STDERR_FILENO);
    set_attributes(&attributes);
    union { /* posix_spawn() takes a non-const argv but does not change it */
        const char *const *given;
        char *const *wanted;
    } words = {.given = arguments};
    int error = posix_spawnp(ret_child, arguments[0], &actions, &attributes, words.wanted, environment);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    for (size_t i = 0; i < MAX_VARIABLES; i++) buffer_free(&texts[i]);
    return error;
}

static int start(struct mailer *mailer, const char *const *arguments) {
    int input[2], output[2];
    if (pipe2(input, O_CLOEXEC) != 0) return errno;
    if (pipe2(output, O_CLOEXEC) != 0) {
        int error = errno;
        close(input[0]);
        close(input[1]);
        return error;
    }
    int error = spawn(arguments, input[0], output[1], &mailer->child);
    close(input[0]);
    close(output[1]);
    mailer->in = input[1];
    mailer->out = output[0];
    fcntl(mailer->in, F_SETFL, O_NONBLOCK);
    fcntl(mailer->out, F_SETFL, O_NONBLOCK);
    return error;
}

/* ---------------------------------------------------------------- the message goes in, and what it prints comes out */

static void close_input(struct mailer *mailer) {
    if (mailer->in >= 0) close(mailer->in);
    mailer->in = -1;
}

/* A program that closes its input early leaves a rest, which makes the delivery fail. */
static void write_some(struct mailer *mailer) {
    if (mailer->in < 0) return;
    ssize_t written = write(mailer->in, mailer->rest.at, mailer->rest.length);
    if (written < 0 && errno != EAGAIN && errno != EINTR) close_input(mailer);
    if (written > 0) mailer->rest = span_cut(mailer->rest, (size_t)written, mailer->rest.length);
    if (!mailer->rest.length) close_input(mailer);
}

/* What does not fit is read and dropped, so that the program does not wait for us. */
static bool read_some(struct mailer *mailer) {
    char dropped[OUTPUT_BYTES];
    size_t room = OUTPUT_BYTES - 1 - mailer->output_length;
    ssize_t got =
        read(mailer->out, room ? mailer->output + mailer->output_length : dropped, room ? room : OUTPUT_BYTES);
    if (got > 0 && room) mailer->output_length += (size_t)got;
    return got > 0;
}

/* Returns whether the program has ended by itself. Its children may keep its output open, so the end of the output is
 * not waited for. */
static bool serve(struct mailer *mailer, int64_t until, bool (*stop)(void), int *ret_status) {
    while (clock_ms() < until && !(stop && stop())) {
        struct pollfd fds[] = {{.fd = mailer->out, .events = POLLIN}, {.fd = mailer->in, .events = POLLOUT}};
        poll(fds, 2, TICK_MS);
        if (fds[1].revents) write_some(mailer);
        bool more = fds[0].revents && read_some(mailer);
        if (!more && fds[0].revents & POLLHUP) poll(NULL, 0, 5); /* its output has ended, but it has not */
        if (waitpid(mailer->child, ret_status, WNOHANG) == mailer->child) return true;
    }
    kill(-mailer->child, SIGKILL);
    waitpid(mailer->child, ret_status, 0);
    return false;
}

/* ---------------------------------------------------------------- how it ended */

static void describe_end(const struct mailer *mailer, bool ended, int status, char ret_text[64]) {
    if (!ended)
        snprintf(ret_text, 64, "did not end in time and was killed");
    else if (WIFSIGNALED(status))
        snprintf(ret_text, 64, "ended with signal %d", WTERMSIG(status));
    else if (WEXITSTATUS(status))
        snprintf(ret_text, 64, "ended with exit code %d", WEXITSTATUS(status));
    else
        snprintf(ret_text, 64, "did not read the last %zu byte%s of the mail", mailer->rest.length,
                 PLURAL(mailer->rest.length));
}

static bool fail(const struct mailer *mailer, const char *name, bool ended, int status, struct failure *ret_failure) {
    char how[64];
    struct span rest = {mailer->output, mailer->output_length}, line = {NULL, 0};
    describe_end(mailer, ended, status, how);
    while (!line.length && span_next(&rest, '\n', &line)) line = span_trim(line);
    line = text_clip(line, 200);
    failure_set(ret_failure, REACH_SERVICE, REMEDY_NEXT_RUN, "mail command %s %s%s%.*s", name, how,
                line.length ? ": " : "", SPAN_ARGS(line));
    return failure_blame(ret_failure, CAUSE_MACHINE, span_of(name));
}

bool mailer_send(const char *const *arguments, struct span message, long long timeout_ms, bool (*stop)(void),
                 struct failure *ret_failure) {
    int status = 0;
    struct mailer mailer = {.in = -1, .out = -1, .rest = message};
    signal(SIGPIPE, SIG_IGN); /* a program that stops reading shows up as an error from write() */
    int error = start(&mailer, arguments);
    bool ended = !error && serve(&mailer, clock_ms() + timeout_ms, stop, &status);
    close_input(&mailer);
    for (int i = 0; i < MAX_READS && !error && read_some(&mailer); i++) continue;
    if (mailer.out >= 0) close(mailer.out);
    if (error) {
        failure_set(ret_failure, REACH_SERVICE, REMEDY_NEXT_RUN, "mail command %s cannot be run: %s; check command",
                    arguments[0], strerror(error));
        return failure_blame(ret_failure, CAUSE_MACHINE, span_of(arguments[0]));
    }
    bool done = ended && WIFEXITED(status) && WEXITSTATUS(status) == 0 && !mailer.rest.length;
    return done || fail(&mailer, arguments[0], ended, status, ret_failure);
}
