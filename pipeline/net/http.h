/* The only file that performs transfers with libcurl, and the poll of the one event loop.
 *
 * Limits on connect and total time, low speed, bytes as counted after decompression, redirects; schemes http and https
 * alone. An address that was resolved to loopback, private or link-local space is refused unless the exchange says
 * trusted_host; requests of trusted hosts (services) are never redirected, so a key never crosses to another host.
 * Main thread only. */
#ifndef PIPELINE_NET_HTTP_H
#define PIPELINE_NET_HTTP_H

#include <poll.h>
#include <stdbool.h>
#include <stddef.h>

#include "pipeline/net/exchange.h"

struct http;

struct http_options {
    struct span user_agent;
    struct span ca_file;  /* empty: the system's bundle */
    struct span proxy;    /* empty: as the environment says; never for trusted hosts on loopback */
    unsigned connections; /* at most so many to one host; 0: 8 */
};

typedef void http_done(void *context, struct exchange *exchange);

bool http_new(const struct http_options *options, struct http **ret_http, struct failure *ret_failure);
void http_free(struct http *http); /* ends what is under way without calling anybody; accepts NULL */

/* Starts one attempt. When it ends, `done` is called from http_perform() with status, headers and body, or with
 * exchange->failure set (reach ARTICLE, with the remedy) when there was no complete answer. */
void http_send(struct http *http, struct exchange *exchange, http_done *done, void *context);
/* Does what can be done now. */
void http_perform(struct http *http);
/* Waits for the transfers' sockets and `fds` (revents are filled), at most so long. */
void http_wait(struct http *http, struct pollfd *fds, size_t count, int timeout_ms);

#endif
