/* The digest's faces. Everything that comes from articles is text: it is escaped, and nothing is loaded from anywhere. */
#ifndef STAGES_DIGEST_PAGE_H
#define STAGES_DIGEST_PAGE_H

#include "pipeline/stage.h"

bool page_html(const struct edition *edition, struct span style, struct buffer *out);
bool page_markdown(const struct edition *edition, struct buffer *out);
bool page_json(const struct edition *edition, struct buffer *out);
/* How many segments of the article have findings worth reading, and how many failed. */
void page_count_flags(const struct article *article, size_t *ret_suspect, size_t *ret_failed);
/* "deepl: 0.1200 EUR for 12345 characters in 4 requests", a line each, of what the run's report says was spent that day. */
void page_spending(const struct edition *edition, void (*line)(void *context, struct span text), void *context);
struct span page_title(const struct article *article); /* English, or the source's when there is none */

#endif
