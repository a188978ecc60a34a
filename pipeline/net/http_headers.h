/* The header lines of a request, for libcurl. */
#ifndef PIPELINE_NET_HTTP_HEADERS_H
#define PIPELINE_NET_HTTP_HEADERS_H

#include <curl/curl.h>

#include "pipeline/net/exchange.h"

/* Those of the exchange, and its secret ones where `url` may have them (http_guard_takes_secrets). The caller frees the
 * list; the copies made on the way are wiped. */
struct curl_slist *http_headers_make(const struct exchange *exchange, const char *url);

#endif
