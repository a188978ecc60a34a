/* Which of a page's titles is the article's: they are written for readers, for search engines and for sharing, and
 * carry the site's name in front or behind. */
#ifndef STAGES_EXTRACT_TITLES_H
#define STAGES_EXTRACT_TITLES_H

#include "pipeline/base/arena.h"

enum { MAX_HEADINGS = 12 };

/* What speaks for a heading. */
enum heading_place {
    HEADING_FIRST,    /* <h1> */
    HEADING_HEADLINE, /* <h1> in the article, or named as its headline */
    HEADING_NAMED,    /* <h2> named as the headline */
    HEADING_SECOND,   /* <h2> */
    HEADING_ELSEWHERE /* in a menu, hidden, below the article */
};

struct titles {
    struct span shared;                 /* og:title, or twitter:title */
    struct span shared_from;            /* "meta og:title" */
    struct span headline;               /* JSON-LD */
    struct span document;               /* <title> */
    struct span headings[MAX_HEADINGS]; /* in reading order */
    enum heading_place places[MAX_HEADINGS];
    size_t heading_count;
    struct span site; /* the site's name, or empty */
    struct span host; /* of the page's address, or empty */
};

/* What most of them say, site names cut off: headings by their place, the shared and the document's title with less
 * weight, as they are written for others than readers. A heading elsewhere, or of second order, only bears out another.
 * Plain text, a part of one of them; empty when there is none. The evidence names those that say it ("meta og:title,
 * h1"), in the arena. */
struct span titles_choose(const struct titles *titles, struct arena *arena, struct span *ret_evidence);

/* "Page not found", then "The Daily", of "Page not found - The Daily"; false behind the last part. */
bool titles_next_part(struct span *rest, struct span *ret_part);
/* Whether the title says the headline, a separator and more: the site's name. */
bool titles_goes_on(struct span title, struct span headline);

#endif
