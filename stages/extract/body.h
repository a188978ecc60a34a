/* Finds the text of a page's article and turns it into blocks. */
#ifndef STAGES_EXTRACT_BODY_H
#define STAGES_EXTRACT_BODY_H

#include "stages/extract/line_features.h"
#include "stages/extract/line_model.h"
#include "stages/extract/page.h"
#include "stages/extract/phrases.h"
#include "stages/language/unicode.h"

/* What is known about the article before the search for its text. Title and authors are already in the article. */
struct body_clues {
    struct span description; /* descriptions in the meta tags; one of them is often the same as the stand-first */
    struct span text;        /* text of the article as given in the page's data (JSON-LD articleBody), or empty */
    bool is_page;            /* false for an email or a text from a feed, which contain nothing but the article */
};

/* The tables by which lines are judged. */
struct body_tables {
    const struct phrases *phrases;
    const struct marks *marks;
    const struct line_model *lines; /* NULL = without the line model */
};

/* Appends blocks to the article in reading order. The contest (contest.h) takes lines by rules; on a page, the line
 * model then corrects which lines are taken. If the page still shows less than half as much text as `clues.text`, the
 * blocks are made from `clues.text` instead. Returns the width of the text found on the page, in columns, without
 * captions. */
size_t body_read(struct page *page, const struct body_tables *tables, const struct body_clues *clues,
                 struct article *article);

struct contest;
/* Returns what the line model is asked about a page. */
struct line_evidence body_evidence(const struct page *page, const struct body_tables *tables,
                                   const struct contest *contest, const struct article *article);

/* Appends blocks of `kind`, one for each line of `text`. The text may be plain or HTML. */
void body_add_data(enum block_kind kind, struct span text, struct article *article);

#endif
