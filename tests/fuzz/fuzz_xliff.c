/* Reads any bytes as XLIFF: they are read completely or refused with a line, and texts are valid UTF-8 within the
 * limits. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "program/import/xliff.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(const struct xliff_segment *segment) {
    if (segment->source.length > 64 << 10 || segment->target.length > 64 << 10) abort();
    if (!text_valid(segment->source) || !text_valid(segment->target)) abort();
    if (strlen(segment->article) != 32) abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct xliff xliff;
    struct failure failure = {0};
    struct arena *arena = arena_new();
    FILE *file = size ? fmemopen((void *)(uintptr_t)data, size, "rb") : NULL;
    bool read = file && xliff_read(file, "fuzz", arena, &xliff, &failure);
    for (size_t i = 0; read && i < xliff.count; i++) check(&xliff.segments[i]);
    if (file && !read && !strstr(failure.sentence, "line ")) abort();
    if (file) fclose(file);
    arena_free(arena);
    return 0;
}
