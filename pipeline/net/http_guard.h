/* Where an exchange may be sent: what http.c asks before a request leaves, and again at every redirect.
 *
 * A trusted exchange (a service) may go anywhere. Any other may reach this machine and private networks only at the
 * hosts that exchange->local_hosts names. Keys and log-ins go over https: alone, or stay on this machine. */
#ifndef PIPELINE_NET_HTTP_GUARD_H
#define PIPELINE_NET_HTTP_GUARD_H

#include <stdbool.h>

#include "pipeline/net/exchange.h"

/* Whether an address that is or turns out to be private may be asked for. */
bool http_guard_allows_private(const struct exchange *exchange, const char *url);
/* Whether the exchange has secrets for sources and the address is of a host that may have them. */
bool http_guard_takes_secrets(const struct exchange *exchange, const char *url);
/* Whether the address may be asked for, by what it says of itself; a name that leads to a private address is noticed
 * when it is connected to. False: the exchange's failure is set, and `refused`. */
bool http_guard_admits(struct exchange *exchange, const char *url);
/* Sets the failure of an exchange that `url` led to a private address, and `refused`. */
void http_guard_refuse_private(struct exchange *exchange, const char *url);

#endif
