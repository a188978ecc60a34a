/* Chooses the article's title from the titles that a page gives for readers, for search engines and for sharing. These
 * often have the site's name before or after them. */
#ifndef STAGES_EXTRACT_TITLES_H
#define STAGES_EXTRACT_TITLES_H

#include "pipeline/base/arena.h"

enum { MAX_HEADINGS = 12 };

/* The place of a heading, which decides its weight. */
enum heading_place {
    HEADING_FIRST,    /* <h1> */
    HEADING_HEADLINE, /* <h1> in the article, or labelled as its headline */
    HEADING_NAMED,    /* <h2> labelled as the headline */
    HEADING_SECOND,   /* <h2> */
    HEADING_ELSEWHERE /* in a menu, hidden, or below the article */
};

struct titles {
    struct span shared;                 /* og:title or, if there is none, twitter:title */
    struct span shared_from;            /* where the shared title was found, such as "meta og:title" */
    struct span headline;               /* from JSON-LD */
    struct span document;               /* <title> */
    struct span headings[MAX_HEADINGS]; /* in reading order */
    enum heading_place places[MAX_HEADINGS];
    size_t heading_count;
    struct span site; /* the site's name, or empty */
    struct span host; /* host of the page's address, or empty */
};

/* Returns the title on which most candidates agree, as plain text without the site's name, or an empty span. The result
 * is part of one of the titles. The weight of a heading depends on its place. The document's title has little weight,
 * because it is written for search engines. HEADING_SECOND and HEADING_ELSEWHERE can only support another title.
 * *ret_evidence lists the sources that agree, such as "meta og:title, h1", in `arena`. */
struct span titles_choose(const struct titles *titles, struct arena *arena, struct span *ret_evidence);

/* Splits a title at separators: "Page not found - The Daily" yields "Page not found", then "The Daily". Returns false
 * after the last part. */
bool titles_next_part(struct span *rest, struct span *ret_part);
/* Returns true if `title` is `headline`, a separator and more text, which is usually the site's name. */
bool titles_extends(struct span title, struct span headline);

#endif
