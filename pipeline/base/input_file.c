#define _GNU_SOURCE /* O_PATH, syscall */
#include "pipeline/base/input_file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/magic.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "pipeline/base/arena.h"

/* O_NONBLOCK keeps a named pipe from blocking the program, O_NOCTTY a terminal from becoming its own. */
enum { READING = O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY };

/* Files of the kernel are regular files by their type, so the file system is asked. *ret_error stays 0 unless the file
 * is a folder or could not be examined. */
static const char *why_not(int file, int *ret_error) {
    struct stat status;
    struct statfs system;
    *ret_error = 0;
    if (fstat(file, &status) != 0) return strerror(*ret_error = errno);
    if (S_ISDIR(status.st_mode)) return strerror(*ret_error = EISDIR);
    if (!S_ISREG(status.st_mode)) return "it is not a regular file";
    bool kernel = fstatfs(file, &system) == 0 && (system.f_type == PROC_SUPER_MAGIC || system.f_type == SYSFS_MAGIC);
    return kernel ? "it is a file of the kernel" : NULL;
}

static int check(int file, const char **ret_why) {
    int error = errno;
    *ret_why = file >= 0 ? why_not(file, &error) : strerror(errno);
    if (file < 0 || !*ret_why) return file;
    close(file);
    errno = error;
    return -1;
}

int input_file_open(const char *path, const char **ret_why) {
    return check(open(path, READING), ret_why);
}

int input_file_open_passed(const char *path, const char **ret_why) {
    struct span name = span_of(path);
    bool passed =
        span_starts(name, SPAN("/dev/fd/")) || span_starts(name, SPAN("/proc/self/fd/")) || span_is(name, "/dev/stdin");
    if (!passed) return input_file_open(path, ret_why);
    int file = open(path, O_RDONLY | O_CLOEXEC);
    *ret_why = file < 0 ? strerror(errno) : NULL;
    return file;
}

/* ---------------------------------------------------------------- inside a folder */

/* Returns where an open file lies, without any link. Fails if /proc is not mounted. */
static bool find_place(int file, char ret_place[PATH_MAX]) {
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    ssize_t length = readlink(link, ret_place, PATH_MAX - 1);
    ret_place[length > 0 ? length : 0] = '\0';
    return length > 0;
}

static bool is_below(const char *place, const char *folder) {
    size_t length = strlen(folder);
    if (length == 1) return true; /* the root folder */
    return strncmp(place, folder, length) == 0 && (place[length] == '/' || place[length] == '\0');
}

/* Without /proc, the kernel itself must keep the path inside the folder. Old kernels cannot; then nothing is read. */
static int open_beneath(int root, const char *folder, const char *path) {
    struct open_how how = {.flags = READING, .resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS};
    size_t length = strlen(folder);
    if (strncmp(path, folder, length) != 0) return -1;
    while (path[length] == '/') length++;
    return (int)syscall(SYS_openat2, root, path + length, &how, sizeof how);
}

static const char outside[] = "a link leads out of the folder";

/* A run may not be allowed to open what lies elsewhere, but to look where it lies. */
static int tell_denied(const char *path, const char *folder_place, const char **ret_why) {
    char place[PATH_MAX];
    int error = errno, file = error == EACCES ? open(path, O_PATH | O_CLOEXEC) : -1;
    bool out = file >= 0 && find_place(file, place) && !is_below(place, folder_place);
    if (file >= 0) close(file);
    if (out) *ret_why = outside;
    errno = out ? 0 : error;
    return -1;
}

/* Opens the path and refuses what lies elsewhere. */
static int open_placed(const char *path, const char *folder_place, const char **ret_why) {
    char place[PATH_MAX];
    int file = input_file_open(path, ret_why);
    if (file < 0) return tell_denied(path, folder_place, ret_why);
    int error = find_place(file, place) ? 0 : errno;
    if (!error && is_below(place, folder_place)) return file;
    close(file);
    errno = error;
    *ret_why = error ? strerror(error) : outside;
    return -1;
}

int input_file_open_inside(const char *folder, const char *path, const char **ret_why) {
    char place[PATH_MAX];
    int root = open(folder, O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (root < 0) return check(root, ret_why);
    int file =
        find_place(root, place) ? open_placed(path, place, ret_why) : check(open_beneath(root, folder, path), ret_why);
    int error = errno;
    close(root);
    errno = error;
    return file;
}

bool input_file_leads_out(const char *folder, const char *path) {
    char outer[PATH_MAX], inner[PATH_MAX];
    int root = open(folder, O_PATH | O_CLOEXEC), file = open(path, O_PATH | O_CLOEXEC);
    bool out = root >= 0 && file >= 0 && find_place(root, outer) && find_place(file, inner) && !is_below(inner, outer);
    if (root >= 0) close(root);
    if (file >= 0) close(file);
    return out;
}

/* read() and not stdio, which allocates memory of its own and reports that there is none as an error of the file. */
bool input_file_read(int file, struct buffer *bytes) {
    UNINITIALIZED char chunk[65536];
    ssize_t length = 1;
    while (length > 0 && !bytes->full) {
        do {
            length = read(file, chunk, sizeof chunk);
        } while (length < 0 && errno == EINTR);
        if (length > 0) buffer_add(bytes, chunk, (size_t)length);
    }
    int error = errno;
    close(file);
    errno = error;
    return length >= 0;
}
