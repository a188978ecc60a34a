/* Preloaded by test_sandbox.py: plays a page that has taken over the HTML parser. When the parser first looks for a
 * tag, it tries what an intruder would, and writes to BURGLAR_REPORT what became of each attempt: the number of the
 * error, or 0. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static FILE *report;

static void tell(const char *what, int failed) {
    fprintf(report, "%s %d\n", what, failed ? errno : 0);
}

static const char *in_home(const char *name) {
    static char path[PATH_MAX];
    snprintf(path, sizeof path, "%s/%s", getenv("BURGLAR_HOME"), name);
    return path;
}

static void try_open(const char *what, const char *path, int flags) {
    int file = open(path, flags, 0600);
    tell(what, file < 0);
    if (file >= 0) close(file);
}

static void try_program(const char *what, char *program, const char *command) {
    char shell[] = "sh", option[] = "-c";
    char *arguments[] = {shell, option, strdup(command), NULL};
    pid_t child;
    int status = 0;
    errno = posix_spawn(&child, program, NULL, NULL, arguments, environ);
    int failed = errno != 0;
    if (!failed) waitpid(child, &status, 0);
    tell(what, failed);
}

static void try_port(void) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
    int s = socket(AF_INET, SOCK_STREAM, 0);
    tell("listen", bind(s, (struct sockaddr *)&address, sizeof address) != 0);
    close(s);
}

static void try_all(void) {
    char command[PATH_MAX + 64], environment[64];
    try_open("read-key", in_home(".ssh/id_rsa"), O_RDONLY);
    try_open("read-beside", in_home("letters.txt"), O_RDONLY);
    try_open("list-home", getenv("BURGLAR_HOME"), O_RDONLY | O_DIRECTORY);
    try_open("write-new", in_home(".bashrc"), O_WRONLY | O_CREAT);
    try_open("append", in_home("letters.txt"), O_WRONLY | O_APPEND);
    try_open("write-source", getenv("BURGLAR_SOURCE"), O_WRONLY | O_APPEND);
    tell("truncate", truncate(in_home("notes.txt"), 0) != 0);
    tell("remove", unlink(in_home("diary.txt")) != 0);
    tell("make-folder", mkdir(in_home(".config"), 0700) != 0);
    tell("make-link", symlink("/etc/passwd", in_home("link")) != 0);
    tell("make-pipe", mkfifo(getenv("BURGLAR_PIPE"), 0600) != 0);
    snprintf(environment, sizeof environment, "/proc/%d/environ", getppid());
    try_open("environment-of-another", environment, O_RDONLY);
    snprintf(command, sizeof command, "touch %s/started", getenv("BURGLAR_HOME"));
    try_program("shell", "/bin/sh", command);
    try_program("own-program", getenv("BURGLAR_PROGRAM"), command);
    tell("signal", kill(getppid(), 0) != 0);
    try_port();
    fprintf(report, "privileges %d\n", prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0));
}

/* Whether this is a search for the first tag of a page. */
static int begins_page(const char *text, int c, size_t length) {
    static const char beginning[] = "<!DOCTYPE html>";
    return c == '<' && length > sizeof beginning && strncmp(text, beginning, sizeof beginning - 1) == 0;
}

void *memchr(const void *at, int c, size_t length) {
    static int called;
    const char *text = at;
    if (begins_page(text, c, length) && !__sync_lock_test_and_set(&called, 1) &&
        (report = fopen(getenv("BURGLAR_REPORT"), "w"))) {
        try_all();
        fclose(report);
    }
    for (size_t i = 0; i < length; i++)
        if (text[i] == (char)c) return (void *)(text + i);
    return NULL;
}
