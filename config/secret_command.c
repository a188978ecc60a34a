#define _GNU_SOURCE
#include "config/secret_command.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "pipeline/base/clock.h"

static int start(const char *command, int output, pid_t *ret_child) {
    static char shell[] = "sh", option[] = "-c";
    union {
        const char *given;
        char *wanted;
    } line = {.given = command}; /* posix_spawn() does not modify its arguments, but its prototype lacks the const */
    char *const arguments[] = {shell, option, line.wanted, NULL};
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    posix_spawn_file_actions_init(&actions);
    posix_spawnattr_init(&attributes);
    /* The command reads from /dev/null: standard input may hold articles, and nobody may be there to answer a
     * prompt. */
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
    /* The command gets its own process group, so that it can be killed together with its children. */
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP);
    posix_spawnattr_setpgroup(&attributes, 0);
    int error = posix_spawn(ret_child, "/bin/sh", &actions, &attributes, arguments, environ);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    return error;
}

/* Reads up to the end of the output. Returns false on an error or timeout, or if the output fills all `size` bytes. */
static bool read_all(int from, int64_t until, char *text, size_t size, size_t *ret_length) {
    *ret_length = 0;
    for (;;) {
        struct pollfd fd = {.fd = from, .events = POLLIN};
        int64_t left = until - clock_ms();
        if (left <= 0) return false;
        int ready = poll(&fd, 1, (int)left);
        if (ready < 0 && errno != EINTR) return false;
        if (ready <= 0) continue;
        ssize_t got = read(from, text + *ret_length, size - *ret_length);
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) return got == 0;
        *ret_length += (size_t)got;
        if (*ret_length == size) return false;
    }
}

/* Waits for a command that has closed its output and kills it if it has not ended by `until`. There is no
 * waitpid() with a timeout, so waitpid() is called every 5 ms. */
static int wait_for(pid_t child, int64_t until) {
    int status = 0;
    while (waitpid(child, &status, WNOHANG) == 0) {
        if (clock_ms() >= until) {
            kill(-child, SIGKILL);
            waitpid(child, &status, 0);
            break;
        }
        poll(NULL, 0, 5);
    }
    return status;
}

bool command_output(const char *command, int timeout_ms, char *text, size_t size, size_t *ret_length,
                    struct failure *ret_failure) {
    int ends[2];
    pid_t child;
    int64_t until = clock_ms() + timeout_ms;
    if (pipe2(ends, O_CLOEXEC) != 0)
        return failure_fatal(ret_failure, EXIT_SYSTEM, "cannot create a pipe for a command: %s", strerror(errno));
    int error = start(command, ends[1], &child);
    close(ends[1]);
    if (error) {
        close(ends[0]);
        return failure_fatal(ret_failure, EXIT_CONFIG, "the command cannot be run: %s", strerror(error));
    }
    bool whole = read_all(ends[0], until, text, size, ret_length);
    close(ends[0]);
    int status = wait_for(child, whole ? until : clock_ms());
    if (!whole)
        return failure_fatal(ret_failure, EXIT_CONFIG, "the command timed out, or its output is too long for a secret");
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
        return failure_fatal(ret_failure, EXIT_CONFIG, "the command ended with %s %d",
                             WIFEXITED(status) ? "exit code" : "signal",
                             WIFEXITED(status) ? WEXITSTATUS(status) : WTERMSIG(status));
    return *ret_length > 0 || failure_fatal(ret_failure, EXIT_CONFIG, "the command printed nothing");
}
