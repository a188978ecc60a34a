/* The article in the data that a page carries for its scripts (script_json.h): of all lists of paragraphs and long
 * texts there, the longest that is not another article's, a comment's or a menu's. Used where the page itself shows
 * none. */
#ifndef STAGES_EXTRACT_PAGE_DATA_H
#define STAGES_EXTRACT_PAGE_DATA_H

#include "pipeline/article/article.h"
#include "pipeline/base/table.h"

struct data_names;

/* Rows: what names mean, names. False for a meaning that is not known. */
bool data_names_make(const struct table *table, struct arena *arena, struct data_names **ret_names,
                     struct failure *ret_failure);
/* Replaces the article's blocks when there is more text than `least` columns; an object that has the article's title is
 * preferred. True when it has. */
bool page_data_read(const struct data_names *names, struct span page, size_t least, struct article *article);

#endif
