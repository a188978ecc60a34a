/* Finds the article in the JSON that a page contains for its scripts (script_json.h): the longest list of paragraphs or
 * long text that is not part of another article, a comment or a menu. Used if the page itself shows none. */
#ifndef STAGES_EXTRACT_PAGE_DATA_H
#define STAGES_EXTRACT_PAGE_DATA_H

#include "pipeline/article/article.h"
#include "pipeline/base/table.h"

struct data_names;

/* Builds the table of member names. Each row has a meaning, then the names. Returns false if a meaning is unknown. */
bool data_names_make(const struct table *table, struct arena *arena, struct data_names **ret_names,
                     struct failure *ret_failure);
/* Replaces the article's blocks and returns true if a text of more than `least` columns is found. Text in an object
 * with the article's title is preferred. */
bool page_data_read(const struct data_names *names, struct span page, size_t least, struct article *article);

#endif
