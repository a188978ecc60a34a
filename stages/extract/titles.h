/* Chooses the article's title from a page's titles. These are written for readers, for search engines and for sharing,
 * and often have the site's name before or after them. */
#ifndef STAGES_EXTRACT_TITLES_H
#define STAGES_EXTRACT_TITLES_H

#include "pipeline/base/arena.h"

enum { MAX_HEADINGS = 12 };

/* The place of a heading, which decides its weight. */
enum heading_place {
    HEADING_FIRST,    /* <h1> */
    HEADING_HEADLINE, /* <h1> in the article, or named as its headline */
    HEADING_NAMED,    /* <h2> named as the headline */
    HEADING_SECOND,   /* <h2> */
    HEADING_ELSEWHERE /* in a menu, hidden, or below the article */
};

struct titles {
    struct span shared;                 /* og:title, or else twitter:title */
    struct span shared_from;            /* where it was found, such as "meta og:title" */
    struct span headline;               /* from JSON-LD */
    struct span document;               /* <title> */
    struct span headings[MAX_HEADINGS]; /* in reading order */
    enum heading_place places[MAX_HEADINGS];
    size_t heading_count;
    struct span site; /* the site's name, or empty */
    struct span host; /* host of the page's address, or empty */
};

/* Returns the title that most of the candidates agree on, without the site's name: plain text, part of one of the
 * titles; empty if there is none. A heading's weight depends on its place. The document's title has less weight, as it
 * is written for search engines. A heading that is not an <h1> or is HEADING_ELSEWHERE can only support another title.
 * *ret_evidence lists the sources that agree, such as "meta og:title, h1", in `arena`. */
struct span titles_choose(const struct titles *titles, struct arena *arena, struct span *ret_evidence);

/* Splits a title at separators: "Page not found - The Daily" yields "Page not found", then "The Daily". Returns false
 * after the last part. */
bool titles_next_part(struct span *rest, struct span *ret_part);
/* Returns true if `title` is `headline` followed by a separator and more text, which is usually the site's name. */
bool titles_extends(struct span title, struct span headline);

#endif
