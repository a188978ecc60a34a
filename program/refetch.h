/* Restarts an article whose record lacks part of the page, so that the page is fetched again. */
#ifndef PROGRAM_REFETCH_H
#define PROGRAM_REFETCH_H

#include "pipeline/article/article.h"

/* Returns the article as it was before its page was fetched; takes ownership of `partial`. The article's text replaces
 * the text of the feed. Therefore, if the page cannot be fetched this time either, the record stays as it was, and its
 * translations come from the translation memory. */
struct article *refetch_begin(struct article *partial);

#endif
