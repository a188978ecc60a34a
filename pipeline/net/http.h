/* Performs HTTP transfers with libcurl; no other file does. Also polls for the event loop, since libcurl must watch its
 * own sockets.
 *
 * Connect time, total time, low speed, decompressed size and redirects are limited; only http and https are allowed. A
 * host that resolves to a loopback, private or link-local address is refused unless the exchange is trusted_host.
 * Redirects of trusted hosts (services) are not followed, so that a key never reaches another host. All functions must
 * be called on the main thread. */
#ifndef PIPELINE_NET_HTTP_H
#define PIPELINE_NET_HTTP_H

#include <poll.h>
#include <stdbool.h>
#include <stddef.h>

#include "pipeline/net/exchange.h"

struct http;

struct http_options {
    struct span user_agent;
    struct span ca_file; /* file of trusted certificates; empty = the system's certificates */
    struct span proxy; /* URL; empty = as set in the environment; a proxy is never used for trusted hosts on loopback */
    unsigned connections; /* maximum number of connections per host; 0 = 8 */
};

typedef void http_done(void *context, struct exchange *exchange);

/* Fatal (EXIT_SYSTEM) if libcurl cannot be initialised. */
bool http_new(const struct http_options *options, struct http **ret_http, struct failure *ret_failure);
void http_free(struct http *http); /* aborts transfers in flight without calling back; accepts NULL */

/* Starts one attempt. When it ends, http_perform() calls `done`, with status, headers and body, or with
 * exchange->failure set (REACH_ARTICLE, with the remedy) if there was no complete reply. */
void http_send(struct http *http, struct exchange *exchange, http_done *done, void *context);
/* Advances all transfers without blocking and calls back for those that have ended. */
void http_perform(struct http *http);
/* Waits at most `timeout_ms` for the transfers' sockets and `fds`, whose revents are set. */
void http_wait(struct http *http, struct pollfd *fds, size_t count, int timeout_ms);

#endif
