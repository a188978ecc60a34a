#include "pipeline/base/mapped.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "pipeline/base/arena.h"

/* Errors are fatal: the program cannot work without its models, and the user can reinstall them. */
static bool refuse(const char *path, const char *what, const char *reason, struct failure *ret_failure) {
    return failure_fatal(ret_failure, EXIT_CONFIG, "%s %s cannot be used: %s", what, path, reason);
}

bool mapped_refuse(const char *path, const char *what, struct failure *ret_failure) {
    return refuse(path, what, "it is damaged", ret_failure);
}

bool mapped_open(const char *path, size_t min_size, const char *what, struct mapped *ret_mapped,
                 struct failure *ret_failure) {
    struct stat status;
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0) return refuse(path, what, strerror(errno), ret_failure);
    /* mmap() refuses an empty file, so its size is checked first. */
    bool known = fstat(file, &status) == 0, sized = known && status.st_size > 0 && (size_t)status.st_size >= min_size;
    void *at = sized ? mmap(NULL, (size_t)status.st_size, PROT_READ, MAP_PRIVATE, file, 0) : MAP_FAILED;
    int reason = errno; /* close() may overwrite errno */
    close(file);
    if (sized && at == MAP_FAILED && reason == ENOMEM) memory_exhausted();
    /* A file that is too short was cut off, for example by an interrupted installation. */
    if (known && !sized) return mapped_refuse(path, what, ret_failure);
    if (at == MAP_FAILED) return refuse(path, what, strerror(reason), ret_failure);
    *ret_mapped = (struct mapped){at, (size_t)status.st_size};
    return true;
}

void mapped_close(struct mapped *mapped) {
    if (mapped->at) munmap(mapped->at, mapped->size);
    *mapped = (struct mapped){NULL, 0};
}
