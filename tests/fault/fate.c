/* Loaded before the program (LD_PRELOAD): kills it at the FATE_COUNTth rename to a path that holds FATE_PATH, and moves
 * its calendar by FATE_SECONDS. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

int rename(const char *from, const char *to) {
    static int seen;
    const char *path = getenv("FATE_PATH"), *count = getenv("FATE_COUNT");
    int (*real)(const char *, const char *);
    *(void **)&real = dlsym(RTLD_NEXT, "rename");
    if (path && strstr(to, path) && ++seen == (count ? atoi(count) : 1)) kill(getpid(), SIGKILL);
    return real(from, to);
}

time_t time(time_t *ret_time) {
    struct timespec now;
    const char *seconds = getenv("FATE_SECONDS");
    clock_gettime(CLOCK_REALTIME, &now);
    time_t moved = now.tv_sec + (seconds ? atol(seconds) : 0);
    if (ret_time) *ret_time = moved;
    return moved;
}
