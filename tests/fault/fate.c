/* A library for LD_PRELOAD. Kills the program at rename number FATE_COUNT to a path that contains FATE_PATH, and shifts
 * its calendar clock by FATE_SECONDS. */
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
