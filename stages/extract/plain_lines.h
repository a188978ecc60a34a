/* Splits a text into lines and joins hard-wrapped lines. */
#ifndef STAGES_EXTRACT_PLAIN_LINES_H
#define STAGES_EXTRACT_PLAIN_LINES_H

#include <stdbool.h>

#include "pipeline/base/arena.h"

struct plain_line {
    struct span text; /* trimmed, never empty, without quote marks (">") */
    size_t columns;   /* width on screen; Han and similar characters take two columns */
    unsigned quoted;  /* number of ">" before the text */
    bool gap;         /* an empty line precedes it */
};

struct lines {
    struct plain_line *all;
    size_t count, capacity;
};

/* Returns the lines that are not empty. They point into `text`. */
struct lines lines_cut(struct span text, struct arena *arena);
/* Joins hard-wrapped lines. A text counts as wrapped if its longest line has 40 to 100 columns and most lines end where
 * the next word would not have fitted. A word split by a hyphen keeps the hyphen. */
void lines_unwrap(struct lines *lines, struct arena *arena);

/* Returns the length in bytes of a list marker ("- ", "* ", "• ") at the beginning, or 0. */
size_t line_list_mark(struct span line);

#endif
