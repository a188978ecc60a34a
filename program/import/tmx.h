/* Reads translation pairs from TMX 1.1 to 1.4b as a stream. Only one unit at a time is in memory, and its size is
 * limited. */
#ifndef PROGRAM_IMPORT_TMX_H
#define PROGRAM_IMPORT_TMX_H

#include <stdio.h>

#include "pipeline/base/failure.h"
#include "pipeline/base/text.h"

/* A text and its English translation. The spans are valid only during the call. */
struct tmx_pair {
    struct span language; /* as written in the file: "es", "ES-es", "pt_BR" */
    struct span source, target;
    struct span key, service, model, unknown_words; /* set only in files that Dragoman exported */
};

struct tmx_counts {
    size_t pairs;   /* passed to the callback */
    size_t skipped; /* units without English, without text, or beyond the limits */
};

/* Calls `pair` for each pair of a source text and its English. Returns false if the file cannot be read, is not TMX or
 * is not well-formed; the pairs before the error have been passed on by then. `name` is the file's name for messages.
 */
bool tmx_read(FILE *file, const char *name, void (*pair)(void *context, const struct tmx_pair *pair), void *context,
              struct tmx_counts *ret_counts, struct failure *ret_failure);

#endif
