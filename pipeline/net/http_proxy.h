/* Chooses the proxy of a request. libcurl would do it too, but does not tell whether it uses one, and only a request
 * that goes to a proxy may connect to an address that is not public. */
#ifndef PIPELINE_NET_HTTP_PROXY_H
#define PIPELINE_NET_HTTP_PROXY_H

/* Returns the proxy for `url`: `configured`, or, if that is NULL, the one that the environment sets for its scheme
 * (http_proxy, https_proxy, HTTPS_PROXY, all_proxy, ALL_PROXY; never HTTP_PROXY, which a CGI program's client can set).
 * Returns NULL if there is none, or if no_proxy or NO_PROXY excludes the host: "*", or a list of domains and IP
 * addresses, which may end in "/" and a number of bits, separated by commas or spaces. */
const char *http_proxy_for(const char *configured, const char *url);

#endif
