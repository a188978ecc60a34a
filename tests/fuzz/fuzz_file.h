/* Files for fuzz targets whose readers take a path. They exist in memory only. */
#ifndef TESTS_FUZZ_FUZZ_FILE_H
#define TESTS_FUZZ_FUZZ_FILE_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

struct fuzz_file {
    int file;
    char path[32];
};

/* The caller closes it with fuzz_file_close(). The target defines _GNU_SOURCE. */
static inline struct fuzz_file fuzz_file_open(const void *bytes, size_t length) {
    struct fuzz_file made = {.file = memfd_create("fuzz", MFD_CLOEXEC)};
    if (made.file < 0 || write(made.file, bytes, length) != (ssize_t)length) abort();
    if (lseek(made.file, 0, SEEK_SET) != 0) abort();
    snprintf(made.path, sizeof made.path, "/proc/self/fd/%d", made.file);
    return made;
}

static inline void fuzz_file_close(const struct fuzz_file *made) {
    close(made->file);
}

#endif
