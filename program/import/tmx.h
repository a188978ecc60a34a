/* Reads TMX (1.1 to 1.4b) as a stream: one unit at a time is in memory, and everything of it has a limit. */
#ifndef PROGRAM_IMPORT_TMX_H
#define PROGRAM_IMPORT_TMX_H

#include <stdio.h>

#include "pipeline/base/failure.h"
#include "pipeline/base/text.h"

/* A source and its English. Spans hold for the time of the call. */
struct tmx_pair {
    struct span language; /* as the file says */
    struct span source, target;
    struct span key, service, model, unknown_words; /* of our own exports; else empty */
};

struct tmx_counts {
    size_t pairs, skipped; /* skipped units: without English, empty, or beyond the limits */
};

/* False when it is no TMX or not well-formed; the pairs before that place have been given. */
bool tmx_read(FILE *file, const char *name, void (*pair)(void *context, const struct tmx_pair *pair), void *context,
              struct tmx_counts *ret_counts, struct failure *ret_failure);

#endif
