/* Finds the article in the JSON that a page contains for its scripts (script_json.h): the longest text or list of
 * paragraphs that does not belong to another article, a comment or a menu. Used if the page itself shows no text. */
#ifndef STAGES_EXTRACT_PAGE_DATA_H
#define STAGES_EXTRACT_PAGE_DATA_H

#include "pipeline/article/article.h"
#include "pipeline/base/table.h"

struct data_names;

/* Builds the table of member names from a table with the columns meaning and names. Returns false if a meaning is
 * unknown. */
bool data_names_make(const struct table *table, struct arena *arena, struct data_names **ret_names,
                     struct failure *ret_failure);
/* If a text of more than `least` columns is found, replaces the article's blocks with it and returns true. A text in an
 * object with the article's title is preferred. */
bool page_data_read(const struct data_names *names, struct span page, size_t least, struct article *article);

#endif
