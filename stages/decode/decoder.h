/* The one decoder. Whatever comes from outside is read by it, once and as a whole, before anything else looks at it:
 * pages, files and the parts of mails by the decode stage, containers (feeds, lists, robots.txt, heads of mails) by
 * whoever fetched them. Parsers see UTF-8 only, and what is cut out of a container carries the container's evidence.
 *
 * A decoder is constant once it is open and may be used from any thread. It is borrowed as a resource, so that the
 * tables are read once a run. */
#ifndef STAGES_DECODE_DECODER_H
#define STAGES_DECODE_DECODER_H

#include "pipeline/article/article.h"
#include "pipeline/engine/resources.h"
#include "stages/decode/candidates.h"
#include "stages/decode/repair.h"
#include "stages/decode/zawgyi.h"

struct decoder {
    struct encodings encodings;
    struct writing *writing;
    struct candidates *candidates;
    struct repairer *repairer;
    struct zawgyi *zawgyi;
};

extern const struct resource decoder_resource; /* a struct decoder */

/* What is known of bytes before anybody reads them. Everything may be empty, and everything may be wrong. */
struct document {
    struct span raw;
    struct span content_type; /* its charset is a label, */
    const char *labelled_by;  /* and this is who states it; NULL: "http" */
    bool is_container; /* a list or a feed: HTML in it is an item's, and says nothing about the encoding of the whole */
    struct span setting, feed; /* languages: the one that the source's settings name; the one that the feed names */
    struct span address;       /* its country is a hint */
};

/* What was found out, beside the record's part of it. */
struct decoding {
    const struct encoding_entry *encoding, *others; /* others: of the lines that are in another one; NULL: none are */
    int language;                                   /* in the model of writing; -1 when it was not needed */
    size_t mark;                                    /* bytes of the byte-order mark */
    bool others_between_tags;                       /* as in struct detection */
};

/* Appends the document as valid UTF-8 without its byte-order mark. Name, certainty, evidence and what could not be
 * decoded go into *ret_encoding, which the arena owns; what was said is evidence only where somebody said it. False
 * when the bytes are no text: the failure (reach ARTICLE) says what they are. Linear. */
bool decoder_read(const struct decoder *decoder, const struct document *document, struct arena *arena,
                  struct encoding *ret_encoding, struct decoding *ret_decoding, struct buffer *out,
                  struct failure *ret_failure);

/* The same without the text, for documents that are converted piece by piece, by encoding_convert(). */
bool decoder_detect(const struct decoder *decoder, const struct document *document, struct arena *arena,
                    struct encoding *ret_encoding, struct decoding *ret_decoding, struct failure *ret_failure);

/* Appends a short text, such as a head of a mail, as valid UTF-8, judged together with `around`, text of the same
 * origin (may be empty); `label` is a hint. */
void decoder_read_short(const struct decoder *decoder, struct span raw, struct span label, struct span around,
                        struct buffer *out);

#endif
