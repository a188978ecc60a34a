/* Which of a page's titles is the article's: they are written for readers, for search engines and for sharing, and
 * carry the site's name in front or behind. */
#ifndef STAGES_EXTRACT_TITLES_H
#define STAGES_EXTRACT_TITLES_H

#include "pipeline/base/arena.h"

enum { MAX_HEADLINES = 8 };

struct titles {
    struct span shared;                   /* og:title, or twitter:title */
    struct span shared_from;              /* "meta og:title" */
    struct span headline;                 /* JSON-LD */
    struct span document;                 /* <title> */
    struct span headlines[MAX_HEADLINES]; /* <h1>, in order */
    size_t headline_count;
    struct span site; /* the site's name, or empty */
    struct span host; /* of the page's address, or empty */
};

/* What at least two of them say, site names cut off; where all differ, the shared one before the first headline before
 * the others. Plain text, a part of one of them; empty when there is none. The evidence names those that say it ("meta
 * og:title, h1"), in the arena. */
struct span titles_choose(const struct titles *titles, struct arena *arena, struct span *ret_evidence);

#endif
