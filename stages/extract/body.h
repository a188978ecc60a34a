/* From a page to the blocks of its article. */
#ifndef STAGES_EXTRACT_BODY_H
#define STAGES_EXTRACT_BODY_H

#include "stages/extract/page.h"
#include "stages/extract/phrases.h"
#include "stages/language/unicode.h"

/* What is known of the article before its text is looked for: title and authors stand in it. */
struct body_clues {
    struct span description; /* what meta tags say: often the stand-first */
    struct span text;        /* the article as data (JSON-LD articleBody), or empty */
    bool is_page;            /* not a mail, and not a feed's own text: these hold nothing but the article */
};

/* Adds the blocks in reading order: the stand-first (also from in front of the container), headings, paragraphs,
 * quotes, list items, rows of tables; captions as their own kind. The headline, by-lines, dates, what leads to other
 * articles and the page's furniture are left out. When little is found, a second look ignores names; when the page
 * holds far less than `clues.text` does, that is taken. Returns the width of the text in columns, captions not counted.
 */
size_t body_read(struct page *page, const struct phrases *phrases, const struct marks *marks,
                 const struct body_clues *clues, struct article *article);

/* Adds blocks from data (JSON-LD and the like): plain or HTML, paragraphs parted by line breaks. */
void body_add_data(enum block_kind kind, struct span text, struct article *article);

#endif
