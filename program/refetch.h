/* A record that lacks a part of its page is begun again with the page. */
#ifndef PROGRAM_REFETCH_H
#define PROGRAM_REFETCH_H

#include "pipeline/article/article.h"

/* The article as it was before its page was fetched; takes `partial` over. What was known of the page takes the place
 * of the feed's own text, so that a page that cannot be had now either leaves the record as it was, and the memory
 * answers for its sentences. */
struct article *refetch_begin(struct article *partial);

#endif
