#include "pipeline/net/http_evidence.h"

#include <stdint.h>

#include "pipeline/net/url.h"

/* Longer than the header block of any real message; anything beyond it is cut off. */
enum { HEAD_LIMIT = 256 * 1024 };

enum { SHORTEST_SECRET = 4 };

/* Whether the line has one of the exchange's secrets as it was sent. Some servers repeat headers of the request in
 * their reply, under names of their own. A shorter text would occur by chance. */
static bool repeats_secret(const struct exchange *exchange, struct span line) {
    for (size_t i = 0; i < exchange->secret_header_count; i++) {
        struct span value = exchange->secret_headers[i].value;
        if (value.length >= SHORTEST_SECRET && span_find(line, value) != SIZE_MAX) return true;
    }
    return exchange->secret.length >= SHORTEST_SECRET && span_find(line, exchange->secret) != SIZE_MAX;
}

/* Whether a header line may contain a secret, judging by the header's name. */
static bool is_secret(const struct exchange *exchange, struct span line) {
    /* Matched anywhere in the name, so that headers of vendors ("X-Acme-Session-Id") are caught too. Better to leave
     * out a harmless line than to archive a secret. */
    static const char *const parts[] = {"authoriz", "authentic", "-auth",   "cookie", "token",     "secret",
                                        "passw",    "session",   "api-key", "apikey", "credential"};
    struct span name = span_trim(span_cut(line, 0, span_find(line, SPAN(":"))));
    if (span_find(name, SPAN(" ")) != SIZE_MAX) return false; /* a request line or status line */
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        if (span_contains_ascii_fold(name, span_of(parts[i]))) return true;
    for (size_t i = 0; i < exchange->secret_header_count; i++)
        if (span_equal_ascii_fold(name, exchange->secret_headers[i].name)) return true;
    return false;
}

/* A folded line continues the previous header, which may have been secret. */
static void add(const struct exchange *exchange, struct buffer *head, struct span line) {
    if (line.length && (line.at[0] == ' ' || line.at[0] == '\t')) return;
    line = span_trim(line);
    if (!line.length || is_secret(exchange, line) || repeats_secret(exchange, line)) return;
    url_add_without_users(head, line);
    buffer_add_string(head, "\r\n");
}

/* libcurl passes the whole header block of a request at once, and another one for each redirect; the last one is kept.
 */
static int take_request(CURL *easy, curl_infotype type, char *bytes, size_t size, void *context) {
    struct exchange *exchange = context;
    (void)easy;
    if (type != CURLINFO_HEADER_OUT) return 0;
    struct buffer head = BUFFER(HEAD_LIMIT);
    struct span rest = {bytes, size}, line;
    while (span_next(&rest, '\n', &line)) add(exchange, &head, line);
    exchange->request_head = arena_copy(exchange->arena, buffer_span(&head));
    buffer_free(&head);
    return 0;
}

void http_evidence_watch(CURL *easy, struct exchange *exchange) {
    if (!exchange->keep_heads) return;
    curl_easy_setopt(easy, CURLOPT_DEBUGFUNCTION, take_request);
    curl_easy_setopt(easy, CURLOPT_DEBUGDATA, exchange);
    curl_easy_setopt(easy, CURLOPT_VERBOSE, 1L);
}

void http_evidence_add_line(struct exchange *exchange, struct span line) {
    if (!exchange->keep_heads) return;
    /* The header blocks of redirects and interim replies (100-continue) are dropped. */
    if (span_starts(line, SPAN("HTTP/"))) buffer_clear(&exchange->reply_head);
    exchange->reply_head.limit = HEAD_LIMIT;
    add(exchange, &exchange->reply_head, line);
}

void http_evidence_end(CURL *easy, struct exchange *exchange, bool proxied) {
    char *address = NULL;
    if (!exchange->keep_heads || proxied) return;
    if (curl_easy_getinfo(easy, CURLINFO_PRIMARY_IP, &address) == CURLE_OK && address)
        exchange->server = arena_copy(exchange->arena, span_of(address));
}
