/* A library for LD_PRELOAD. Kills the program at rename number FATE_COUNT to a path that contains FATE_PATH, shifts its
 * calendar clock by FATE_SECONDS, and writes into the file FATE_FLUSHED how much of the store's log is on disk:
 * whatever stands behind that would be lost in a power cut. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
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

static int is_log(int file) {
    char link[64], path[4096] = "";
    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    ssize_t length = readlink(link, path, sizeof path - 1);
    return length > 4 && strcmp(path + length - 4, "-wal") == 0;
}

static int flush(const char *name, int file) {
    int (*real)(int);
    struct stat before = {0};
    const char *flushed = getenv("FATE_FLUSHED");
    *(void **)&real = dlsym(RTLD_NEXT, name);
    fstat(file, &before);
    int result = real(file);
    if (result != 0 || !flushed || !is_log(file)) return result;
    char next[4096];
    snprintf(next, sizeof next, "%s.%ld", flushed, (long)gettid());
    FILE *out = fopen(next, "w");
    fprintf(out, "%lld", (long long)before.st_size);
    fclose(out);
    rename(next, flushed);
    return result;
}

int fdatasync(int file) {
    return flush("fdatasync", file);
}

int fsync(int file) {
    return flush("fsync", file);
}
