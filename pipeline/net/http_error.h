/* What went wrong below HTTP, in a sentence with its remedy. */
#ifndef PIPELINE_NET_HTTP_ERROR_H
#define PIPELINE_NET_HTTP_ERROR_H

#include "pipeline/net/exchange.h"

/* Fills exchange->failure (reach ARTICLE) for libcurl's `code`; `detail` is what it said itself, or "". Of the address
 * only host and port are named: a key could stand in the rest. */
void http_error_describe(struct exchange *exchange, int code, const char *detail);

#endif
