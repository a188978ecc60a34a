/* Which proxy a request goes through, and the passwords for proxies. libcurl would choose the proxy too, but does not
 * tell whether it uses one, and only a request that goes to a proxy may connect to an address that is not public. */
#ifndef PIPELINE_NET_PROXY_H
#define PIPELINE_NET_PROXY_H

#include "pipeline/base/arena.h"

enum { MAX_PROXY_PASSWORDS = 8 };

/* Returns the proxy for `url`: `configured`, or, if that is NULL, the one that the environment sets for its scheme
 * (http_proxy, https_proxy, HTTPS_PROXY, all_proxy, ALL_PROXY; never HTTP_PROXY, which a CGI program's client can set).
 * Returns NULL if there is none, or if no_proxy or NO_PROXY excludes the host: "*", or a list of domains and IP
 * addresses, which may end in "/" and a number of bits, separated by commas or spaces. */
const char *proxy_for(const char *configured, const char *url);
/* Returns the passwords in the addresses of the configured proxy (may be empty) and of those in the environment. They
 * are sent with requests, so replies may repeat them. The texts are in the arena. */
size_t proxy_passwords(struct span configured, struct arena *arena, struct span ret_passwords[MAX_PROXY_PASSWORDS]);

#endif
