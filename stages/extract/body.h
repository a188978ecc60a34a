/* Turns a page into the blocks of its article. */
#ifndef STAGES_EXTRACT_BODY_H
#define STAGES_EXTRACT_BODY_H

#include "stages/extract/page.h"
#include "stages/extract/phrases.h"
#include "stages/language/unicode.h"

/* What is known about the article before its text is searched for. Title and authors are already in the article. */
struct body_clues {
    struct span description; /* from meta tags; often the same as the stand-first */
    struct span text;        /* the article as stated in the data (JSON-LD articleBody), or empty */
    bool is_page;            /* false for an email or a feed's own text, which contain nothing but the article */
};

/* Appends blocks to the article in reading order: the stand-first (even if it precedes the container), headings,
 * paragraphs, quotes, list items, table rows, and captions as a kind of their own. Leaves out the headline, by-lines,
 * dates, links to other articles and the site's own texts.
 *
 * If little text is found, a second pass ignores the names of elements. If the page still has less than half as much
 * text as `clues.text`, the blocks are made from that instead. Returns the width of the text found on the page, in
 * columns, captions not counted. */
size_t body_read(struct page *page, const struct phrases *phrases, const struct marks *marks,
                 const struct body_clues *clues, struct article *article);

/* Appends blocks of `kind`, one for each line of `text`. The text may be plain or HTML. */
void body_add_data(enum block_kind kind, struct span text, struct article *article);

#endif
