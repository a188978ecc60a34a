/* What is read from a page before its text is: the title, the authors and everything else that the page says about the
 * article. */
#ifndef STAGES_EXTRACT_PREPARED_H
#define STAGES_EXTRACT_PREPARED_H

#include "stages/extract/bylines.h"
#include "stages/extract/metadata.h"
#include "stages/extract/tables.h"

struct prepared {
    struct tree tree;
    struct page page; /* with its headline, and without readers' comments */
    struct metadata metadata;
    struct body_clues clues;
    struct byline_words bylines;
    struct authors authors;
    bool named; /* an author was found, so that a name below the text adds nothing */
};

/* Fills in the fields of the article. The document must outlive the result, which is allocated in the arena and refers
 * to itself, so it must not be copied. `more` are attributes that pruning must keep. */
void prepared_read(const struct extract_tables *tables, struct span document, struct attribute_names more,
                   struct article *article, struct arena *arena, struct prepared *ret_prepared);
/* Returns false for emails and texts from feeds. Emails are the only local files with a content type. */
bool prepared_is_page(const struct article *article);

#endif
