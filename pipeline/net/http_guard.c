#include "pipeline/net/http_guard.h"

#include <string.h>
#include <strings.h>

#include "pipeline/net/address.h"
#include "pipeline/net/url.h"

/* `hosts` is a list of hosts as url_host() writes them, separated by spaces. */
static bool is_listed(struct span host, struct span hosts) {
    struct span name;
    while (span_next(&hosts, ' ', &name))
        if (name.length && span_equal(name, host)) return true;
    return false;
}

/* Whether the host of `url` is in the list. An empty list allows no host. */
static bool host_is_listed(const char *url, struct span hosts) {
    if (!hosts.length) return false;
    /* Uses a temporary arena, because the exchange's arena would grow with each call. */
    struct arena *scratch = arena_new();
    bool listed = is_listed(url_host(span_of(url), scratch), hosts);
    arena_free(scratch);
    return listed;
}

bool http_guard_allows_private(const struct exchange *exchange, const char *url) {
    return exchange->trusted_host || host_is_listed(url, exchange->local_hosts);
}

/* The port counts as part of the host, because another port may be another user's server. */
bool http_guard_takes_secrets(const struct exchange *exchange, const char *url) {
    return host_is_listed(url, exchange->secret_hosts);
}

void http_guard_refuse_private(struct exchange *exchange, const char *url) {
    struct span host = text_clip(url_host(span_of(url), exchange->arena), 100);
    exchange->refused = true;
    failure_set(&exchange->failure, REACH_ARTICLE, REMEDY_NONE,
                "%.*s is on this machine or in a private network; to allow it, set local_hosts = %.*s in the [source] "
                "section",
                SPAN_ARGS(host), SPAN_ARGS(host));
}

bool http_guard_refuse_name(struct exchange *exchange, const char *url) {
    struct span host = text_clip(url_host(span_of(url), exchange->arena), 100);
    exchange->refused = true;
    return failure_set(&exchange->failure, REACH_ARTICLE, REMEDY_NONE,
                       "the host %.*s is not a valid internet name; check the address", SPAN_ARGS(host));
}

/* Whether the secrets of this request, if any, will be encrypted, or the user has allowed them to be sent
 * unencrypted. */
static bool secrets_are_safe(const struct exchange *exchange, const char *url) {
    /* Loopback is safe without encryption, because nothing leaves the machine. */
    bool carried = exchange->carries_key || http_guard_takes_secrets(exchange, url);
    return !carried || exchange->plain_text_ok || strncasecmp(url, "https:", 6) == 0 || address_url_loopback(url);
}

bool http_guard_admits(struct exchange *exchange, const char *url) {
    /* Check the address first: if it is private, that is the reason to report, not the key. */
    if (!http_guard_allows_private(exchange, url) && address_url_private(url)) {
        http_guard_refuse_private(exchange, url);
        return false;
    }
    if (secrets_are_safe(exchange, url)) return true;
    exchange->refused = true;
    return failure_set(&exchange->failure, REACH_ARTICLE, REMEDY_NONE,
                       "a secret would be sent over unencrypted http; use https, or set plain_http = yes to allow it");
}
