#define _GNU_SOURCE
#include <stdlib.h>
#include <unistd.h>

#include "pipeline/base/arena.h"
#include "pipeline/net/address.h"
#include "pipeline/net/http_evidence.h"
#include "pipeline/net/http_guard.h"
#include "pipeline/net/http_transfer.h"

enum {
    MAX_REPLY_HEADERS = 200,     /* the rest is not kept */
    MAX_HEAD_BYTES = 256u << 10, /* more is refused; libcurl's own limits are 100 kB a line and 300 kB */
};

/* ---------------------------------------------------------------- addresses */

/* Returns the URL that the transfer is requesting, after any redirects. */
static const char *current_url(const struct transfer *transfer) {
    char *url = NULL;
    curl_easy_getinfo(transfer->easy, CURLINFO_EFFECTIVE_URL, &url);
    return url ? url : "";
}

/* Behind a proxy we see only the proxy's address, and leave the check to the proxy. */
static bool may_connect(const struct transfer *transfer, bool is_private) {
    return !is_private || transfer->proxied || http_guard_allows_private(transfer->exchange, current_url(transfer));
}

static void note_refused(struct transfer *transfer, const char *url) {
    free(transfer->refused);
    transfer->refused = memory_string(span_of(url));
}

/* Called with the address that a name has resolved to, before connecting. Checking here rather than before the lookup
 * leaves no gap in which the name could change its address (DNS rebinding). */
static curl_socket_t open_socket(void *context, curlsocktype purpose, struct curl_sockaddr *address) {
    struct transfer *transfer = context;
    if (purpose != CURLSOCKTYPE_IPCXN || !may_connect(transfer, address_socket_private(&address->addr))) {
        note_refused(transfer, current_url(transfer));
        return CURL_SOCKET_BAD;
    }
    return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

/* libcurl may reuse a connection that a trusted exchange opened, so the address is checked again before each
 * request. */
static int before_request(void *context, char *remote, char *local, int remote_port, int local_port) {
    struct transfer *transfer = context;
    (void)local;
    (void)remote_port;
    (void)local_port;
    if (may_connect(transfer, address_private(remote))) return CURL_PREREQFUNC_OK;
    note_refused(transfer, current_url(transfer));
    return CURL_PREREQFUNC_ABORT;
}

/* ---------------------------------------------------------------- reply */

/* Returning a smaller number of bytes than given makes libcurl abort the transfer. */
static size_t take_body(char *bytes, size_t size, size_t count, void *context) {
    struct transfer *transfer = context;
    struct exchange *exchange = transfer->exchange;
    exchange->reply.limit = transfer->limit;
    if (buffer_add(&exchange->reply, bytes, size * count)) return size * count;
    transfer->too_large = true;
    return 0;
}

static void add_header(struct exchange *exchange, struct span line) {
    size_t colon = span_find(line, SPAN(":"));
    if (colon == SIZE_MAX || exchange->reply_header_count >= MAX_REPLY_HEADERS) return;
    exchange->reply_headers = arena_grow(exchange->arena, exchange->reply_headers, exchange->reply_header_count,
                                         &exchange->reply_header_capacity, sizeof *exchange->reply_headers);
    char *name = arena_string(exchange->arena, span_cut(line, 0, colon));
    for (char *c = name; *c; c++)
        if (*c >= 'A' && *c <= 'Z') *c = (char)(*c + 32);
    struct span value = arena_copy(exchange->arena, span_trim(span_cut(line, colon + 1, line.length)));
    exchange->reply_headers[exchange->reply_header_count++] = (struct header){.name = {name, colon}, .value = value};
}

/* A status line begins a new reply, for example after an interim one; the headers of the previous one are discarded.
 * An empty line ends the headers: without it, the connection broke before it could say anything about the body. */
static size_t take_header(char *bytes, size_t size, size_t count, void *context) {
    struct transfer *transfer = context;
    struct exchange *exchange = transfer->exchange;
    struct span line = span_trim((struct span){bytes, size * count});
    transfer->head_bytes += size * count;
    transfer->too_many_headers = transfer->head_bytes > MAX_HEAD_BYTES;
    if (transfer->too_many_headers) return 0;
    http_evidence_add_line(exchange, line);
    if (span_starts(line, SPAN("HTTP/"))) {
        exchange->reply_header_count = 0;
        transfer->headers_ended = false;
    } else if (line.length == 0) {
        transfer->headers_ended = true;
    } else {
        add_header(exchange, line);
    }
    return size * count;
}

void http_receive_watch(struct transfer *transfer) {
    CURL *easy = transfer->easy;
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, take_body);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, transfer);
    curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, take_header);
    curl_easy_setopt(easy, CURLOPT_HEADERDATA, transfer);
    curl_easy_setopt(easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L); /* a proxy's, which say nothing about the page */
    curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, open_socket);
    curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, transfer);
    curl_easy_setopt(easy, CURLOPT_PREREQFUNCTION, before_request);
    curl_easy_setopt(easy, CURLOPT_PREREQDATA, transfer);
    curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, transfer->error);
    curl_easy_setopt(easy, CURLOPT_PRIVATE, transfer);
    http_evidence_watch(easy, transfer->exchange);
}
