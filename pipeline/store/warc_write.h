/* Records of a web archive, WARC/1.1 (ISO 28500:2017), as bytes. */
#ifndef PIPELINE_STORE_WARC_WRITE_H
#define PIPELINE_STORE_WARC_WRITE_H

#include "pipeline/base/text.h"

enum { WARC_ID = 48 };

/* One answer of a web server, and what it was asked. Heads are lines ended by CR LF, without the empty one behind
 * them; secrets have been taken out (http_evidence.h). */
struct warc_capture {
    struct span target;  /* the address that answered, after redirects */
    struct span address; /* of the server, in figures; empty: not known */
    struct span time;    /* ISO 8601, UTC, when it was asked */
    struct span request_head, reply_head;
    struct span body; /* unpacked, as everything that follows reads it */
};

/* "urn:uuid:...", random. */
void warc_new_id(char ret_id[WARC_ID]);
void warc_write_info(struct buffer *out, const char *id, struct span time, struct span file, struct span software);
/* `info` is the id of the warcinfo record. */
void warc_write_response(struct buffer *out, const struct warc_capture *capture, const char *id, const char *info);
/* `response` is the id of the record with the answer. */
void warc_write_request(struct buffer *out, const struct warc_capture *capture, const char *response, const char *info);

#endif
