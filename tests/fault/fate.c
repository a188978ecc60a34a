/* A library for LD_PRELOAD. Kills the program at rename number FATE_COUNT to a path that contains FATE_PATH, or at
 * removal number FATE_COUNT of one that contains FATE_REMOVED; shifts its calendar clock by FATE_SECONDS; and writes
 * into the file FATE_FLUSHED how much of the store's log is on disk: whatever stands behind that would be lost in a
 * power cut. Takes every file system for the one with the hexadecimal number FATE_FILE_SYSTEM. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <time.h>
#include <unistd.h>

static void meet(const char *to, const char *name) {
    static int seen;
    const char *path = getenv(name), *count = getenv("FATE_COUNT");
    if (path && strstr(to, path) && ++seen == (count ? atoi(count) : 1)) kill(getpid(), SIGKILL);
}

int rename(const char *from, const char *to) {
    int (*real)(const char *, const char *);
    *(void **)&real = dlsym(RTLD_NEXT, "rename");
    meet(to, "FATE_PATH");
    return real(from, to);
}

/* The names in the environment may be those of folders. */
static void meet_in(int folder, const char *to, const char *name) {
    char link[64], path[8192];
    snprintf(link, sizeof link, "/proc/self/fd/%d", folder);
    ssize_t length = readlink(link, path, 4096);
    snprintf(path + (length > 0 ? length : 0), 4096, "/%s", to);
    meet(path, name);
}

int renameat(int from_folder, const char *from, int folder, const char *to) {
    int (*real)(int, const char *, int, const char *);
    *(void **)&real = dlsym(RTLD_NEXT, "renameat");
    meet_in(folder, to, "FATE_PATH");
    return real(from_folder, from, folder, to);
}

int unlinkat(int folder, const char *name, int flags) {
    int (*real)(int, const char *, int);
    *(void **)&real = dlsym(RTLD_NEXT, "unlinkat");
    meet_in(folder, name, "FATE_REMOVED");
    return real(folder, name, flags);
}

int statfs(const char *path, struct statfs *ret_system) {
    int (*real)(const char *, struct statfs *);
    const char *type = getenv("FATE_FILE_SYSTEM");
    *(void **)&real = dlsym(RTLD_NEXT, "statfs");
    int result = real(path, ret_system);
    if (result == 0 && type) ret_system->f_type = (__typeof__(ret_system->f_type))strtoul(type, NULL, 16);
    return result;
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
