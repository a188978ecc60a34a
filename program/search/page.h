/* Finds the page that shows an article. */
#ifndef PROGRAM_SEARCH_PAGE_H
#define PROGRAM_SEARCH_PAGE_H

#include "pipeline/article/article.h"

/* Returns the path of the article's page, relative to the output folder, with the article's place on it: the page of
 * its story, else that of its day. Which story it belongs to is read from the day's digest.json. Empty if the day has
 * no pages. In the article's arena. */
struct span search_page_of(struct article *article, const char *output_folder, struct span day);

#endif
