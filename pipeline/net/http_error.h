/* Turns libcurl's errors into messages with a remedy. */
#ifndef PIPELINE_NET_HTTP_ERROR_H
#define PIPELINE_NET_HTTP_ERROR_H

#include "pipeline/net/exchange.h"

/* Fills in exchange->failure (REACH_ARTICLE) for libcurl's error `code`; `detail` is libcurl's own message, or "". The
 * message names only the host and port of the URL, because the rest could contain a key. */
void http_error_describe(struct exchange *exchange, int code, const char *detail);

#endif
