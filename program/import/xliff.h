/* Reads XLIFF 2.0 and 2.1 as `dragoman export xliff` writes it and translation tools hand it back: one <file> for each
 * article, one <segment> for each sentence, known by their ids. The namespace's prefix, inline markup in the texts,
 * notes and whatever tools add are ignored. */
#ifndef PROGRAM_IMPORT_XLIFF_H
#define PROGRAM_IMPORT_XLIFF_H

#include <stdio.h>

#include "pipeline/base/arena.h"
#include "pipeline/base/failure.h"
#include "pipeline/base/text.h"

/* A sentence with its English. Whitespace in the texts is single spaces. */
struct xliff_segment {
    char article[33];
    unsigned id;
    struct span source, target; /* `target` may be empty */
    bool reviewed;              /* its state is "reviewed" or "final" */
    unsigned long line;
};
struct xliff {
    struct xliff_segment *segments; /* in the order of the file; those of an article are together */
    size_t count, capacity;
};

/* Reads the whole file before anything is made of it, so that a bad one changes nothing. Returns false, with the line,
 * if it cannot be read, is not well-formed or cut off, is not XLIFF 2, does not translate into English, has a document
 * type (which could define entities), has ids that are not ours, or exceeds a limit. `name` is the file's name for
 * messages. */
bool xliff_read(FILE *file, const char *name, struct arena *arena, struct xliff *ret_xliff,
                struct failure *ret_failure);

/* Returns the text as it is compared: without the characters that XML cannot hold and whitespace at its ends, and with
 * single spaces within. In the arena. */
struct span xliff_text(struct arena *arena, struct span text);

#endif
