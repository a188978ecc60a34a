/* The links from a day's page to the days beside it and to its week. They can be replaced in a page that is finished,
 * so that a new day does not make all pages of the day before it again. */
#ifndef STAGES_DIGEST_NAV_H
#define STAGES_DIGEST_NAV_H

#include "pipeline/base/text.h"

struct nav {
    char previous[11], next[11]; /* days that have pages; empty if there is none */
};

/* Appends the links of the day's page: to these days, to the list of all days and to the day's week. */
void nav_write(const char *day, const struct nav *nav, struct buffer *out);
/* Appends the element of the page's head that names these links, so that they can be read without the whole page. */
void nav_write_mark(const struct nav *nav, struct buffer *out);
/* Finds the mark in the head of a page. Returns false if it has none, as pages from earlier versions. */
bool nav_read_mark(struct span head, struct nav *ret_nav);
/* Appends the page with its mark and its links replaced. Returns false if the page has none. */
bool nav_replace(struct span page, const char *day, const struct nav *nav, struct buffer *out);

#endif
