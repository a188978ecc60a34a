#include "pipeline/base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "pipeline/base/arena.h"
#include "pipeline/base/input_file.h"

/* fread() rather than a size from fstat(), so that pipes work as well. */
bool file_read_rest(FILE *file, struct buffer *bytes) {
    char chunk[65536];
    for (size_t length; !bytes->full && (length = fread(chunk, 1, sizeof chunk, file)) > 0;)
        buffer_add(bytes, chunk, length);
    return !ferror(file);
}

bool file_read(const char *path, struct buffer *bytes) {
    const char *why;
    int file = input_file_open_passed(path, &why);
    if (file < 0 && errno == ENOMEM) memory_exhausted();
    if (file < 0 && !errno) errno = EINVAL;
    return file >= 0 && input_file_read(file, bytes);
}

ssize_t file_read_up_to(int file, char *bytes, size_t size) {
    size_t length = 0;
    while (length < size) {
        ssize_t got = read(file, bytes + length, size - length);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return -1;
        if (got == 0) break;
        length += (size_t)got;
    }
    return (ssize_t)length;
}

size_t file_read_head(const char *path, char *bytes, size_t size) {
    const char *why;
    int file = input_file_open(path, &why);
    if (file < 0) return SIZE_MAX;
    ssize_t length = file_read_up_to(file, bytes, size);
    int error = errno;
    close(file);
    errno = error;
    return length >= 0 ? (size_t)length : SIZE_MAX;
}

bool file_flush_folder(const char *path) {
    const char *slash = strrchr(path, '/');
    /* With the slash: it may be the root. */
    struct span part = slash ? span_cut(span_of(path), 0, (size_t)(slash - path) + 1) : SPAN(".");
    char *folder = memory_string(part);
    int file = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool done = file >= 0 && fsync(file) == 0;
    int error = errno;
    if (file >= 0) close(file);
    free(folder);
    errno = error;
    return done;
}

bool file_make_folders(char *path) {
    for (char *slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        /* Cut the path at each slash in turn, so that it names each of the parent folders, from the top down. */
        *slash = '\0';
        /* Another process may create the same folder at the same time. */
        bool made = mkdir(path, 0777) == 0;
        if (!made && errno != EEXIST) return false;
        if (made && !file_flush_folder(path)) return false;
        *slash = '/';
    }
    return true;
}
