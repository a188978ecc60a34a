/* What went over the wire, for an archive: the heads of the request and of its answer, and who answered. Lines that
 * hold secrets (log-ins, cookies, tokens, the exchange's own secret headers) and folded lines are left out, and user
 * info is cut from addresses. */
#ifndef PIPELINE_NET_HTTP_EVIDENCE_H
#define PIPELINE_NET_HTTP_EVIDENCE_H

#include <curl/curl.h>

#include "pipeline/net/exchange.h"

/* Has libcurl tell the exchange's request head as it is sent, when exchange->keep_heads asks for it. */
void http_evidence_watch(CURL *easy, struct exchange *exchange);
/* One line of an answer's head; a status line begins a new one. */
void http_evidence_add_line(struct exchange *exchange, struct span line);
/* When the transfer is over: the server's address, unless a proxy stands before it. */
void http_evidence_end(CURL *easy, struct exchange *exchange, bool proxied);

#endif
