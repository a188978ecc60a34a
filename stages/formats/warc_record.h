/* One record of a web archive (ISO 28500): its head, and the page in an HTTP response. */
#ifndef STAGES_FORMATS_WARC_RECORD_H
#define STAGES_FORMATS_WARC_RECORD_H

#include <stdbool.h>
#include <stddef.h>

#include "pipeline/base/text.h"

enum warc_kind {
    WARC_OTHER,
    WARC_RESPONSE, /* an HTTP response */
    WARC_DOCUMENT  /* a resource or a conversion: the page or text itself */
};

struct warc_head {
    struct span target;       /* http: or https: address; borrows */
    struct span content_type; /* of the block */
    size_t length;            /* of the block that follows */
    enum warc_kind kind;      /* WARC_OTHER as well when it has no target, or is no page */
};

struct warc_page {
    struct span content_type, body; /* body borrows from the block or from `unpacked` */
    struct buffer unpacked;         /* limit set and freed by the caller */
    bool damaged;                   /* it was a page, but could not be unpacked */
};

/* `text`: the head's lines, ended by newlines. False when it is no WARC head. */
bool warc_read_head(struct span text, struct warc_head *ret_head);
/* `block`: what follows the head. True when it is a page: HTML or text; of a response, with status 200, its chunks and
 * gzip undone. */
bool warc_read_page(const struct warc_head *head, struct span block, struct warc_page *page);
/* Where a record seems to begin in a text, behind an empty line; SIZE_MAX: nowhere. */
size_t warc_find_record(struct span text);

#endif
