/* What a finished article lacks. The store knows only that something is missing; the record says what. */
#ifndef PROGRAM_LACK_H
#define PROGRAM_LACK_H

#include "pipeline/article/article.h"
#include "program/program.h"

struct article_row;

/* Reads the record of an article from the output folder; NULL if there is none, or if it is damaged. To be freed with
 * article_free(). */
struct article *lack_read_record(const struct program *program, const struct article_row *row);
/* Returns what is missing of an article that is cut: the record's note, such as that the page could not be read and the
 * text is that of the feed, or that a part of the page is missing, if there is no note. In the arena. */
struct span lack_of_page(const struct program *program, const struct article_row *row, struct arena *arena);

#endif
