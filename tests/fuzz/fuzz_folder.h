/* A folder for fuzz targets whose readers look for files of a given name. It is removed when the process ends. */
#ifndef TESTS_FUZZ_FUZZ_FOLDER_H
#define TESTS_FUZZ_FUZZ_FOLDER_H

#include <ftw.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static char fuzz_folder_path[64];

static inline int fuzz_folder_remove_one(const char *path, const struct stat *status, int flag, struct FTW *place) {
    (void)status;
    (void)flag;
    (void)place;
    return remove(path);
}

static inline void fuzz_folder_remove(void) {
    nftw(fuzz_folder_path, fuzz_folder_remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

/* Returns the folder, which is made at the first call. The target defines _GNU_SOURCE. */
static inline const char *fuzz_folder(void) {
    if (fuzz_folder_path[0]) return fuzz_folder_path;
    snprintf(fuzz_folder_path, sizeof fuzz_folder_path, "/tmp/fuzz-XXXXXX");
    if (!mkdtemp(fuzz_folder_path)) abort();
    atexit(fuzz_folder_remove);
    return fuzz_folder_path;
}

/* Writes a file below the folder. */
static inline void fuzz_folder_write(const char *name, const void *bytes, size_t length) {
    char path[512];
    snprintf(path, sizeof path, "%s/%s", fuzz_folder(), name);
    FILE *file = fopen(path, "wb");
    if (!file || fwrite(bytes, 1, length, file) != length || fclose(file) != 0) abort();
}

#endif
