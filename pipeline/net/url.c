#include "pipeline/net/url.h"

#include <curl/curl.h>
#include <stdint.h>
#include <string.h>

#include "pipeline/net/idn.h"

/* Accept any scheme here, since a base may be a file: URL, and encode spaces and non-ASCII bytes. */
enum { PARSE = CURLU_NON_SUPPORT_SCHEME | CURLU_URLENCODE };

bool url_is_remote(struct span url) {
    return span_starts_ascii_fold(url, SPAN("http://")) || span_starts_ascii_fold(url, SPAN("https://"));
}

bool url_names_file(struct span reference) {
    reference = span_trim(reference);
    return span_starts_ascii_fold(reference, SPAN("file:")) || span_starts(reference, SPAN("/"));
}

/* Parses a URL, or resolves it if `parts` already holds a base. Returns false if it is not valid. */
static bool set_url(CURLU *parts, struct span url, struct arena *arena) {
    if (url.length == 0 || url.length > URL_LIMIT) return false;
    return curl_url_set(parts, CURLUPART_URL, arena_string(arena, url), PARSE) == CURLUE_OK;
}

/* Copies a part into the arena; empty if the URL does not have it. */
static struct span get_part(CURLU *parts, CURLUPart part, struct arena *arena) {
    char *text = NULL;
    if (curl_url_get(parts, part, &text, CURLU_NO_DEFAULT_PORT) != CURLUE_OK) return (struct span){NULL, 0};
    struct span copy = arena_copy(arena, span_of(text));
    curl_free(text);
    return copy;
}

/* libcurl accepts some of these bytes or encodes them, but in a setting they are typing errors. */
static bool has_invalid_byte(struct span url) {
    for (size_t i = 0; i < url.length; i++)
        if ((unsigned char)url.at[i] <= ' ' || url.at[i] == 0x7F || url.at[i] == '"' || url.at[i] == '<' ||
            url.at[i] == '>')
            return true;
    return false;
}

/* Rejects names that libcurl accepts but no name server can resolve: "news..example", ".example". */
static bool is_invalid_host(struct span host) {
    if (span_starts(host, SPAN("["))) return false;
    return !host.length || host.at[0] == '.' || span_find(host, SPAN("..")) != SIZE_MAX || host.length > 253;
}

static const char *fault_of_parts(CURLU *parts, struct span url, struct arena *arena) {
    struct span rest = span_cut(url, span_find(url, SPAN("://")) + 3, url.length);
    /* libcurl reads "https:///a" as the host "a". */
    if (!rest.length || strchr("/?#", rest.at[0])) return "is not a valid address: check the host";
    if (!set_url(parts, url, arena)) return "is not a valid address: check the host and port";
    if (is_invalid_host(idn_ascii(get_part(parts, CURLUPART_HOST, arena), arena)))
        return "is not a valid address: check the host";
    return get_part(parts, CURLUPART_USER, arena).length
               ? "contains a login, which must not be stored in the configuration file: use user and password_file"
               : NULL;
}

const char *url_fault(struct span url) {
    if (!url_is_remote(url)) return "is not a valid address: it does not begin with http:// or https://";
    if (url.length > URL_LIMIT) return "is not a valid address: it is too long";
    if (has_invalid_byte(url)) return "is not a valid address: it contains a space, a quote or an angle bracket";
    struct arena *arena = arena_new();
    CURLU *parts = curl_url();
    if (!parts) memory_exhausted();
    const char *fault = fault_of_parts(parts, url, arena);
    curl_url_cleanup(parts);
    arena_free(arena);
    return fault;
}

struct span url_resolve(struct span base, struct span reference, struct arena *arena) {
    struct span found = {NULL, 0};
    CURLU *parts = curl_url();
    if (!parts) memory_exhausted();
    /* With a base set, libcurl resolves the next URL against it. */
    if (base.length) set_url(parts, base, arena);
    if (set_url(parts, span_trim(reference), arena)) found = get_part(parts, CURLUPART_URL, arena);
    curl_url_cleanup(parts);
    return url_is_remote(found) || span_starts_ascii_fold(found, SPAN("file://")) ? found : (struct span){NULL, 0};
}

/* Lower-cases ASCII letters in place. The span must be our own copy, although its bytes are declared const. */
static void lower(struct span text) {
    for (char *at = (char *)(uintptr_t)text.at; at && at < text.at + text.length; at++)
        if (*at >= 'A' && *at <= 'Z') *at = (char)(*at + 32);
}

/* Returns the host as it is looked up, or as it is written if it cannot be. */
static struct span ascii_host(CURLU *parts, struct arena *arena) {
    struct span host = get_part(parts, CURLUPART_HOST, arena), ascii = idn_ascii(host, arena);
    if (ascii.length) host = ascii;
    lower(host);
    return host;
}

struct span url_host(struct span url, struct arena *arena) {
    CURLU *parts = curl_url();
    if (!parts) memory_exhausted();
    struct span host = {NULL, 0};
    if (set_url(parts, url, arena)) {
        struct span port = get_part(parts, CURLUPART_PORT, arena);
        host = ascii_host(parts, arena);
        /* get_part() leaves out a default port, so equal hosts always have the same form. */
        if (port.length) host = arena_print(arena, "%.*s:%.*s", SPAN_ARGS(host), SPAN_ARGS(port));
    }
    curl_url_cleanup(parts);
    return host;
}

/* Returns the URL with another host. */
static struct span with_host(CURLU *parts, struct span host, struct arena *arena) {
    bool set = curl_url_set(parts, CURLUPART_HOST, arena_string(arena, host), 0) == CURLUE_OK;
    return set ? get_part(parts, CURLUPART_URL, arena) : (struct span){NULL, 0};
}

/* Nearly every URL is; a percent sign may encode what is not. */
static bool is_plain_ascii(struct span url) {
    for (size_t i = 0; i < url.length; i++)
        if ((unsigned char)url.at[i] >= 0x80 || url.at[i] == '%') return false;
    return true;
}

struct span url_ascii(struct span url, struct arena *arena) {
    struct span found = url;
    if (is_plain_ascii(url)) return url;
    CURLU *parts = curl_url();
    if (!parts) memory_exhausted();
    if (set_url(parts, url, arena)) {
        struct span host = get_part(parts, CURLUPART_HOST, arena), ascii = idn_ascii(host, arena);
        if (ascii.at != host.at) found = ascii.length ? with_host(parts, ascii, arena) : ascii;
    }
    curl_url_cleanup(parts);
    return found;
}

struct span url_spelled_as(struct span url, struct span other, struct arena *arena) {
    struct span found = url;
    CURLU *parts = curl_url(), *others = curl_url();
    if (!parts || !others) memory_exhausted();
    if (set_url(parts, url, arena) && set_url(others, other, arena)) {
        struct span host = get_part(parts, CURLUPART_HOST, arena), wanted = get_part(others, CURLUPART_HOST, arena);
        bool same = !span_equal(host, wanted) && span_equal(idn_ascii(wanted, arena), host);
        struct span spelled = same ? with_host(parts, wanted, arena) : (struct span){NULL, 0};
        if (spelled.length) found = spelled;
    }
    curl_url_cleanup(others);
    curl_url_cleanup(parts);
    return found;
}

/* Whether a query parameter is used only for tracking. A pattern that ends in '*' matches any name that begins with
 * it. */
static bool is_tracking(struct span name, const struct span *tracking, size_t count) {
    for (size_t i = 0; i < count; i++) {
        struct span pattern = tracking[i];
        bool open_end = span_ends(pattern, SPAN("*"));
        if (open_end ? span_starts_ascii_fold(name, span_cut(pattern, 0, pattern.length - 1))
                     : span_equal_ascii_fold(name, pattern))
            return true;
    }
    return false;
}

/* Removes the tracking parameters from the query, and empty pieces ("a=1&&b=2"). */
static void keep_query(CURLU *parts, const struct span *tracking, size_t count, struct arena *arena) {
    struct span query = get_part(parts, CURLUPART_QUERY, arena), piece;
    struct buffer kept = BUFFER(URL_LIMIT);
    for (struct span rest = query; span_next(&rest, '&', &piece);) {
        struct span tail = piece, name = {NULL, 0};
        if (!span_next(&tail, '=', &name) || is_tracking(name, tracking, count)) continue;
        if (kept.length) buffer_add_string(&kept, "&");
        buffer_add_span(&kept, piece);
    }
    curl_url_set(parts, CURLUPART_QUERY, kept.length ? kept.at : NULL, 0);
    buffer_free(&kept);
}

struct span url_canonical(struct span url, const struct span *tracking, size_t tracking_count, struct arena *arena) {
    struct span canonical = {NULL, 0};
    CURLU *parts = curl_url();
    if (!parts) memory_exhausted();
    if (set_url(parts, url, arena)) {
        struct span host = ascii_host(parts, arena);
        curl_url_set(parts, CURLUPART_FRAGMENT, NULL, 0);
        if (host.length) curl_url_set(parts, CURLUPART_HOST, host.at, 0);
        keep_query(parts, tracking, tracking_count, arena);
        canonical = get_part(parts, CURLUPART_URL, arena);
    }
    curl_url_cleanup(parts);
    return canonical.length ? canonical : arena_copy(arena, url);
}

/* Whether a host begins at `at`: after "//", unless these slashes are inside a path. */
static bool begins_host(struct span text, size_t at) {
    return text.at[at - 1] == '/' && at > 1 && text.at[at - 2] == '/' &&
           (at == 2 || strchr(": \t<=\"'", text.at[at - 3]));
}

/* Returns the end of the user info that begins at `from`, or `from` if there is none. */
static size_t user_end(struct span text, size_t from) {
    /* The last '@' counts, as a password may contain one. */
    size_t end = from;
    for (size_t i = from; i < text.length && text.at[i] && !strchr("/?#> \t\r\n", text.at[i]); i++)
        if (text.at[i] == '@') end = i + 1;
    return end;
}

void url_add_without_users(struct buffer *out, struct span text) {
    size_t kept = 0;
    for (size_t i = 2; i < text.length; i++) {
        if (!begins_host(text, i)) continue;
        size_t end = user_end(text, i);
        if (end == i) continue;
        buffer_add_span(out, span_cut(text, kept, i));
        kept = end;
    }
    buffer_add_span(out, span_cut(text, kept, text.length));
}

struct span url_without_users(struct span url, struct arena *arena) {
    struct buffer out = BUFFER(url.length + 1);
    url_add_without_users(&out, url);
    struct span copy = arena_copy(arena, buffer_span(&out));
    buffer_free(&out);
    return copy;
}

struct span url_of_file(struct span path, struct arena *arena) {
    struct buffer out = BUFFER(1 << 18);
    buffer_add_string(&out, "file://");
    for (size_t i = 0; i < path.length; i++) {
        char c = path.at[i];
        bool plain =
            (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || (c && strchr("/-._~", c));
        if (plain)
            buffer_add(&out, &c, 1);
        else
            buffer_print(&out, "%%%02X", (unsigned char)c);
    }
    struct span url = arena_copy(arena, buffer_span(&out));
    buffer_free(&out);
    return url;
}
