/* Reads any bytes as TMX: they are read completely or rejected, and pairs are valid UTF-8 within the limits. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "program/import/tmx.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void keep(void *context, const struct tmx_pair *pair) {
    (void)context;
    if (!pair->source.length || !pair->target.length || pair->source.length > 64 << 10) abort();
    if (!text_valid(pair->source) || !text_valid(pair->target)) abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct tmx_counts counts = {0};
    struct failure failure = {0};
    FILE *file = size ? fmemopen((void *)(uintptr_t)data, size, "rb") : NULL;
    if (!file) return 0;
    tmx_read(file, "fuzz", keep, NULL, &counts, &failure);
    fclose(file);
    return 0;
}
