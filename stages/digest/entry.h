/* The entries of the day's page. */
#ifndef STAGES_DIGEST_ENTRY_H
#define STAGES_DIGEST_ENTRY_H

#include "stages/digest/page.h"

/* Appends a story: section and countries, headline in both languages, summary with its doubts, figures on which the
 * sources differ, its articles. */
void entry_story(const struct day *day, const struct entry *entry, struct buffer *out);
/* Appends a story with one article in short: time, headline, first sentence, publisher. */
void entry_single(const struct day *day, const struct entry *entry, struct buffer *out);
/* Appends one line with the section, the countries, the number of new articles (unless `day` is NULL) and the number of
 * doubts. */
void entry_eyebrow(const struct day *day, const struct entry *entry, struct buffer *out);
/* Appends an article of a story as a list item: time, publisher, headline, link to the original. `prefix` leads to its
 * text on the story's page: the page's address or "". */
void entry_take(const struct day *day, const struct take *take, struct span prefix, struct buffer *out);
/* Appends an article's publisher, language, time, authors, status (unless complete) and link to the original as one
 * line. */
void entry_byline(const struct day *day, const struct take *take, struct buffer *out);
/* Appends the summary of a story's lead, with links to the sentences on which it is based, followed by the doubts about
 * the summary and the headline. */
void entry_summary(const struct article *article, struct span prefix, struct buffer *out);

#endif
