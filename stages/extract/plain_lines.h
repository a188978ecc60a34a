/* A text cut into the lines that a person would see: what was wrapped hard is joined again. */
#ifndef STAGES_EXTRACT_PLAIN_LINES_H
#define STAGES_EXTRACT_PLAIN_LINES_H

#include <stdbool.h>

#include "pipeline/base/arena.h"

struct plain_line {
    struct span text; /* trimmed, never empty, without marks of quotation */
    size_t columns;   /* as wide as it is shown: Han and its like are two columns */
    unsigned quoted;  /* how many ">" stood before it */
    bool gap;         /* an empty line stands before it */
};

struct lines {
    struct plain_line *all;
    size_t count, capacity;
};

/* Lines point into `text`. Marks of quotation count when some line begins with ">". */
struct lines lines_cut(struct span text, struct arena *arena);
/* Where most line ends stand where the next word would not have fitted (a width of 40 to 100 columns), those are taken
 * out. A word cut with a hyphen stays as it is. */
void lines_unwrap(struct lines *lines, struct arena *arena);

/* "- ", "* ", "• ": the length of the mark, 0 when there is none. */
size_t line_list_mark(struct span line);

#endif
