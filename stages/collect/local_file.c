#include "stages/collect/local_file.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "pipeline/base/file.h"
#include "pipeline/engine/source_files.h"
#include "stages/formats/gunzip.h"

/* Returns whether the error is due to this machine and not to the file. */
static bool is_machine_error(int error) {
    static const int errors[] = {EACCES, EPERM, EIO, EMFILE, ENFILE, ENOMEM, ESTALE, ELOOP, EBUSY, ETIMEDOUT};
    for (size_t i = 0; i < sizeof errors / sizeof *errors; i++)
        if (errors[i] == error) return true;
    return false;
}

/* `error` is 0 if the file may not be read. */
static bool fail_to_read(const char *path, int error, const char *why, struct failure *ret_failure) {
    failure_set(ret_failure, REACH_ARTICLE, is_machine_error(error) ? REMEDY_NEXT_RUN : REMEDY_NONE,
                "cannot read %s: %s", path, why);
    return is_machine_error(error) && failure_blame(ret_failure, CAUSE_MACHINE, span_of(path));
}

/* Reads up to `size` bytes, the size that the file had when it was opened. A file that has become shorter is accepted.
 */
static bool read_bytes(struct article *article, int file, size_t size, const char *path, struct failure *ret_failure) {
    char *bytes = arena_take(article_document(article), size + 1);
    ssize_t length = file_read_up_to(file, bytes, size);
    if (length < 0) return fail_to_read(path, errno, strerror(errno), ret_failure);
    article->origin.raw = (struct span){bytes, (size_t)length};
    return true;
}

/* Replaces the bytes of a gzip file with its contents. */
static bool unpack(struct article *article, size_t limit, struct failure *ret_failure) {
    if (!gunzip_is(article->origin.raw)) return true;
    struct buffer bytes = BUFFER(limit);
    bool done = gunzip(article->origin.raw, &bytes);
    if (done)
        article->origin.raw = arena_copy(article_document(article), buffer_span(&bytes));
    else if (bytes.full)
        failure_set(ret_failure, REACH_ARTICLE, REMEDY_NONE,
                    "%.*s is larger than collect.max_bytes (%zu byte%s) when unpacked",
                    SPAN_ARGS(article->origin.address), limit, PLURAL(limit));
    else
        failure_set(ret_failure, REACH_ARTICLE, REMEDY_NONE, "%.*s is a damaged gzip file",
                    SPAN_ARGS(article->origin.address));
    buffer_free(&bytes);
    return done;
}

static bool check_size(long long size, size_t limit, const char *path, struct failure *ret_failure) {
    if (size == 0) return failure_set(ret_failure, REACH_ARTICLE, REMEDY_NONE, "%s is empty", path);
    return (unsigned long long)size <= limit ||
           failure_set(ret_failure, REACH_ARTICLE, REMEDY_NONE,
                       "%s has %lld byte%s, more than the %zu that collect.max_bytes allows", path, size, PLURAL(size),
                       limit);
}

bool local_file_read(struct article *article, size_t limit, struct failure *ret_failure) {
    struct span address = article->origin.address;
    if (span_starts(address, SPAN("file://"))) address = span_cut(address, 7, address.length);
    const char *path = arena_string(article->arena, address), *why;
    struct stat status;
    int file = source_files_open(article->source_section, path, &why);
    if (file < 0) return fail_to_read(path, errno, why, ret_failure);
    bool done = fstat(file, &status) == 0 ? check_size(status.st_size, limit, path, ret_failure)
                                          : fail_to_read(path, errno, strerror(errno), ret_failure);
    done = done && read_bytes(article, file, (size_t)status.st_size, path, ret_failure) &&
           unpack(article, limit, ret_failure);
    close(file);
    return done;
}
