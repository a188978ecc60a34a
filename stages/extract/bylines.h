/* Finds the names of authors that a page shows. */
#ifndef STAGES_EXTRACT_BYLINES_H
#define STAGES_EXTRACT_BYLINES_H

#include "stages/extract/authors.h"
#include "stages/extract/date.h"
#include "stages/extract/line_words.h"
#include "stages/extract/page.h"

/* The words that occur in by-lines, which often hold a date as well. */
struct byline_words {
    const struct author_words *authors;
    const struct date_words *dates;
    const struct line_words *lines;
};

/* Adds the names in the first element of this rank that has names, and in elements of the same rank directly after it.
 * Ranks: 3 is marked as the author by rel or itemprop; 2 is labelled as a by-line by its class or id; 1 is any other
 * link to an author's page after the headline. */
void bylines_add(const struct page *page, int rank, const struct byline_words *words, struct span site,
                 struct authors *authors);
/* Adds the names in a line below the headline that begins like a by-line. */
void bylines_add_announced(const struct page *page, const struct byline_words *words, struct span site,
                           struct authors *authors);
/* Adds the names in a line anywhere on the page that says "Author: ..." or, if there is none, in a dateline. */
void bylines_add_labelled(const struct page *page, const struct byline_words *words, struct span site,
                          struct authors *authors);

#endif
