/* What a finished article lacks. The store knows only that something is missing; the record says what. */
#ifndef PROGRAM_LACK_H
#define PROGRAM_LACK_H

#include "pipeline/article/article.h"
#include "program/program.h"

struct article_row;

/* Reads the record of an article from the output folder; NULL if there is none, or if it is damaged. To be freed with
 * article_free(). */
struct article *lack_read_record(const struct program *program, const struct article_row *row);
/* Returns the note of the record of an article that is cut, such as that the page could not be read and the text is
 * that of the feed; `otherwise` if there is none. In the arena. */
struct span lack_of_page(const struct program *program, const struct article_row *row, struct span otherwise,
                         struct arena *arena);

#endif
