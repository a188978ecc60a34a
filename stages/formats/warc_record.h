/* One record of a web archive (ISO 28500): its head, and the page in an HTTP response. */
#ifndef STAGES_FORMATS_WARC_RECORD_H
#define STAGES_FORMATS_WARC_RECORD_H

#include <stdbool.h>
#include <stddef.h>

#include "pipeline/base/text.h"

struct warc_head {
    struct span target; /* http: or https: address; borrows */
    size_t length;      /* of the block that follows */
    bool is_response;   /* an HTTP response with a target: perhaps a page */
};

struct warc_page {
    struct span content_type, body; /* body borrows from the block or from `unpacked` */
    struct buffer unpacked;         /* limit set and freed by the caller */
    bool damaged;                   /* it was a page, but could not be unpacked */
};

/* `text`: the head's lines, ended by newlines. False when it is no WARC head. */
bool warc_read_head(struct span text, struct warc_head *ret_head);
/* `block`: the HTTP response. True when it is a page: status 200, HTML or text. Chunks and gzip are undone. */
bool warc_read_page(struct span block, struct warc_page *page);

#endif
