/* Chooses the encoding of bytes: marks, escape sequences and strict UTF-8 decide alone; otherwise every encoding that
 * the bytes allow is tried on a window that holds the non-ASCII text, and what reads best wins, labels and hints
 * weighing in without deciding. */
#ifndef STAGES_DECODE_DETECT_H
#define STAGES_DECODE_DETECT_H

#include "pipeline/text.h"
#include "stages/decode/encodings.h"

struct detect_hints {
    struct span http, xml, html; /* labels as found; may be empty or wrong */
    struct span language;        /* code that the feed names, may be empty */
    struct span domain;          /* country code of the address, "bg"; may be empty */
};

struct detection {
    const struct encoding_entry *encoding;
    double certainty;  /* 0 to 1 */
    const char *from;  /* what decided: "bom", "bytes", "model", "http", ... */
    size_t mark;       /* bytes of the byte-order mark to leave out */
};

struct detection detect_encoding(const struct encodings *encodings, struct span raw, const struct detect_hints *hints);

#endif
