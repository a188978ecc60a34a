/* Restarts an article whose record lacks part of the page, so that the page is fetched again. */
#ifndef PROGRAM_REFETCH_H
#define PROGRAM_REFETCH_H

#include "pipeline/article/article.h"

/* Returns the article as it was before its page was fetched, except that its feed entry now holds the text and other
 * data of `partial`, which is freed. If the page cannot be fetched this time either, the text is taken from the feed
 * entry. The article therefore keeps the text that it has, and its translations come from the translation memory. */
struct article *refetch_begin(struct article *partial);

#endif
