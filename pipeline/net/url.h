/* Addresses: resolving and making them comparable (RFC 3986). Pure functions over libcurl's URL parser; next to http.c
 * the only user of libcurl. */
#ifndef PIPELINE_NET_URL_H
#define PIPELINE_NET_URL_H

#include <stdbool.h>
#include <stddef.h>

#include "pipeline/base/arena.h"
#include "pipeline/base/text.h"

enum { URL_LIMIT = 8192 }; /* bytes; what is longer is no address */

/* http: or https:. */
bool url_is_remote(struct span url);
/* What is wrong with an address that a user wrote, as words that go behind it ("has no host"); NULL: it is a
 * well-formed http: or https: address. */
const char *url_fault(struct span url);
/* `reference` as seen from `base` (may be empty when the reference is absolute), dot segments removed, into the arena;
 * the empty span when the result is not an http:, https: or file: URL. */
struct span url_resolve(struct span base, struct span reference, struct arena *arena);
/* Host in lower case with the port when it is not the usual one; empty when there is none. */
struct span url_host(struct span url, struct arena *arena);
/* The address without fragment, default port and the query parameters named in `tracking` (a name that ends in '*'
 * stands for all that begin so), host in lower case: for comparing, not for fetching. A text that is no URL comes back
 * as it is. */
struct span url_canonical(struct span url, const struct span *tracking, size_t tracking_count, struct arena *arena);
/* Appends `text`, an address or a line that holds some, without the user info (user:password@) of its addresses. */
void url_add_without_users(struct buffer *out, struct span text);

#endif
