/* Fills in the article's title, dates, authors and addresses. A field that already has a value keeps it. */
#ifndef STAGES_EXTRACT_FIELDS_H
#define STAGES_EXTRACT_FIELDS_H

#include "pipeline/article/article.h"
#include "stages/extract/authors.h"
#include "stages/extract/date.h"
#include "stages/extract/line_words.h"
#include "stages/extract/metadata.h"

/* Takes all fields from the page's metadata except the authors. */
void fields_take_metadata(const struct line_words *lines, const struct date_words *dates,
                          const struct metadata *metadata, struct article *article);
void fields_take_authors(const struct authors *authors, struct article *article);
/* The same, in place of organizations that were taken before. */
void fields_replace_authors(const struct authors *authors, struct article *article);
/* Searches the whole page for the date of publication, if neither the page's metadata nor the feed has one. */
void fields_take_late_date(const struct line_words *lines, const struct date_words *dates,
                           const struct metadata *metadata, const struct page *page, struct article *article);
/* Takes from the feed those fields that are still empty. */
void fields_take_feed(const struct date_words *dates, struct article *article);

#endif
