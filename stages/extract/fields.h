/* What is known of an article beside its text: title, dates, authors, addresses. What is known already stays. */
#ifndef STAGES_EXTRACT_FIELDS_H
#define STAGES_EXTRACT_FIELDS_H

#include "pipeline/article/article.h"
#include "stages/extract/date.h"
#include "stages/extract/metadata.h"

/* All but the authors. */
void fields_take_metadata(const struct date_words *dates, const struct metadata *metadata, struct article *article);
void fields_take_authors(const struct authors *authors, struct article *article);
/* What the feed said, where the page said nothing. */
void fields_take_feed(const struct date_words *dates, struct article *article);

#endif
