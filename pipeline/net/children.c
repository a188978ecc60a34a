#define _GNU_SOURCE /* pipe2 */
#include "pipeline/net/children.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { MAX_VARIABLES = CHILDREN_VARIABLES + 3 }; /* with PATH, LC_ALL and the NULL */

/* The environment is fixed, so that results do not depend on the user's settings. posix_spawn() does not change it. */
static void write_environment(const struct command *command, const char *ret_environment[MAX_VARIABLES]) {
    size_t count = 0;
    ret_environment[count++] = "PATH=/usr/local/bin:/usr/bin:/bin";
    ret_environment[count++] = "LC_ALL=C.UTF-8";
    for (const char *const *item = command->environment; item && *item && count + 1 < MAX_VARIABLES; item++)
        ret_environment[count++] = *item;
    ret_environment[count] = NULL;
}

static void write_actions(int in, int out, int errors, posix_spawn_file_actions_t *ret_actions) {
    posix_spawn_file_actions_init(ret_actions);
    posix_spawn_file_actions_adddup2(ret_actions, in, 0);
    posix_spawn_file_actions_adddup2(ret_actions, out, 1);
    if (errors >= 0)
        posix_spawn_file_actions_adddup2(ret_actions, errors, 2);
    else
        posix_spawn_file_actions_addopen(ret_actions, 2, "/dev/null", O_WRONLY, 0);
}

static void write_attributes(pid_t group, posix_spawnattr_t *ret_attributes) {
    sigset_t none, pipe_signal;
    sigemptyset(&none);
    sigemptyset(&pipe_signal);
    sigaddset(&pipe_signal, SIGPIPE);
    posix_spawnattr_init(ret_attributes);
    /* Group 0 makes the first command the leader of a new process group, which the others join. */
    posix_spawnattr_setpgroup(ret_attributes, group);
    posix_spawnattr_setsigmask(ret_attributes, &none);
    /* We ignore SIGPIPE; a child must not inherit that, or it would not notice that its reader has gone. */
    posix_spawnattr_setsigdefault(ret_attributes, &pipe_signal);
    posix_spawnattr_setflags(ret_attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
}

/* Starts one command with `in`, `out` and `errors` (-1 = discard) as its standard streams. Returns 0 or an errno. */
static int spawn(pid_t group, const struct command *command, int in, int out, int errors, pid_t *ret_child) {
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    const char *variables[MAX_VARIABLES];
    write_environment(command, variables);
    write_actions(in, out, errors, &actions);
    write_attributes(group, &attributes);
    union { /* posix_spawn() takes non-const arrays but does not change them */
        const char *const *given;
        char *const *wanted;
    } arguments = {.given = command->arguments}, environment = {.given = variables};
    int error =
        posix_spawnp(ret_child, command->arguments[0], &actions, &attributes, arguments.wanted, environment.wanted);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    return error;
}

/* Makes a pipe. Returns 0 or an errno. */
static int make_pipe(int ret_ends[2]) {
    return pipe2(ret_ends, O_CLOEXEC) == 0 ? 0 : errno;
}

static void close_end(int *end) {
    if (*end >= 0) close(*end);
    *end = -1;
}

void children_close_errors(struct children *children) {
    close_end(&children->errors);
}

void children_stop(struct children *children) {
    if (!children->group) return;
    /* Kill the whole group, because a command may have started children of its own. */
    kill(-children->group, SIGKILL);
    for (size_t i = 0; i < children->count; i++) waitpid(children->ids[i], NULL, 0);
    close_end(&children->in);
    close_end(&children->out);
    children_close_errors(children);
    children->group = 0;
}

/* Starts the next command, which reads from children->out, and makes its output the new children->out. */
static int start_next(struct children *children, const struct command *command, int errors) {
    int ends[2], error = make_pipe(ends);
    if (error) return error;
    error = spawn(children->group, command, children->out, ends[1], errors, &children->ids[children->count]);
    if (!error) children->count++;
    if (!children->group && !error) children->group = children->ids[0];
    close(ends[1]);
    close_end(&children->out);
    children->out = ends[0];
    return error;
}

/* Our ends of the pipes must not block the event loop. */
static void unblock(struct children *children) {
    fcntl(children->in, F_SETFL, O_NONBLOCK);
    fcntl(children->out, F_SETFL, O_NONBLOCK);
    if (children->errors >= 0) fcntl(children->errors, F_SETFL, O_NONBLOCK);
}

/* Ends what has been started. */
static void give_up(struct children *children) {
    children_stop(children);
    close_end(&children->in);
    close_end(&children->out);
    children_close_errors(children);
}

bool children_start(const struct command *commands, size_t count, bool keep_errors, struct children *ret_children) {
    struct children *children = ret_children;
    int ends[2], errors[2] = {-1, -1};
    *children = (struct children){.in = -1, .out = -1, .errors = -1};
    children->error = count == 0 || count > CHILDREN_MAX ? EINVAL : make_pipe(ends);
    if (children->error) return false;
    children->out = ends[0];
    children->in = ends[1];
    if (keep_errors) children->error = make_pipe(errors);
    children->errors = errors[0];
    for (size_t i = 0; i < count && !children->error; i++)
        children->error = start_next(children, &commands[i], errors[1]);
    close_end(&errors[1]);
    if (children->error)
        give_up(children);
    else
        unblock(children);
    return !children->error;
}
