/* Writes records of a web archive in WARC/1.1 (ISO 28500:2017). */
#ifndef PIPELINE_STORE_WARC_WRITE_H
#define PIPELINE_STORE_WARC_WRITE_H

#include "pipeline/base/text.h"

enum { WARC_ID = 48 };

/* A reply of a web server and its request. Heads are lines terminated by CR LF, without the final empty line; secrets
 * have been removed (http_evidence.h). */
struct warc_capture {
    struct span target;  /* URL of the reply, after redirects */
    struct span address; /* IP address of the server; empty = unknown */
    struct span time;    /* time of the request, ISO 8601, UTC */
    struct span request_head, reply_head;
    struct span body; /* decompressed, as all later stages read it */
};

/* Creates a random id, "urn:uuid:...". */
void warc_new_id(char ret_id[WARC_ID]);
/* Appends the warcinfo record, which describes the file and the software. */
void warc_write_info(struct buffer *out, const char *id, struct span time, struct span file, struct span software);
/* Appends the record of the reply. `info` is the id of the warcinfo record. */
void warc_write_response(struct buffer *out, const struct warc_capture *capture, const char *id, const char *info);
/* Appends the record of the request. `response` is the id of the reply's record. */
void warc_write_request(struct buffer *out, const struct warc_capture *capture, const char *response, const char *info);

#endif
