#include "pipeline/net/http_error.h"

#include <curl/curl.h>

/* Failed or lost connections are worth a retry; wrong certificates and addresses are not. */
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
    case CURLE_WEIRD_SERVER_REPLY:
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
    case CURLE_UNSUPPORTED_PROTOCOL:
        return "is not a valid address: it must begin with http:// or https://";
    case CURLE_WEIRD_SERVER_REPLY:
        return "did not send a valid HTTP reply: check address and port";
    case CURLE_TOO_MANY_REDIRECTS:
        return "redirects too many times";
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

void http_error_describe(struct exchange *exchange, int code, const char *detail) {
    /* libcurl does not fill in the error buffer for every error. */
    if (!detail[0]) detail = curl_easy_strerror((CURLcode)code);
    const char *sentence = sentence_of(code, span_starts_ascii_fold(exchange->url, SPAN("https:")));
    struct span host = host_of(exchange);
    if (sentence)
        failure_set(&exchange->failure, REACH_ARTICLE, remedy_of(code), "%.*s %s (%s)", SPAN_ARGS(host), sentence,
                    detail);
    else
        failure_set(&exchange->failure, REACH_ARTICLE, remedy_of(code), "%.*s: %s", SPAN_ARGS(host), detail);
    if (is_network(code)) failure_blame(&exchange->failure, CAUSE_NETWORK, host);
}
