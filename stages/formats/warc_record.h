/* Reads a record of a web archive (ISO 28500): its header, and the page in an HTTP response. */
#ifndef STAGES_FORMATS_WARC_RECORD_H
#define STAGES_FORMATS_WARC_RECORD_H

#include <stdbool.h>
#include <stddef.h>

#include "pipeline/base/text.h"

enum warc_kind {
    WARC_OTHER,
    WARC_RESPONSE, /* an HTTP response */
    WARC_DOCUMENT  /* a resource or a conversion: the block is the page or text itself */
};

struct warc_head {
    struct span target;       /* http: or https: address; borrows from the header */
    struct span content_type; /* of the block */
    size_t length;            /* bytes of the block that follows */
    enum warc_kind kind;      /* also WARC_OTHER if there is no target or the target is not a page */
};

struct warc_page {
    struct span content_type, body; /* body points into the block or into `unpacked` */
    struct buffer unpacked;         /* the caller sets its limit and frees it */
    bool damaged;                   /* the record is a page but could not be unpacked */
};

/* Reads a header from its lines, ended by newlines. Returns false if it is not a WARC header. */
bool warc_read_head(struct span text, struct warc_head *ret_head);
/* Reads the block that follows the header. Returns true if it is a page, that is HTML or text; a response must have
 * status 200, and its chunks and gzip compression are removed. */
bool warc_read_page(const struct warc_head *head, struct span block, struct warc_page *page);
/* Returns the position of the next record in a text, after an empty line, or SIZE_MAX. */
size_t warc_find_record(struct span text);

#endif
