/* Resolves, compares and checks URLs (RFC 3986). Pure functions that use libcurl's URL parser. */
#ifndef PIPELINE_NET_URL_H
#define PIPELINE_NET_URL_H

#include <stdbool.h>
#include <stddef.h>

#include "pipeline/base/arena.h"
#include "pipeline/base/text.h"

enum { URL_LIMIT = 8192 }; /* bytes; longer URLs are invalid */

/* Whether the URL begins with http:// or https://. */
bool url_is_remote(struct span url);
/* Whether a reference in a local document names a file by itself and not relative to the document: by file: or an
 * absolute path. */
bool url_names_file(struct span reference);
/* Returns what is wrong with a URL that the user wrote, in words that follow the URL in a message ("is not a valid
 * address: ..."), or NULL if it is a well-formed http: or https: URL. */
const char *url_fault(struct span url);
/* Resolves `reference` against `base` (may be empty if the reference is absolute) and removes dot segments. The result
 * is in the arena; it is empty unless it is an http:, https: or file: URL. */
struct span url_resolve(struct span base, struct span reference, struct arena *arena);
/* Returns the host in ASCII (idn.h) and lower case, with the port unless it is the default; empty if there is none. */
struct span url_host(struct span url, struct arena *arena);
/* Returns the URL to be requested, with its host in ASCII; the URL itself if that is so already, and an empty span if
 * the host is not a valid name. */
struct span url_ascii(struct span url, struct arena *arena);
/* Returns the URL with the host as `other` spells it, if both have the same host and that of `url` is in ASCII. */
struct span url_spelled_as(struct span url, struct span other, struct arena *arena);
/* Returns a form of the URL for comparing, not for fetching: the host in ASCII and lower case; without the fragment,
 * the default port and the query parameters named in `tracking` (a name that ends in '*' matches by prefix). A text
 * that is not a URL is returned unchanged. */
struct span url_canonical(struct span url, const struct span *tracking, size_t tracking_count, struct arena *arena);
/* Returns the file: URL of an absolute path, in the arena. */
struct span url_of_file(struct span path, struct arena *arena);
/* Appends `text`, a URL or a line that contains URLs, without the user info (user:password@) of its URLs. */
void url_add_without_users(struct buffer *out, struct span text);
/* Returns a copy without them. */
struct span url_without_users(struct span url, struct arena *arena);

#endif
