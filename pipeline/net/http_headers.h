/* Builds the header lines of a request for libcurl. */
#ifndef PIPELINE_NET_HTTP_HEADERS_H
#define PIPELINE_NET_HTTP_HEADERS_H

#include <curl/curl.h>

#include "pipeline/net/exchange.h"

/* Returns the exchange's headers, and its secret ones if `url` may receive them (http_guard_takes_secrets). The caller
 * frees the list. Intermediate copies are wiped, because headers may contain keys. */
struct curl_slist *http_headers_make(const struct exchange *exchange, const char *url);

#endif
