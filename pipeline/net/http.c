#define _GNU_SOURCE
#include "pipeline/net/http.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "pipeline/base/arena.h"
#include "pipeline/base/clock.h"
#include "pipeline/net/address.h"
#include "pipeline/net/http_error.h"
#include "pipeline/net/http_evidence.h"
#include "pipeline/net/http_guard.h"
#include "pipeline/net/http_headers.h"
#include "pipeline/net/http_transfer.h"
#include "pipeline/net/proxy.h"
#include "pipeline/net/url.h"

enum {
    /* Pages and feeds: give up on a server that sends less than LOW_SPEED_BYTES a second for LOW_SPEED_SECONDS. */
    CONNECT_TIMEOUT_MS = 10000,
    DEFAULT_TIMEOUT_MS = 60000,
    LOW_SPEED_BYTES = 50,
    LOW_SPEED_SECONDS = 30,
    MAX_REDIRECTS = 5,
    STATUS_NOT_MODIFIED = 304,
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
    struct arena *arena;
    struct span passwords[MAX_PROXY_PASSWORDS]; /* of proxies */
    size_t password_count;
};

/* ---------------------------------------------------------------- request */

/* The time is that of the whole transfer, so that redirects cannot multiply it. */
static long time_left(const struct transfer *transfer) {
    const struct rate_limits *limits = &transfer->exchange->limits;
    int64_t timeout = limits->timeout_ms ? limits->timeout_ms : DEFAULT_TIMEOUT_MS,
            left = timeout - (clock_ms() - transfer->started);
    return left > 1 ? (long)left : 1; /* 0 would be no limit */
}

/* libcurl follows no redirects, because it would send secrets wherever they lead and, through a proxy, to private
 * addresses; follow() does. */
static void set_limits(CURL *easy, const struct transfer *transfer) {
    long timeout = time_left(transfer);
    curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, timeout < CONNECT_TIMEOUT_MS ? timeout : CONNECT_TIMEOUT_MS);
    curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, timeout);
    curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
    /* A model may send nothing for a long time: only the total time counts. */
    if (transfer->exchange->trusted_host) return;
    curl_easy_setopt(easy, CURLOPT_LOW_SPEED_LIMIT, (long)LOW_SPEED_BYTES);
    curl_easy_setopt(easy, CURLOPT_LOW_SPEED_TIME, (long)LOW_SPEED_SECONDS);
    curl_easy_setopt(easy, CURLOPT_ACCEPT_ENCODING, "");
}

/* A proxy cannot reach a service on this machine, and requests to it must not leave the machine. Both options are
 * always set: otherwise libcurl would look into the environment for them. */
static void set_proxy(struct transfer *transfer, const char *url) {
    bool here = address_url_loopback(url) && http_guard_allows_private(transfer->exchange, url);
    const char *proxy = here ? NULL : proxy_for(transfer->http->proxy, url);
    transfer->proxied = proxy != NULL;
    struct span ascii = url_ascii(span_of(proxy ? proxy : ""), transfer->exchange->arena);
    curl_easy_setopt(transfer->easy, CURLOPT_PROXY, arena_string(transfer->exchange->arena, ascii));
    curl_easy_setopt(transfer->easy, CURLOPT_NOPROXY, "");
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
    set_proxy(transfer, url);
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
 * http_perform() like any other. The host is in ASCII for everybody from here on, because libcurl converts it only in a
 * locale with UTF-8, which the program does not set. */
static void begin(struct transfer *transfer, const char *written) {
    struct span ascii = url_ascii(span_of(written), transfer->exchange->arena);
    const char *url = ascii.at == written ? written : arena_string(transfer->exchange->arena, ascii);
    bool admitted =
        (*url || http_guard_refuse_name(transfer->exchange, written)) && http_guard_admits(transfer->exchange, url);
    if (admitted && http_guard_takes_secrets(transfer->exchange, url)) transfer->exchange->sent_secrets = true;
    transfer->headers = http_headers_make(transfer->exchange, url);
    set_request(transfer->easy, transfer, admitted ? url : "");
    set_limits(transfer->easy, transfer);
    if (admitted)
        http_receive_watch(transfer);
    else
        curl_easy_setopt(transfer->easy, CURLOPT_PRIVATE, transfer);
    curl_multi_add_handle(transfer->http->multi, transfer->easy);
}

void http_send(struct http *http, struct exchange *exchange, http_done *done, void *context) {
    struct transfer *transfer = memory_take(sizeof *transfer);
    *transfer =
        (struct transfer){.http = http, .exchange = exchange, .done = done, .context = context, .started = clock_ms()};
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
    long connected = 0; /* the proxy's answer to CONNECT */
    curl_easy_getinfo(transfer->easy, CURLINFO_HTTP_CONNECTCODE, &connected);
    if (exchange->refused) return; /* the guard has said why */
    if (transfer->too_large)
        failure_set(&exchange->failure, REACH_ARTICLE, REMEDY_NONE, "the reply is larger than %zu byte%s",
                    transfer->limit, PLURAL(transfer->limit));
    else if (transfer->refused)
        http_guard_refuse_private(exchange, transfer->refused);
    else if (transfer->too_many_headers)
        http_error_describe_headers(exchange);
    else if (transfer->proxied && (connected >= 300 || code == CURLE_COULDNT_CONNECT))
        http_error_describe_proxy(exchange, connected, transfer->error);
    else
        http_error_describe(exchange, (int)code, transfer->error);
}

/* Returns where the reply redirects to, as an absolute address; NULL if it does not. Nobody reads the body of a
 * redirect, so its headers count even if the body was cut off, damaged or too large; libcurl then does not resolve
 * them. "Not modified" never redirects, although some servers repeat the page's own address in it. */
static const char *redirect_of(const struct transfer *transfer) {
    struct exchange *exchange = transfer->exchange;
    char *location = NULL;
    long status = 0;
    if (exchange->trusted_host || !transfer->headers_ended) return NULL;
    curl_easy_getinfo(transfer->easy, CURLINFO_RESPONSE_CODE, &status);
    if (status == STATUS_NOT_MODIFIED) return NULL;
    curl_easy_getinfo(transfer->easy, CURLINFO_REDIRECT_URL, &location);
    if (location) return arena_string(exchange->arena, span_of(location));
    struct span base = exchange->final_url.length ? exchange->final_url : exchange->url,
                header = exchange_reply_header(exchange, "location");
    struct span url = status / 100 == 3 && header.length ? url_resolve(base, header, exchange->arena) : SPAN("");
    return url.length ? arena_string(exchange->arena, url) : NULL;
}

/* Follows a redirect with a request of its own, because the next host may be private or may not be allowed to receive
 * the secrets. Returns false if there is no redirect to follow, with a failure if there is one that cannot be. */
static bool follow(struct transfer *transfer) {
    struct exchange *exchange = transfer->exchange;
    const char *url = redirect_of(transfer);
    if (!url || !http_error_allows_redirect(exchange, url, transfer->redirects == MAX_REDIRECTS)) return false;
    long status = 0;
    curl_easy_getinfo(transfer->easy, CURLINFO_RESPONSE_CODE, &status);
    if (status != 301 && status != 308) transfer->temporary_redirect = true;
    transfer->redirects++;
    struct span from = exchange->final_url.length ? exchange->final_url : exchange->url,
                plain = url_without_users(span_of(url), exchange->arena);
    exchange->final_url = url_spelled_as(plain, from, exchange->arena);
    curl_multi_remove_handle(transfer->http->multi, transfer->easy);
    curl_easy_reset(transfer->easy);
    curl_slist_free_all(transfer->headers);
    buffer_clear(&exchange->reply);
    exchange->reply_header_count = 0;
    transfer->headers_ended = transfer->too_large = false;
    begin(transfer, url);
    return true;
}

/* Whether only the end of the connection marks the end of the reply, as HTTP/1 allows, so that nothing tells a reply
 * that was cut from a whole one. */
static bool is_open_ended(const struct transfer *transfer) {
    curl_off_t length = -1;
    long version = 0;
    curl_easy_getinfo(transfer->easy, CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &length);
    curl_easy_getinfo(transfer->easy, CURLINFO_HTTP_VERSION, &version);
    return length < 0 && version <= CURL_HTTP_VERSION_1_1 &&
           !exchange_reply_header(transfer->exchange, "transfer-encoding").length;
}

static void note_end(struct transfer *transfer) {
    struct exchange *exchange = transfer->exchange;
    long request_bytes = 0;
    curl_easy_getinfo(transfer->easy, CURLINFO_RESPONSE_CODE, &exchange->status);
    curl_easy_getinfo(transfer->easy, CURLINFO_REQUEST_SIZE, &request_bytes);
    exchange->seconds = (double)(clock_ms() - transfer->started) / 1000;
    exchange->sent = request_bytes > 0 || transfer->redirects > 0;
    exchange->moved_permanently = transfer->redirects > 0 && !transfer->temporary_redirect;
    exchange->open_ended = is_open_ended(transfer);
    exchange->retry_after_ms = exchange_retry_after(exchange);
    http_evidence_end(transfer->easy, exchange, transfer->proxied);
}

static void finish(struct transfer *transfer, CURLcode code) {
    struct exchange *exchange = transfer->exchange;
    if (follow(transfer)) return;
    note_end(transfer);
    if (code == CURLE_OK && !transfer->headers_ended) code = CURLE_PARTIAL_FILE;
    if (code != CURLE_OK) describe_failure(transfer, code);
    if (exchange->failure.reach != REACH_NONE) exchange->status = 0; /* an incomplete reply is not used */
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
