/* Chooses the article's title from the titles that a page gives for readers, for search engines and for sharing. These
 * often have the site's name before or after them. */
#ifndef STAGES_EXTRACT_TITLES_H
#define STAGES_EXTRACT_TITLES_H

#include "stages/extract/candidates.h"

enum { MAX_HEADINGS = 12, TITLE_BYTES = 4096 }; /* TITLE_BYTES: a longer text is seldom a title */

struct titles {
    struct span shared;                 /* og:title or, if there is none, twitter:title */
    struct span shared_from;            /* where the shared title was found, such as "meta og:title" */
    struct span meta, meta_from;        /* from another meta tag that is called "headline" */
    struct span headline;               /* from JSON-LD */
    struct span document;               /* <title> */
    struct span headings[MAX_HEADINGS]; /* in reading order */
    struct span firsts[MAX_HEADINGS];   /* the first element in each heading, which may be a kicker, or empty */
    enum place places[MAX_HEADINGS];    /* one of TITLE_HEADING_... */
    size_t heading_count;
    struct span site; /* the site's name, or empty */
    struct span host; /* host of the page's address, or empty */
};

/* Returns the title with the most votes (see candidates.h), as plain text without the site's name, or an empty span.
 * The result is part of one of the titles, or of a copy of it in `arena`. The document's title has little weight,
 * because it is written for search engines. If all titles are longer than TITLE_BYTES, one is cut after a word, and
 * ends with "…". TITLE_HEADING_SECOND and TITLE_HEADING_ELSEWHERE can only support another
 * title. *ret_evidence lists the places that agree, such as "meta og:title, h1", in `arena`. */
struct span titles_choose(const struct titles *titles, const struct candidate_weights *weights, struct arena *arena,
                          struct span *ret_evidence);

#endif
