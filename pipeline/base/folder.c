#define _GNU_SOURCE /* O_PATH */
#include "pipeline/base/folder.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "pipeline/base/arena.h"
#include "pipeline/base/file.h"

enum { OPENING = O_RDONLY | O_DIRECTORY | O_CLOEXEC };

struct span folder_part(struct span path) {
    while (path.length && path.at[path.length - 1] != '/') path.length--;
    return path;
}

/* file_make_folders() creates the parents of what it is given, so it is given a name in the folder. */
static bool make_root(const char *root) {
    struct buffer inside = BUFFER(1 << 16);
    buffer_print(&inside, "%s/x", root);
    bool done = file_make_folders(inside.at);
    int error = errno;
    buffer_free(&inside);
    errno = error;
    return done;
}

static int open_root(const char *root, bool make) {
    int file = open(root, OPENING);
    if (file >= 0 || errno != ENOENT || !make || !make_root(root)) return file;
    return open(root, OPENING);
}

/* Opens a folder in the folder `parent`. Linux says ENOTDIR of a link here, as it does of a file. */
static int open_in(int parent, const char *name, bool make) {
    struct stat status;
    bool made = make && mkdirat(parent, name, 0777) == 0;
    if (make && !made && errno != EEXIST) return -1;
    if (made && fsync(parent) != 0) return -1;
    int file = openat(parent, name, OPENING | O_NOFOLLOW), error = errno;
    bool link = file < 0 && fstatat(parent, name, &status, AT_SYMLINK_NOFOLLOW) == 0 && S_ISLNK(status.st_mode);
    errno = link ? ELOOP : error;
    return file;
}

int folder_open(const char *root, struct span path, bool make) {
    struct span name;
    int file = open_root(root, make);
    while (file >= 0 && span_next(&path, '/', &name)) {
        if (!name.length) continue;
        char *own = memory_string(name);
        int inner = open_in(file, own, make), error = errno;
        free(own);
        close(file);
        errno = error;
        file = inner;
    }
    return file;
}

DIR *folder_list(const char *root, struct span path) {
    int file = folder_open(root, path, false);
    DIR *list = file >= 0 ? fdopendir(file) : NULL;
    if (file >= 0 && !list) close(file);
    return list;
}

void folder_remove(const char *root, struct span path) {
    struct span folder = folder_part(path);
    int file = folder_open(root, folder, false);
    char *name = memory_string(span_cut(path, folder.length, path.length));
    if (file >= 0) unlinkat(file, name, 0);
    if (file >= 0) close(file);
    free(name);
}
