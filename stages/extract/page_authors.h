/* Chooses the authors of an article from JSON-LD, meta tags, by-lines and signatures. */
#ifndef STAGES_EXTRACT_PAGE_AUTHORS_H
#define STAGES_EXTRACT_PAGE_AUTHORS_H

#include "pipeline/article/article.h"
#include "stages/extract/bylines.h"
#include "stages/extract/metadata.h"

/* Returns the people who wrote the article or, if none is named, the organization or the pen names. Places are searched
 * from the most to the least reliable until one names a person in full; a first name alone is completed by a less
 * reliable place. `from` is where the names were found. */
struct authors page_authors(const struct metadata *metadata, const struct page *page, const struct byline_words *words);
/* If `authors` has no person, adds those who sign the text: the first block or one of the last begins like a by-line.
 * Call after the blocks are made. */
void page_authors_sign(const struct metadata *metadata, const struct article *article, const struct byline_words *words,
                       struct arena *arena, struct authors *authors);

#endif
