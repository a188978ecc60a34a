/* Turns libcurl's errors into messages with a remedy. */
#ifndef PIPELINE_NET_HTTP_ERROR_H
#define PIPELINE_NET_HTTP_ERROR_H

#include "pipeline/net/exchange.h"

/* Fills in exchange->failure (REACH_ARTICLE) for libcurl's error `code`; `detail` is libcurl's own message, or "". The
 * message names only the host and port of the URL, because the rest could contain a key. */
void http_error_describe(struct exchange *exchange, int code, const char *detail);
/* The same for a reply whose headers exceed the limit. */
void http_error_describe_headers(struct exchange *exchange);
/* The same for a proxy that answered `status` to CONNECT, or, if that is 0, could not be reached. */
void http_error_describe_proxy(struct exchange *exchange, long status, const char *detail);
/* Whether a redirect to `url` may be followed, as far as its form goes. If not, because it has neither http nor https,
 * is not valid or is one too many, sets the failure. */
bool http_error_allows_redirect(struct exchange *exchange, const char *url, bool one_too_many);

#endif
