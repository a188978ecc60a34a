/* Compares the candidates for the encoding of some bytes: every encoding combined with every language written in it.
 * The candidate whose text has the lowest cost in the model of writing (writing.h) wins; labels and hints lower the
 * cost, but are not decisive on their own. */
#ifndef STAGES_DECODE_CANDIDATES_H
#define STAGES_DECODE_CANDIDATES_H

#include "pipeline/base/text.h"
#include "stages/decode/encodings.h"
#include "stages/decode/writing.h"

struct detect_hints {
    struct span http, xml, html; /* labels: the encodings named by the HTTP header, the XML declaration and the HTML;
                                    may be empty or wrong */
    struct span language;        /* language code given by the feed; may be empty */
    struct span domain;          /* country code in the address, such as "bg"; may be empty */
    struct span stated, links;   /* found in the bytes, used if the fields above are empty */
};

struct detection {
    const struct encoding_entry *encoding;
    double certainty;                    /* 0 to 1 */
    int language;                        /* language of the text, or -1 if it was not determined */
    const char *from;                    /* the deciding evidence: "bom", "bytes" or "model" */
    size_t mark;                         /* number of bytes of the byte order mark, which must be skipped */
    const struct encoding_entry *others; /* encoding of the lines that are not in `encoding`; NULL if there are none */
    bool others_between_tags; /* in a document without line breaks: `others` applies to stretches between two tags, not
                                 to lines */
    bool nonsense;            /* the bytes look random even in the best encoding */
};

struct candidates; /* immutable once created; borrows the encodings and the model */
struct candidates *candidates_new(const struct encodings *encodings, const struct writing *writing);
void candidates_free(struct candidates *candidates); /* accepts NULL */
const struct encodings *candidates_encodings(const struct candidates *candidates);

/* Finds the encoding of bytes that are neither ASCII nor UTF-8. Reads a window of limited size, so the time does not
 * grow with the document, apart from the single pass that collects the window. */
struct detection candidates_compare(const struct candidates *candidates, struct span raw,
                                    const struct detect_hints *hints);
/* Returns the encoding in which the bytes (a window of at most WINDOW_LIMIT) are cheapest, with the language and the
 * cost. Returns NULL if all cost more than `limit`. */
const struct encoding_entry *candidates_cheapest(const struct candidates *candidates, struct span bytes, double limit,
                                                 double *ret_bits, int *ret_language);

#endif
