/* The contest: finds the element that holds the article (container.h) and takes lines from it by rules: the
 * stand-first, headings, paragraphs, quotes, list items, table rows and captions, but not the headline, by-lines,
 * dates, links to other articles and texts of the site. If this yields little text, a second pass ignores the names of
 * elements. */
#ifndef STAGES_EXTRACT_CONTEST_H
#define STAGES_EXTRACT_CONTEST_H

#include "stages/extract/body.h"
#include "stages/extract/overlap.h"

/* Why a line of the container was not taken, although its element was not left out. The line model knows the numbers.
 */
enum refusal {
    REFUSED_NOT,
    REFUSED_HEADLINE,
    REFUSED_CREDIT, /* names the author or the date */
    REFUSED_LINK,
    REFUSED_FURNITURE, /* text of the site */
    REFUSED_ABOVE,     /* a short line above the headline */
    REFUSED_SCRAP,     /* a short line below the headline */
    REFUSED_PORTRAIT,  /* describes the author */
    REFUSED_EMPTY      /* the heading of a section of which nothing was taken */
};

struct contest {
    int container;           /* the element's node, or -1 */
    unsigned char *kinds;    /* for each line: 0, or 1 + the kind of block that it becomes; in the page's arena */
    unsigned char *refusals; /* for each line: enum refusal; in the page's arena */
    size_t taken;            /* columns of the lines taken, without captions */
    struct overlap description, known; /* of the clues */
};

/* The article's title and authors must be known. Adds no blocks, but sets the image's caption, and where the
 * stand-first was found. */
struct contest contest_hold(struct page *page, const struct body_tables *tables, const struct body_clues *clues,
                            struct article *article);

#endif
