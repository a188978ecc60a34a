/* Weighs what a page states about its article in several places, such as JSON-LD, meta tags and headings. Values that
 * agree share their votes, and the value with the most votes is the best candidate. How much the statement of each
 * place counts is in config/tables/extract/candidates.tsv. */
#ifndef STAGES_EXTRACT_CANDIDATES_H
#define STAGES_EXTRACT_CANDIDATES_H

#include "pipeline/base/table.h"

/* A place where a page states a value. */
enum place {
    TITLE_SHARED,            /* og:title or, if there is none, twitter:title */
    TITLE_META,              /* another meta tag that is called "headline" */
    TITLE_LINKED,            /* headline in JSON-LD */
    TITLE_DOCUMENT,          /* <title> */
    TITLE_HEADING_MARKED,    /* <h1> in the article, or labelled as its headline */
    TITLE_HEADING_FIRST,     /* another <h1> */
    TITLE_HEADING_NAMED,     /* <h2> labelled as the headline */
    TITLE_HEADING_SECOND,    /* another <h2> */
    TITLE_HEADING_ELSEWHERE, /* a heading in a menu, hidden, or below the article */
    PLACES
};

/* The weight of each place. */
struct candidate_weights {
    unsigned places[PLACES];
};

/* Builds the weights from a table with the columns place and weight. Returns false if the table has an unknown place or
 * no number, or if a place is missing. */
bool candidate_weights_make(const struct table *table, struct candidate_weights *ret_weights,
                            struct failure *ret_failure);

struct candidate {
    struct span text, from; /* from: where the page states it, for the record */
    struct span first;      /* text of the first element in a heading with several, or empty */
    enum place place;
    unsigned weight;
    bool supporting; /* can only support another candidate */
};

/* Decides if two values are the same. */
typedef bool candidates_agree(struct span a, struct span b);

/* Returns the index of the candidate with the most votes, or `count` if there is none. Among equals, the one with more
 * supporters wins, and among these the first. Empty texts, and texts that agree with `never`, are not chosen. */
size_t candidates_choose(const struct candidate *candidates, size_t count, candidates_agree *agree, struct span never);
/* Lists the places that state the same as `chosen`, such as "meta og:title, h1", in `arena`. Adjacent candidates from
 * the same place are listed once. */
struct span candidates_evidence(const struct candidate *candidates, size_t count, candidates_agree *agree,
                                struct span chosen, struct arena *arena);

#endif
