/* Decides where an exchange may be sent. http.c asks before each request and again at each redirect.
 *
 * A trusted exchange (to a service) may go anywhere. Any other exchange may reach this machine and private networks
 * only at the hosts named in exchange->local_hosts. Keys and logins are sent only over https, or to this machine. */
#ifndef PIPELINE_NET_HTTP_GUARD_H
#define PIPELINE_NET_HTTP_GUARD_H

#include <stdbool.h>

#include "pipeline/net/exchange.h"

/* Whether `url` may be requested even if its address is private. */
bool http_guard_allows_private(const struct exchange *exchange, const char *url);
/* Whether the exchange has secrets and the host of `url` is among those that may receive them. */
bool http_guard_takes_secrets(const struct exchange *exchange, const char *url);
/* Whether `url` may be requested, judging by the URL alone; a name that resolves to a private address is caught later,
 * when connecting. If not, returns false and sets the exchange's failure and `refused`. */
bool http_guard_admits(struct exchange *exchange, const char *url);
/* Sets the failure and `refused` of an exchange whose `url` has a private address. */
void http_guard_refuse_private(struct exchange *exchange, const char *url);

/* The same for one whose host is not a valid name. Returns false. */
bool http_guard_refuse_name(struct exchange *exchange, const char *url);

#endif
