/* The candidates that bytes allow: every encoding with every language that is written in it. What reads cheapest by the
 * model of writing wins; labels and hints weigh in without deciding. */
#ifndef STAGES_DECODE_CANDIDATES_H
#define STAGES_DECODE_CANDIDATES_H

#include "pipeline/base/text.h"
#include "stages/decode/encodings.h"
#include "stages/decode/writing.h"

struct detect_hints {
    struct span http, xml, html; /* labels as found; may be empty or wrong */
    struct span language;        /* code that the feed names, may be empty */
    struct span domain;          /* country code of the address, "bg"; may be empty */
    struct span stated, links;   /* the same as the bytes themselves say, for want of the others */
};

struct detection {
    const struct encoding_entry *encoding;
    double certainty;                    /* 0 to 1 */
    int language;                        /* by which it was found, -1 when it was found without one */
    const char *from;                    /* what decided: "bom", "bytes", "model" */
    size_t mark;                         /* bytes of the byte-order mark to leave out */
    const struct encoding_entry *others; /* of the lines that are not in it, NULL when all are */
    bool others_between_tags;            /* of what stands between two tags, since there are no such lines */
    bool nonsense;                       /* even so it reads like thrown dice */
};

struct candidates; /* constant after it is made; borrows the encodings and the model */
struct candidates *candidates_new(const struct encodings *encodings, const struct writing *writing);
void candidates_free(struct candidates *candidates); /* accepts NULL */
const struct encodings *candidates_encodings(const struct candidates *candidates);

/* For bytes that are neither ASCII nor UTF-8. Reads a window of bounded size, so the time does not grow with the bytes.
 */
struct detection candidates_compare(const struct candidates *candidates, struct span raw,
                                    const struct detect_hints *hints);
/* The encoding by which the bytes (a window, at most WINDOW_LIMIT) cost least, the language and the costs; NULL when
 * they cost more than `limit` in all. */
const struct encoding_entry *candidates_cheapest(const struct candidates *candidates, struct span bytes, double limit,
                                                 double *ret_bits, int *ret_language);

#endif
