/* A library for LD_PRELOAD. Makes one call of the program fail, or kills the program there. A call is named by its
 * function and a hash of the call stack, which are the same in every run of the same program.
 *
 * CALLS_RECORD=FILE        writes one line "FUNCTION STACK" for each different call
 * CALLS_ALLOCATIONS=1      records malloc(), calloc() and realloc() instead of the calls to the system
 * CALLS_AT="FUNCTION STACK"  the call at which CALLS_DO is done, the first time it is reached. STACK may be 0: with
 * CALLS_FILE=TEXT, CALLS_COUNT=N: the Nth call for a file whose path contains TEXT
 * CALLS_DO=NUMBER          it fails with this errno
 * CALLS_DO=short           it reads or writes half of what it could
 * CALLS_DO=before, after   the program is killed before or after it
 * CALLS_TRACE=1            prints the call stack then
 * CALLS_HIT=FILE           gets a byte when that has been done; opened at the start, because a run gives up such files
 * CALLS_SECONDS=NUMBER     shifts the calendar clock */
#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <execinfo.h>
#include <fcntl.h>
#include <link.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

enum { FRAMES = 40, ALLOCATION_FRAMES = 12, KNOWN = 1 << 16, MODULES = 128 };

/* ---------------------------------------------------------------- stacks */

static struct module {
    uintptr_t from, to;
    uint64_t name;
} modules[MODULES];
static int module_count;

static uint64_t mix(uint64_t hash, uint64_t value) {
    return (hash ^ value) * 0x9E3779B97F4A7C15u ^ hash >> 29;
}

static uint64_t mix_text(const char *text) {
    uint64_t hash = 1;
    for (; *text; text++) hash = mix(hash, (unsigned char)*text);
    return hash;
}

static int add_module(struct dl_phdr_info *info, size_t size, void *context) {
    (void)size, (void)context;
    for (int i = 0; i < info->dlpi_phnum && module_count < MODULES; i++)
        if (info->dlpi_phdr[i].p_type == PT_LOAD && info->dlpi_phdr[i].p_flags & PF_X) {
            uintptr_t from = info->dlpi_addr + info->dlpi_phdr[i].p_vaddr;
            const char *slash = strrchr(info->dlpi_name, '/');
            modules[module_count++] =
                (struct module){from, from + info->dlpi_phdr[i].p_memsz, mix_text(slash ? slash : info->dlpi_name)};
        }
    return 0;
}

/* Relative to its module, because the modules are loaded at other addresses in every run. */
static uint64_t place_of(uintptr_t at) {
    for (int i = 0; i < module_count; i++)
        if (at >= modules[i].from && at < modules[i].to) return mix(modules[i].name, at - modules[i].from);
    return 0;
}

static int is_own(uintptr_t at) {
    uintptr_t here = (uintptr_t)add_module;
    for (int i = 0; i < module_count; i++)
        if (here >= modules[i].from && here < modules[i].to) return at >= modules[i].from && at < modules[i].to;
    return 0;
}

/* backtrace() itself calls what is intercepted here. */
static __thread int busy;
static int ready, allocations;

static uint64_t stack_hash(void) {
    void *at[FRAMES];
    int count = backtrace(at, allocations ? ALLOCATION_FRAMES : FRAMES);
    uint64_t hash = 7;
    for (int i = 0; i < count; i++)
        if (!is_own((uintptr_t)at[i])) hash = mix(hash, place_of((uintptr_t)at[i]));
    return hash;
}

/* ---------------------------------------------------------------- what is done */

enum deed { NOTHING, FAIL, SHORT, AFTER };

static uint64_t known[KNOWN], wanted;
static char function[32];
static const char *deed = "";
static int record = -1, hit = -1, deed_errno, done, count = 1;
static const char *file_wanted;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static void write_line(int file, const char *name, uint64_t stack) {
    char line[80];
    int length = snprintf(line, sizeof line, "%s %016llx\n", name, (unsigned long long)stack);
    syscall(SYS_write, file, line, length);
}

static void note(const char *name, uint64_t stack) {
    uint64_t key = mix(mix_text(name), stack);
    pthread_mutex_lock(&lock);
    size_t place = key % KNOWN;
    while (known[place] && known[place] != key) place = (place + 1) % KNOWN;
    if (!known[place]) write_line(record, name, stack);
    known[place] = key;
    pthread_mutex_unlock(&lock);
}

static void die(void) {
    syscall(SYS_kill, getpid(), SIGKILL);
    for (;;) pause();
}

static enum deed do_it(void) {
    if (hit >= 0) syscall(SYS_write, hit, "!", 1);
    if (getenv("CALLS_TRACE")) {
        void *at[FRAMES];
        busy = 1;
        backtrace_symbols_fd(at, backtrace(at, FRAMES), STDERR_FILENO);
        busy = 0;
    }
    if (strcmp(deed, "before") == 0) die();
    if (strcmp(deed, "after") == 0) return AFTER;
    errno = deed_errno;
    return strcmp(deed, "short") == 0 ? SHORT : FAIL;
}

/* For an open file, for a path (then `file` is -1), or for a path in an open folder. */
static int is_file(int file, const char *path) {
    char link[64], found[8192] = "";
    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    ssize_t length = file >= 0 ? syscall(SYS_readlink, link, found, 4096) : 0;
    if (length < 0) return 0;
    snprintf(found + length, sizeof found - (size_t)length, "/%s", path ? path : "");
    return strstr(found, file_wanted) != NULL;
}

static enum deed look_at(const char *name, int file, const char *path) {
    if (!ready || busy || done || !file_wanted || strcmp(name, function) != 0 || !is_file(file, path)) return NOTHING;
    return __atomic_sub_fetch(&count, 1, __ATOMIC_SEQ_CST) == 0 ? do_it() : NOTHING;
}

static enum deed look(const char *name, int is_allocation, int file, const char *path) {
    if (!ready || busy || is_allocation != allocations) return NOTHING;
    if (file_wanted) return look_at(name, file, path);
    if (record < 0 && (done || strcmp(name, function) != 0)) return NOTHING;
    int before = errno;
    busy = 1;
    uint64_t stack = stack_hash();
    if (record >= 0) note(name, stack);
    busy = 0;
    errno = before;
    if (record >= 0 || stack != wanted || __atomic_exchange_n(&done, 1, __ATOMIC_SEQ_CST)) return NOTHING;
    return do_it();
}

__attribute__((constructor)) static void begin(void) {
    const char *file = getenv("CALLS_RECORD"), *at = getenv("CALLS_AT"), *what = getenv("CALLS_DO");
    void *first[2];
    unsigned long long stack = 0;
    allocations = getenv("CALLS_ALLOCATIONS") != NULL;
    if (at && sscanf(at, "%31s %llx", function, &stack) != 2) function[0] = '\0';
    wanted = stack;
    file_wanted = getenv("CALLS_FILE");
    if (getenv("CALLS_COUNT")) count = atoi(getenv("CALLS_COUNT"));
    if (what) deed = what, deed_errno = atoi(what);
    if (getenv("CALLS_HIT"))
        hit = (int)syscall(SYS_openat, AT_FDCWD, getenv("CALLS_HIT"), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    if (file) record = (int)syscall(SYS_openat, AT_FDCWD, file, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    backtrace(first, 2); /* loads a library */
    dl_iterate_phdr(add_module, NULL);
    /* Programs that are started from here run undisturbed. */
    unsetenv("LD_PRELOAD");
    ready = 1;
}

/* ---------------------------------------------------------------- the calls */

#define REAL(name)                                                                                                     \
    static __typeof__(&name) real;                                                                                     \
    if (!real) *(void **)&real = dlsym(RTLD_NEXT, #name)

/* Defines a function that fails with `bad`. */
#define CALL(type, name, bad, file, path, parameters, arguments)                                                       \
    type name parameters {                                                                                             \
        REAL(name);                                                                                                    \
        enum deed what = look(#name, 0, file, path);                                                                   \
        if (what == FAIL || what == SHORT) return bad;                                                                 \
        type result = real arguments;                                                                                  \
        if (what == AFTER) die();                                                                                      \
        return result;                                                                                                 \
    }

/* The same, for a function that transfers up to `size` bytes. */
#define TRANSFER(name, file, parameters, arguments)                                                                    \
    ssize_t name parameters {                                                                                          \
        REAL(name);                                                                                                    \
        enum deed what = look(#name, 0, file, NULL);                                                                   \
        if (what == FAIL) return -1;                                                                                   \
        if (what == SHORT && size > 1) size /= 2;                                                                      \
        ssize_t result = real arguments;                                                                               \
        if (what == AFTER) die();                                                                                      \
        return result;                                                                                                 \
    }

#define OPEN(name)                                                                                                     \
    int name(const char *path, int flags, ...) {                                                                       \
        REAL(name);                                                                                                    \
        va_list more;                                                                                                  \
        va_start(more, flags);                                                                                         \
        mode_t mode = va_arg(more, mode_t);                                                                            \
        va_end(more);                                                                                                  \
        enum deed what = look(#name, 0, -1, path);                                                                     \
        if (what == FAIL || what == SHORT) return -1;                                                                  \
        int result = real(path, flags, mode);                                                                          \
        if (what == AFTER) die();                                                                                      \
        return result;                                                                                                 \
    }

#define OPENAT(name)                                                                                                   \
    int name(int folder, const char *path, int flags, ...) {                                                           \
        REAL(name);                                                                                                    \
        va_list more;                                                                                                  \
        va_start(more, flags);                                                                                         \
        mode_t mode = va_arg(more, mode_t);                                                                            \
        va_end(more);                                                                                                  \
        enum deed what = look(#name, 0, folder, path);                                                                 \
        if (what == FAIL || what == SHORT) return -1;                                                                  \
        int result = real(folder, path, flags, mode);                                                                  \
        if (what == AFTER) die();                                                                                      \
        return result;                                                                                                 \
    }

OPENAT(openat)
OPENAT(openat64)
OPEN(open)
OPEN(open64)
CALL(FILE *, fopen, NULL, -1, path, (const char *path, const char *mode), (path, mode))
CALL(FILE *, fopen64, NULL, -1, path, (const char *path, const char *mode), (path, mode))
CALL(DIR *, opendir, NULL, -1, path, (const char *path), (path))
CALL(int, fsync, -1, file, NULL, (int file), (file))
CALL(int, fdatasync, -1, file, NULL, (int file), (file))
CALL(int, syncfs, -1, file, NULL, (int file), (file))
CALL(int, rename, -1, -1, to, (const char *from, const char *to), (from, to))
CALL(int, renameat, -1, folder, to, (int from_folder, const char *from, int folder, const char *to),
     (from_folder, from, folder, to))
CALL(int, renameat2, -1, folder, to,
     (int from_folder, const char *from, int folder, const char *to, unsigned int flags),
     (from_folder, from, folder, to, flags))
CALL(int, link, -1, -1, to, (const char *from, const char *to), (from, to))
CALL(ssize_t, readlink, -1, -1, path, (const char *path, char *text, size_t size), (path, text, size))
CALL(FILE *, fdopen, NULL, file, NULL, (int file, const char *mode), (file, mode))
CALL(DIR *, fdopendir, NULL, file, NULL, (int file), (file))
CALL(int, mkdirat, -1, folder, path, (int folder, const char *path, mode_t mode), (folder, path, mode))
CALL(int, symlinkat, -1, folder, path, (const char *to, int folder, const char *path), (to, folder, path))
CALL(ssize_t, readlinkat, -1, folder, path, (int folder, const char *path, char *text, size_t size),
     (folder, path, text, size))
CALL(int, fstatat, -1, folder, path, (int folder, const char *path, struct stat *status, int flags),
     (folder, path, status, flags))
CALL(int, symlink, -1, -1, path, (const char *to, const char *path), (to, path))
CALL(int, unlink, -1, -1, path, (const char *path), (path))
CALL(int, unlinkat, -1, folder, path, (int folder, const char *path, int flags), (folder, path, flags))
CALL(int, mkdir, -1, -1, path, (const char *path, mode_t mode), (path, mode))
CALL(int, ftruncate, -1, file, NULL, (int file, off_t size), (file, size))
CALL(int, ftruncate64, -1, file, NULL, (int file, off64_t size), (file, size))
CALL(int, fstat, -1, file, NULL, (int file, struct stat *status), (file, status))
CALL(int, stat, -1, -1, path, (const char *path, struct stat *status), (path, status))
CALL(int, lstat, -1, -1, path, (const char *path, struct stat *status), (path, status))
CALL(int, flock, -1, file, NULL, (int file, int operation), (file, operation))
CALL(void *, mmap, MAP_FAILED, file, NULL, (void *at, size_t size, int rights, int flags, int file, off_t offset),
     (at, size, rights, flags, file, offset))
CALL(void *, mmap64, MAP_FAILED, file, NULL, (void *at, size_t size, int rights, int flags, int file, off64_t offset),
     (at, size, rights, flags, file, offset))
CALL(int, socket, -1, -1, "", (int domain, int type, int protocol), (domain, type, protocol))
CALL(int, connect, -1, file, NULL, (int file, const struct sockaddr *address, socklen_t length),
     (file, address, length))
CALL(int, poll, -1, -1, "", (struct pollfd * files, nfds_t count, int milliseconds), (files, count, milliseconds))
CALL(int, eventfd, -1, -1, "", (unsigned int value, int flags), (value, flags))
CALL(int, pipe2, -1, -1, "", (int files[2], int flags), (files, flags))
CALL(int, pthread_create, EAGAIN, -1, "",
     (pthread_t * thread, const pthread_attr_t *attributes, void *(*run)(void *), void *context),
     (thread, attributes, run, context))
CALL(int, posix_spawnp, EAGAIN, -1, "",
     (pid_t * process, const char *file, const posix_spawn_file_actions_t *actions, const posix_spawnattr_t *attributes,
      char *const arguments[], char *const environment[]),
     (process, file, actions, attributes, arguments, environment))
TRANSFER(read, file, (int file, void *bytes, size_t size), (file, bytes, size))
TRANSFER(pread, file, (int file, void *bytes, size_t size, off_t offset), (file, bytes, size, offset))
TRANSFER(pread64, file, (int file, void *bytes, size_t size, off64_t offset), (file, bytes, size, offset))
TRANSFER(write, file, (int file, const void *bytes, size_t size), (file, bytes, size))
TRANSFER(pwrite, file, (int file, const void *bytes, size_t size, off_t offset), (file, bytes, size, offset))
TRANSFER(pwrite64, file, (int file, const void *bytes, size_t size, off64_t offset), (file, bytes, size, offset))
TRANSFER(getrandom, -1, (void *bytes, size_t size, unsigned int flags), (bytes, size, flags))
TRANSFER(send, file, (int file, const void *bytes, size_t size, int flags), (file, bytes, size, flags))
TRANSFER(recv, file, (int file, void *bytes, size_t size, int flags), (file, bytes, size, flags))

/* A descriptor is closed even if close() fails. */
int close(int file) {
    REAL(close);
    enum deed what = look("close", 0, file, NULL);
    int reason = errno, result = real(file);
    if (what == AFTER) die();
    if (what == NOTHING) return result;
    errno = reason;
    return -1;
}

int fclose(FILE *file) {
    REAL(fclose);
    enum deed what = look("fclose", 0, fileno(file), NULL);
    int reason = errno, result = real(file);
    if (what == AFTER) die();
    if (what == NOTHING) return result;
    errno = reason;
    return EOF;
}

/* The flag is what ferror() reads. */
static void mark_error(FILE *file) {
    file->_flags |= 0x20;
}

size_t fread(void *bytes, size_t size, size_t count, FILE *file) {
    REAL(fread);
    enum deed what = look("fread", 0, fileno(file), NULL);
    if (what == AFTER) die();
    if (what == NOTHING) return real(bytes, size, count, file);
    mark_error(file);
    return 0;
}

ssize_t __getdelim(char **line, size_t *size, int end, FILE *file) {
    ssize_t (*real)(char **, size_t *, int, FILE *);
    *(void **)&real = dlsym(RTLD_NEXT, "__getdelim");
    enum deed what = look("__getdelim", 0, fileno(file), NULL);
    if (what == AFTER) die();
    if (what == NOTHING) return real(line, size, end, file);
    mark_error(file);
    return -1;
}

time_t time(time_t *ret_time) {
    struct timespec now;
    const char *seconds = getenv("CALLS_SECONDS");
    clock_gettime(CLOCK_REALTIME, &now);
    time_t moved = now.tv_sec + (seconds ? atol(seconds) : 0);
    if (ret_time) *ret_time = moved;
    return moved;
}

/* ---------------------------------------------------------------- memory */

void *malloc(size_t size) {
    REAL(malloc);
    return look("malloc", 1, -1, "") ? NULL : real(size);
}

void *calloc(size_t count, size_t size) {
    REAL(calloc);
    return look("calloc", 1, -1, "") ? NULL : real(count, size);
}

void *realloc(void *at, size_t size) {
    REAL(realloc);
    return look("realloc", 1, -1, "") ? NULL : real(at, size);
}
