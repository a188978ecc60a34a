/* Names of authors where a page shows them. */
#ifndef STAGES_EXTRACT_BYLINES_H
#define STAGES_EXTRACT_BYLINES_H

#include "stages/extract/authors.h"
#include "stages/extract/page.h"

/* The first element of a rank that has names in it, and those of the same rank right behind. 3: said to be the author;
 * 2: leads to an author's page, or is called a by-line; 1: any link behind the headline that does. */
void bylines_add(const struct page *page, int rank, const struct author_words *words, struct span site,
                 struct authors *authors);
/* A line behind the headline that begins as by-lines do, or one anywhere in the article that says "Author: ...". */
void bylines_add_announced(const struct page *page, const struct author_words *words, struct span site,
                           struct authors *authors);

#endif
