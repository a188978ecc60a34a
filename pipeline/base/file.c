#include "pipeline/base/file.h"

#include <errno.h>

bool file_read_rest(FILE *file, struct buffer *bytes) {
    char chunk[65536];
    for (size_t length; !bytes->full && (length = fread(chunk, 1, sizeof chunk, file)) > 0;)
        buffer_add(bytes, chunk, length);
    return !ferror(file);
}

bool file_read(const char *path, struct buffer *bytes) {
    FILE *file = fopen(path, "rb");
    if (!file) return false;
    bool done = file_read_rest(file, bytes);
    int reason = errno; /* before fclose() has one of its own */
    fclose(file);
    errno = reason;
    return done;
}
