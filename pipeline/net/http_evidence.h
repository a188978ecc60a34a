/* Records what went over the wire, for an archive: the header blocks ("heads") of request and reply, and the server's
 * address. Lines that contain secrets (logins, cookies, tokens, the exchange's own secret headers) and folded lines are
 * left out, and user:password@ is removed from URLs. Nothing is recorded unless exchange->keep_heads is set. */
#ifndef PIPELINE_NET_HTTP_EVIDENCE_H
#define PIPELINE_NET_HTTP_EVIDENCE_H

#include <curl/curl.h>

#include "pipeline/net/exchange.h"

/* Makes libcurl report the header block of the request as it is sent. */
void http_evidence_watch(CURL *easy, struct exchange *exchange);
/* Adds one line of the header block of a reply; a status line starts a new block. */
void http_evidence_add_line(struct exchange *exchange, struct span line);
/* Records the server's address when the transfer has ended. Behind a proxy it is unknown. */
void http_evidence_end(CURL *easy, struct exchange *exchange, bool proxied);

#endif
