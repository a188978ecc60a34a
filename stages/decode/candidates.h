/* Compares the candidates for the encoding of some bytes. A candidate is an encoding combined with a language that is
 * written in it. The text that each candidate yields has a cost in bits, computed with the writing model (writing.h):
 * the less likely the text, the higher its cost. The cheapest candidate wins. Labels and hints lower the cost, but are
 * not decisive on their own. */
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
    struct span stated, links;   /* language stated by the document, used if `language` is empty; country of most of its
                                    links, used if `domain` is empty */
};

struct detection {
    const struct encoding_entry *encoding;
    double certainty;                    /* 0 to 1 */
    int language;                        /* language of the text, or -1 if it was not determined */
    const char *from;                    /* the evidence that decided: "bom", "bytes" or "model" */
    size_t mark;                         /* size in bytes of the byte order mark, which must be skipped */
    const struct encoding_entry *others; /* encoding of the other lines in a mixture (see mixture.h), or NULL */
    bool others_between_tags; /* `others` applies to stretches of text between two tags instead of lines, because the
                                 document has no line breaks */
    bool valid;               /* the bytes are valid UTF-8 and need not be converted */
    bool nonsense;            /* the bytes look random even in the best encoding */
};

struct candidates; /* immutable once created; borrows the encodings and the model */
struct candidates *candidates_new(const struct encodings *encodings, const struct writing *writing);
void candidates_free(struct candidates *candidates); /* accepts NULL */
const struct encodings *candidates_encodings(const struct candidates *candidates);

/* Finds the encoding of bytes that are neither ASCII nor UTF-8. Judges only a window, a sample of limited size
 * (window.h), so that the time hardly grows with the document: collecting the window takes one pass. */
struct detection candidates_compare(const struct candidates *candidates, struct span raw,
                                    const struct detect_hints *hints);
/* Returns the encoding in which the bytes (a window of at most WINDOW_LIMIT) have the lowest cost, with that cost and
 * the language. Returns NULL if the cost exceeds `limit` in every encoding that is not rare (encoding_is_rare()); the
 * rare ones are not tried then. */
const struct encoding_entry *candidates_cheapest(const struct candidates *candidates, struct span bytes, double limit,
                                                 double *ret_bits, int *ret_language);

#endif
