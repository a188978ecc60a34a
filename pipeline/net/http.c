#define _GNU_SOURCE
#include "pipeline/net/http.h"

#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/queue.h>
#include <unistd.h>

#include "pipeline/base/arena.h"
#include "pipeline/net/address.h"
#include "pipeline/net/http_error.h"
#include "pipeline/net/http_evidence.h"
#include "pipeline/net/http_guard.h"
#include "pipeline/net/http_headers.h"
#include "pipeline/net/proxy.h"
#include "pipeline/net/url.h"

enum {
    /* Pages and feeds: give up on a server that sends less than LOW_SPEED_BYTES a second for LOW_SPEED_SECONDS. */
    CONNECT_TIMEOUT_MS = 10000,
    DEFAULT_TIMEOUT_MS = 60000,
    LOW_SPEED_BYTES = 50,
    LOW_SPEED_SECONDS = 30,
    MAX_REDIRECTS = 5,
    MAX_REPLY_HEADERS = 200,
    IDLE_HANDLES = 32,
    WAIT_FDS = 128
};
static const size_t DEFAULT_REPLY_LIMIT = 16u << 20;

struct http {
    CURLM *multi;
    CURL *idle[IDLE_HANDLES];
    size_t idle_count;
    LIST_HEAD(, transfer) transfers; /* in flight */
    char *user_agent, *ca_file, *proxy;
    bool proxied; /* connections go to a proxy, so the server's address cannot be checked */
    struct arena *arena;
    struct span passwords[MAX_PROXY_PASSWORDS]; /* of proxies */
    size_t password_count;
};

struct transfer {
    LIST_ENTRY(transfer) next;
    struct http *http;
    struct exchange *exchange;
    http_done *done;
    void *context;
    CURL *easy;
    struct curl_slist *headers;
    size_t limit;
    unsigned redirects; /* number of redirects followed by us, not by libcurl */
    char *refused;      /* private address to which the request was redirected, or NULL */
    bool too_large, temporary_redirect;
    char error[CURL_ERROR_SIZE];
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
    return !is_private || transfer->http->proxied ||
           http_guard_allows_private(transfer->exchange, current_url(transfer));
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

/* A status line begins a new reply, for example after a redirect; the headers of the previous one are discarded. */
static void start_reply(struct transfer *transfer, struct span line) {
    struct exchange *exchange = transfer->exchange;
    size_t space = span_find(line, SPAN(" "));
    long long status = 0;
    span_number(span_cut(line, space == SIZE_MAX ? line.length : space + 1, space + 4), &status);
    if (status >= 300 && status < 400 && status != 301 && status != 308) transfer->temporary_redirect = true;
    exchange->reply_header_count = 0;
}

/* Refuses a redirect to a host that is local by its name or literal address. This also protects against redirects
 * behind a proxy, where the connection itself cannot be checked. */
static bool may_follow(struct transfer *transfer, struct span location) {
    struct exchange *exchange = transfer->exchange;
    if (exchange->trusted_host) return true;
    struct span url = url_resolve(span_of(current_url(transfer)), location, exchange->arena);
    if (!url.length || !address_url_private(url.at) || http_guard_allows_private(exchange, url.at)) return true;
    note_refused(transfer, url.at);
    return false;
}

static size_t take_header(char *bytes, size_t size, size_t count, void *context) {
    struct transfer *transfer = context;
    struct exchange *exchange = transfer->exchange;
    struct span line = span_trim((struct span){bytes, size * count});
    http_evidence_add_line(exchange, line);
    if (span_starts(line, SPAN("HTTP/"))) {
        start_reply(transfer, line);
        return size * count;
    }
    size_t colon = span_find(line, SPAN(":"));
    if (colon == SIZE_MAX || exchange->reply_header_count >= MAX_REPLY_HEADERS) return size * count;
    exchange->reply_headers = arena_grow(exchange->arena, exchange->reply_headers, exchange->reply_header_count,
                                         &exchange->reply_header_capacity, sizeof *exchange->reply_headers);
    char *name = arena_string(exchange->arena, span_cut(line, 0, colon));
    for (char *c = name; *c; c++)
        if (*c >= 'A' && *c <= 'Z') *c = (char)(*c + 32);
    struct span value = arena_copy(exchange->arena, span_trim(span_cut(line, colon + 1, line.length)));
    if (strcmp(name, "location") == 0 && !may_follow(transfer, value)) return 0;
    exchange->reply_headers[exchange->reply_header_count++] = (struct header){.name = {name, colon}, .value = value};
    return size * count;
}

/* ---------------------------------------------------------------- request */

static bool has_secrets(const struct exchange *exchange) {
    return exchange->secret_hosts.length > 0;
}

static void set_limits(CURL *easy, const struct transfer *transfer) {
    const struct exchange *exchange = transfer->exchange;
    long timeout = exchange->limits.timeout_ms ? (long)exchange->limits.timeout_ms : DEFAULT_TIMEOUT_MS;
    curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, timeout < CONNECT_TIMEOUT_MS ? timeout : CONNECT_TIMEOUT_MS);
    curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, timeout);
    if (exchange->trusted_host) { /* a model may send nothing for a long time: only the total time counts */
        curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
    } else {
        curl_easy_setopt(easy, CURLOPT_LOW_SPEED_LIMIT, (long)LOW_SPEED_BYTES);
        curl_easy_setopt(easy, CURLOPT_LOW_SPEED_TIME, (long)LOW_SPEED_SECONDS);
        /* libcurl would send the secrets wherever a redirect leads; follow() handles these redirects instead. */
        curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, has_secrets(exchange) ? 0L : 1L);
        curl_easy_setopt(easy, CURLOPT_MAXREDIRS, (long)MAX_REDIRECTS);
        curl_easy_setopt(easy, CURLOPT_ACCEPT_ENCODING, "");
    }
    curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(easy, CURLOPT_REDIR_PROTOCOLS_STR, "http,https");
}

static void set_callbacks(CURL *easy, struct transfer *transfer) {
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, take_body);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, transfer);
    curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, take_header);
    curl_easy_setopt(easy, CURLOPT_HEADERDATA, transfer);
    curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, open_socket);
    curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, transfer);
    curl_easy_setopt(easy, CURLOPT_PREREQFUNCTION, before_request);
    curl_easy_setopt(easy, CURLOPT_PREREQDATA, transfer);
    curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, transfer->error);
    curl_easy_setopt(easy, CURLOPT_PRIVATE, transfer);
    http_evidence_watch(easy, transfer->exchange);
}

static void set_request(CURL *easy, struct transfer *transfer, const char *url) {
    const struct exchange *exchange = transfer->exchange;
    const struct http *http = transfer->http;
    curl_easy_setopt(easy, CURLOPT_URL, url);
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_USERAGENT, http->user_agent);
    /* With Debian's default CAPATH, OpenSSL reads every certificate for each new connection: 23 ms instead of 1 ms. */
    curl_easy_setopt(easy, CURLOPT_CAPATH, NULL);
    if (http->ca_file) curl_easy_setopt(easy, CURLOPT_CAINFO, http->ca_file);
    /* A proxy cannot reach a service on this machine, and requests to it must not leave the machine. */
    if (address_url_loopback(url) && http_guard_allows_private(exchange, url))
        curl_easy_setopt(easy, CURLOPT_NOPROXY, "localhost,127.0.0.0/8,::1");
    else if (http->proxy)
        curl_easy_setopt(easy, CURLOPT_PROXY, http->proxy);
    curl_easy_setopt(easy, CURLOPT_HTTPHEADER, transfer->headers);
    if (strncasecmp(url, "https:", 6) == 0) curl_easy_setopt(easy, CURLOPT_PIPEWAIT, 1L);
    if (exchange->body.length || span_is(exchange->method, "POST")) {
        curl_easy_setopt(easy, CURLOPT_POSTFIELDS, exchange->body.length ? exchange->body.at : "");
        curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)exchange->body.length);
    }
    if (exchange->method.length && !span_is(exchange->method, "POST") && !span_is(exchange->method, "GET"))
        curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, arena_string(exchange->arena, exchange->method));
    if (exchange->aws_sigv4.length) {
        curl_easy_setopt(easy, CURLOPT_AWS_SIGV4, arena_string(exchange->arena, exchange->aws_sigv4));
        curl_easy_setopt(easy, CURLOPT_USERPWD, arena_string(exchange->arena, exchange->user_password));
    } else if (exchange->user_password.length && http_guard_takes_secrets(exchange, url)) {
        curl_easy_setopt(easy, CURLOPT_USERPWD, arena_string(exchange->arena, exchange->user_password));
    }
}

static CURL *take_handle(struct http *http) {
    CURL *easy = http->idle_count ? http->idle[--http->idle_count] : curl_easy_init();
    if (!easy) memory_exhausted();
    return easy;
}

static void return_handle(struct http *http, CURL *easy) {
    if (http->idle_count == IDLE_HANDLES) {
        curl_easy_cleanup(easy);
        return;
    }
    curl_easy_reset(easy);
    http->idle[http->idle_count++] = easy;
}

static void remove_transfer(struct transfer *transfer) {
    struct http *http = transfer->http;
    curl_multi_remove_handle(http->multi, transfer->easy);
    return_handle(http, transfer->easy);
    curl_slist_free_all(transfer->headers);
    free(transfer->refused);
    LIST_REMOVE(transfer, next);
    free(transfer);
}

/* Starts a request. If the guard refuses the address, the transfer gets an empty address and then fails in
 * http_perform() like any other. */
static void begin(struct transfer *transfer, const char *url) {
    bool admitted = http_guard_admits(transfer->exchange, url);
    transfer->headers = http_headers_make(transfer->exchange, url);
    set_request(transfer->easy, transfer, admitted ? url : "");
    set_limits(transfer->easy, transfer);
    if (admitted)
        set_callbacks(transfer->easy, transfer);
    else
        curl_easy_setopt(transfer->easy, CURLOPT_PRIVATE, transfer);
    curl_multi_add_handle(transfer->http->multi, transfer->easy);
}

void http_send(struct http *http, struct exchange *exchange, http_done *done, void *context) {
    struct transfer *transfer = memory_take(sizeof *transfer);
    *transfer = (struct transfer){.http = http, .exchange = exchange, .done = done, .context = context};
    transfer->limit = exchange->reply_limit ? exchange->reply_limit : DEFAULT_REPLY_LIMIT;
    transfer->easy = take_handle(http);
    exchange->proxy_passwords = http->passwords;
    exchange->proxy_password_count = http->password_count;
    LIST_INSERT_HEAD(&http->transfers, transfer, next);
    begin(transfer, arena_string(exchange->arena, exchange->url));
}

/* ---------------------------------------------------------------- ends */

static void describe_failure(struct transfer *transfer, CURLcode code) {
    struct exchange *exchange = transfer->exchange;
    if (transfer->too_large)
        failure_set(&exchange->failure, REACH_ARTICLE, REMEDY_NONE, "the reply is larger than %zu bytes",
                    transfer->limit);
    else if (transfer->refused)
        http_guard_refuse_private(exchange, transfer->refused);
    else if (!exchange->refused)
        http_error_describe(exchange, (int)code, transfer->error);
}

/* Follows a redirect of a request that has secrets. A new request is built for each redirect, because the next host
 * may not be allowed to receive the secrets. Returns false if there is no redirect to follow. */
static bool follow(struct transfer *transfer, CURLcode code) {
    struct exchange *exchange = transfer->exchange;
    char *location = NULL;
    curl_easy_getinfo(transfer->easy, CURLINFO_REDIRECT_URL, &location);
    if (code != CURLE_OK || !has_secrets(exchange) || !location || transfer->redirects == MAX_REDIRECTS) return false;
    const char *url = arena_string(exchange->arena, span_of(location));
    transfer->redirects++;
    curl_multi_remove_handle(transfer->http->multi, transfer->easy);
    curl_easy_reset(transfer->easy);
    curl_slist_free_all(transfer->headers);
    buffer_clear(&exchange->reply);
    exchange->reply_header_count = 0;
    begin(transfer, url);
    return true;
}

static void finish(struct transfer *transfer, CURLcode code) {
    struct exchange *exchange = transfer->exchange;
    long request_bytes = 0;
    char *address = NULL;
    if (follow(transfer, code)) return;
    curl_easy_getinfo(transfer->easy, CURLINFO_RESPONSE_CODE, &exchange->status);
    curl_easy_getinfo(transfer->easy, CURLINFO_EFFECTIVE_URL, &address);
    curl_easy_getinfo(transfer->easy, CURLINFO_REQUEST_SIZE, &request_bytes);
    curl_easy_getinfo(transfer->easy, CURLINFO_TOTAL_TIME, &exchange->seconds);
    exchange->sent = request_bytes > 0 || transfer->redirects > 0;
    if (address && !span_equal(span_of(address), exchange->url)) {
        exchange->final_url = url_without_users(span_of(address), exchange->arena);
        exchange->moved_permanently = !transfer->temporary_redirect;
    }
    exchange->retry_after_ms = exchange_retry_after(exchange);
    http_evidence_end(transfer->easy, exchange, transfer->http->proxied);
    if (code != CURLE_OK) {
        exchange->status = 0; /* an incomplete reply is not used */
        describe_failure(transfer, code);
    }
    exchange_conceal_reply(exchange);
    http_done *done = transfer->done;
    void *context = transfer->context;
    remove_transfer(transfer);
    done(context, exchange);
}

void http_perform(struct http *http) {
    int running, left;
    curl_multi_perform(http->multi, &running);
    for (CURLMsg *message; (message = curl_multi_info_read(http->multi, &left));) {
        struct transfer *transfer = NULL;
        if (message->msg != CURLMSG_DONE) continue;
        curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, (char **)&transfer);
        finish(transfer, message->data.result);
    }
}

void http_wait(struct http *http, struct pollfd *fds, size_t count, int timeout_ms) {
    struct curl_waitfd waits[WAIT_FDS];
    if (count > WAIT_FDS) count = WAIT_FDS;
    for (size_t i = 0; i < count; i++) {
        waits[i] = (struct curl_waitfd){.fd = fds[i].fd};
        if (fds[i].events & POLLIN) waits[i].events |= CURL_WAIT_POLLIN;
        if (fds[i].events & POLLOUT) waits[i].events |= CURL_WAIT_POLLOUT;
    }
    curl_multi_poll(http->multi, waits, (unsigned)count, timeout_ms, NULL);
    poll(fds, (nfds_t)count, 0); /* curl_multi_poll() does not report hang-ups */
}

/* ---------------------------------------------------------------- open and close */

bool http_new(const struct http_options *options, struct http **ret_http, struct failure *ret_failure) {
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
        return failure_fatal(ret_failure, EXIT_SYSTEM, "libcurl cannot be initialised");
    struct http *http = memory_take(sizeof *http);
    const char *system_bundle = curl_version_info(CURLVERSION_NOW)->cainfo;
    http->user_agent = memory_string(options->user_agent);
    if (options->ca_file.length)
        http->ca_file = memory_string(options->ca_file);
    else if (system_bundle)
        http->ca_file = memory_string(span_of(system_bundle));
    if (options->proxy.length) http->proxy = memory_string(options->proxy);
    http->arena = arena_new();
    http->password_count = proxy_passwords(options->proxy, http->arena, http->passwords);
    http->proxied = http->proxy || proxy_in_environment();
    http->multi = curl_multi_init();
    if (!http->multi) {
        http_free(http);
        return failure_fatal(ret_failure, EXIT_SYSTEM, "libcurl cannot be initialised");
    }
    curl_multi_setopt(http->multi, CURLMOPT_MAX_HOST_CONNECTIONS,
                      (long)(options->connections ? options->connections : 8));
    curl_multi_setopt(http->multi, CURLMOPT_PIPELINING, CURLPIPE_MULTIPLEX);
    *ret_http = http;
    return true;
}

void http_free(struct http *http) {
    if (!http) return;
    while (!LIST_EMPTY(&http->transfers)) remove_transfer(LIST_FIRST(&http->transfers));
    while (http->idle_count) curl_easy_cleanup(http->idle[--http->idle_count]);
    if (http->multi) curl_multi_cleanup(http->multi);
    free(http->user_agent);
    free(http->ca_file);
    free(http->proxy);
    arena_free(http->arena);
    free(http);
    curl_global_cleanup();
}
