#include "pipeline/net/http_error.h"

#include <curl/curl.h>
#include <stdio.h>
#include <string.h>

#include "pipeline/net/url.h"

/* libcurl's messages have 255 bytes at most. */
enum { DETAIL_ROOM = 512 };

/* Failed or lost connections and unreadable replies are worth a retry; wrong certificates and addresses are not.
 * UNSUPPORTED_PROTOCOL is a reply that does not begin as HTTP does: the addresses that are passed to libcurl have been
 * checked. */
static enum failure_remedy remedy_of(int code) {
    switch (code) {
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_CONNECT:
    case CURLE_OPERATION_TIMEDOUT:
    case CURLE_PARTIAL_FILE:
    case CURLE_GOT_NOTHING:
    case CURLE_SEND_ERROR:
    case CURLE_RECV_ERROR:
    case CURLE_HTTP2:
    case CURLE_HTTP2_STREAM:
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_UNSUPPORTED_PROTOCOL:
    case CURLE_WEIRD_SERVER_REPLY:
    case CURLE_BAD_CONTENT_ENCODING:
        return REMEDY_RETRY;
    default:
        return REMEDY_NONE;
    }
}

/* Whether the connection or the host failed, rather than the request itself. */
static bool is_network(int code) {
    switch (code) {
    case CURLE_COULDNT_RESOLVE_PROXY:
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CACERT_BADFILE:
        return true;
    default:
        return remedy_of(code) != REMEDY_NONE;
    }
}

/* Returns what happened and what to do. The message consists of the host, this text, and libcurl's own message in
 * parentheses. */
static const char *sentence_of(int code, bool secure) {
    switch (code) {
    case CURLE_COULDNT_RESOLVE_HOST:
        return "was not found: check the address or region, and the network connection";
    case CURLE_COULDNT_RESOLVE_PROXY:
        return "was not contacted because the proxy was not found: check proxy in [http]";
    case CURLE_COULDNT_CONNECT:
        return "cannot be reached: check that the server is running and the address is right";
    case CURLE_OPERATION_TIMEDOUT:
        return "timed out: try again later, or increase the timeout";
    case CURLE_GOT_NOTHING:
        return "closed the connection without a reply: try again later, and check the port";
    case CURLE_PARTIAL_FILE:
    case CURLE_RECV_ERROR:
    case CURLE_HTTP2:
    case CURLE_HTTP2_STREAM:
        return "closed the connection in the middle of its reply: try again later; if this happens again, the server "
               "or a proxy is faulty";
    case CURLE_SSL_CONNECT_ERROR:
        return secure ? "could not negotiate encryption: check that this port expects https:"
                      : "could not negotiate encryption";
    case CURLE_PEER_FAILED_VERIFICATION:
        return "has a certificate that cannot be verified: check the address; if the certificate was issued by "
               "a private authority, set ca_file in [http]";
    case CURLE_SSL_CACERT_BADFILE:
        return "cannot be verified because the trusted certificates cannot be read: check ca_file in [http]";
    case CURLE_URL_MALFORMAT:
        return "is not a valid address: it must begin with http:// or https://";
    case CURLE_UNSUPPORTED_PROTOCOL:
    case CURLE_WEIRD_SERVER_REPLY:
        return "did not send a valid HTTP reply: try again later, and check address and port";
    case CURLE_BAD_CONTENT_ENCODING:
        return "sent a compressed reply that cannot be decompressed: try again later; if this happens again, the "
               "server or a proxy is faulty";
    default:
        return NULL;
    }
}

/* Returns "host:port" of the URL, shortened; never the rest of the URL, which could contain a key. */
static struct span host_of(const struct exchange *exchange) {
    struct span url = exchange->final_url.length ? exchange->final_url : exchange->url;
    size_t scheme = span_find(url, SPAN("://"));
    struct span rest = span_cut(url, scheme == SIZE_MAX ? 0 : scheme + 3, url.length), host;
    size_t length = 0;
    while (length < rest.length && rest.at[length] != '/' && rest.at[length] != '?' && rest.at[length] != '#') length++;
    host = span_cut(rest, 0, length);
    size_t user = span_find(host, SPAN("@"));
    return text_clip(user == SIZE_MAX ? host : span_cut(host, user + 1, host.length), 80);
}

void http_error_describe_headers(struct exchange *exchange) {
    struct span host = host_of(exchange);
    failure_set(&exchange->failure, REACH_ARTICLE, REMEDY_NONE,
                "%.*s sent more headers than a reply may have: try again later; if this happens again, the server is "
                "faulty",
                SPAN_ARGS(host));
    failure_blame(&exchange->failure, CAUSE_NETWORK, host);
}

/* Leaves out how long it took (" after 12 ms"), because what waits for the same reason is to have the same sentence. */
static void without_time(const char *detail, char ret_detail[DETAIL_ROOM]) {
    const char *time = strstr(detail, " after "), *rest = time ? time + strlen(" after ") : NULL;
    size_t digits = rest ? strspn(rest, "0123456789") : 0;
    bool found = digits > 0 && strncmp(rest + digits, " ms", 3) == 0;
    snprintf(ret_detail, DETAIL_ROOM, "%.*s%s", (int)(found ? time - detail : DETAIL_ROOM), detail,
             found ? rest + digits + 3 : "");
}

void http_error_describe(struct exchange *exchange, int code, const char *detail) {
    char lasting[DETAIL_ROOM];
    /* Memory that runs out ends the program, so this is libcurl's limit for a line of the headers. */
    if (code == CURLE_OUT_OF_MEMORY) {
        http_error_describe_headers(exchange);
        return;
    }
    /* libcurl does not fill in the error buffer for every error. */
    without_time(detail[0] ? detail : curl_easy_strerror((CURLcode)code), lasting);
    detail = lasting;
    const char *sentence = sentence_of(code, span_starts_ascii_fold(exchange->url, SPAN("https:")));
    struct span host = host_of(exchange);
    if (sentence)
        failure_set(&exchange->failure, REACH_ARTICLE, remedy_of(code), "%.*s %s (%s)", SPAN_ARGS(host), sentence,
                    detail);
    else
        failure_set(&exchange->failure, REACH_ARTICLE, remedy_of(code), "%.*s: %s", SPAN_ARGS(host), detail);
    if (is_network(code)) failure_blame(&exchange->failure, CAUSE_NETWORK, host);
}

enum { STATUS_PROXY_LOGIN = 407 };

/* What the proxy refuses today it may allow tomorrow, so the article is not to blame. */
void http_error_describe_proxy(struct exchange *exchange, long status, const char *detail) {
    char lasting[DETAIL_ROOM];
    without_time(detail, lasting);
    struct span host = host_of(exchange);
    struct failure *failure = &exchange->failure;
    if (status == STATUS_PROXY_LOGIN)
        failure_set(failure, REACH_ARTICLE, REMEDY_NONE,
                    "%.*s was not contacted because the proxy requires a login: check proxy in [http]",
                    SPAN_ARGS(host));
    else if (status)
        failure_set(failure, REACH_ARTICLE, status >= 500 ? REMEDY_RETRY : REMEDY_NONE,
                    "%.*s was not contacted because the proxy answered %ld: check proxy in [http]", SPAN_ARGS(host),
                    status);
    else
        failure_set(failure, REACH_ARTICLE, REMEDY_RETRY,
                    "%.*s was not contacted because the proxy cannot be reached: check proxy in [http] (%s)",
                    SPAN_ARGS(host), lasting);
    failure_blame(failure, CAUSE_NETWORK, host);
}

bool http_error_allows_redirect(struct exchange *exchange, const char *url, bool one_too_many) {
    struct span host = host_of(exchange), address = text_clip(span_of(url), 100);
    if (one_too_many)
        return failure_set(&exchange->failure, REACH_ARTICLE, REMEDY_NONE, "%.*s redirects too many times",
                           SPAN_ARGS(host));
    if (url_is_remote(span_of(url)) && url_host(span_of(url), exchange->arena).length) return true;
    return failure_set(&exchange->failure, REACH_ARTICLE, REMEDY_NONE,
                       "%.*s redirects to %.*s, which is not a valid http or https address", SPAN_ARGS(host),
                       SPAN_ARGS(address));
}
