/* Decodes everything that comes from outside, once and as a whole, before any other code reads it. The decode stage
 * uses it for pages, files and parts of emails; the code that fetches a feed, a list, a robots.txt or the header of an
 * email uses it for those. Parsers therefore only see UTF-8, and an article taken from a feed or a list has the
 * encoding and the evidence of that feed or list. A decoder is immutable once open and may be used by any thread. It is
 * shared as a resource, so the tables are read only once per run. */
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

extern const struct resource decoder_resource; /* opens a struct decoder; see pipeline/engine/resources.h */

/* What is known about bytes before they are read. Each field may be empty or wrong. */
struct document {
    struct span raw;
    struct span content_type; /* HTTP Content-Type header or the like, whose charset is a label */
    const char *labelled_by;  /* origin of the label for the record, such as "part"; NULL means "http" */
    bool is_container; /* the bytes are a list or a feed; any HTML in them belongs to an item and does not state their
                          encoding */
    struct span setting, feed; /* language codes in the settings of the source and in the feed */
    struct span address;       /* the country code in the address is a hint */
};

/* The result of decoding. What goes into the record is in struct encoding. */
struct decoding {
    const struct encoding_entry *encoding;
    const struct encoding_entry *others; /* encoding of the other lines in a mixture (see mixture.h), or NULL */
    int language; /* index of the language in the writing model (writing.h), or -1 if it was not determined */
    size_t mark;  /* size in bytes of the byte order mark */
    bool others_between_tags; /* see `others_between_tags` in struct detection */
    bool valid;               /* the bytes are valid UTF-8, without a mark */
};

/* Appends the document as valid UTF-8 without its byte order mark. Sets *ret_encoding, whose contents are allocated in
 * the arena, to the name of the encoding, the certainty, the evidence and the number of undecodable bytes. The evidence
 * includes labels and hints, if there are any. Returns false if the bytes are not text; the failure then says what they
 * are and concerns only this article (REACH_ARTICLE). Takes linear time. */
bool decoder_read(const struct decoder *decoder, const struct document *document, struct arena *arena,
                  struct encoding *ret_encoding, struct decoding *ret_decoding, struct buffer *out,
                  struct failure *ret_failure);

/* Does the same as decoder_read() but appends no text, for documents that are converted piece by piece with
 * encoding_convert(), or with decoder_convert(). */
bool decoder_detect(const struct decoder *decoder, const struct document *document, struct arena *arena,
                    struct encoding *ret_encoding, struct decoding *ret_decoding, struct failure *ret_failure);

/* Returns the document as decoder_read() appends it, after decoder_detect(): `raw` itself if it is valid UTF-8,
 * otherwise a span of `out`, which must be empty. */
struct span decoder_convert(const struct decoding *decoding, struct span raw, struct arena *arena,
                            struct encoding *encoding, struct buffer *out);

/* Appends a short text, such as a header of an email, as valid UTF-8. `label` is a stated encoding. `around` is other
 * text from the same origin, or empty; both texts are judged together, because a short one says little. */
void decoder_read_short(const struct decoder *decoder, struct span raw, struct span label, struct span around,
                        struct buffer *out);

#endif
