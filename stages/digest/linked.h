/* What a story's page says about its articles to programs: NewsArticle of schema.org as JSON-LD. */
#ifndef STAGES_DIGEST_LINKED_H
#define STAGES_DIGEST_LINKED_H

#include "stages/digest/page.h"

/* Appends the data in a <script> element whose type is that of data: no browser runs it, and the pages'
 * Content-Security- Policy, which forbids scripts, lets it be. */
void linked_html(const struct page *page, const struct entry *entry, struct buffer *out);

#endif
