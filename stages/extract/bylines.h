/* Finds the names of authors that a page shows. */
#ifndef STAGES_EXTRACT_BYLINES_H
#define STAGES_EXTRACT_BYLINES_H

#include "stages/extract/authors.h"
#include "stages/extract/page.h"

/* Adds the names in the first element of a rank that has any, and in those of the same rank directly after it. Ranks:
 * 3, marked as the author; 2, links to an author's page or is named as a by-line; 1, any other link to an author's page
 * after the headline. */
void bylines_add(const struct page *page, int rank, const struct author_words *words, struct span site,
                 struct authors *authors);
/* Adds the names in a line after the headline that begins like a by-line, or else in a line anywhere on the page that
 * says "Author: ...". */
void bylines_add_announced(const struct page *page, const struct author_words *words, struct span site,
                           struct authors *authors);

#endif
