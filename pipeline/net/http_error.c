#include "pipeline/net/http_error.h"

#include <curl/curl.h>

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

/* Whether the way to the host failed, or the host itself, and not what was asked for. */
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

/* What happened and what to do; the host goes before it, libcurl's own words behind it. */
static const char *sentence_of(int code, bool secure) {
    switch (code) {
    case CURLE_COULDNT_RESOLVE_HOST:
        return "is not known to the name server: check the address or region, or the network";
    case CURLE_COULDNT_RESOLVE_PROXY:
        return "is to be reached by a proxy that is not known: check proxy in [http]";
    case CURLE_COULDNT_CONNECT:
        return "cannot be reached: is the server running, and the address right?";
    case CURLE_OPERATION_TIMEDOUT:
        return "took too long: try later, or raise its timeout";
    case CURLE_GOT_NOTHING:
        return "closed the connection without an answer: try later; is that port the right one?";
    case CURLE_PARTIAL_FILE:
    case CURLE_RECV_ERROR:
    case CURLE_HTTP2:
    case CURLE_HTTP2_STREAM:
        return "stopped in the middle of its answer: try later; if it stays so, the server or a proxy is broken";
    case CURLE_SSL_CONNECT_ERROR:
        return secure ? "could not agree on encryption: check that https: is right for this port"
                      : "could not agree on encryption";
    case CURLE_PEER_FAILED_VERIFICATION:
        return "shows a certificate that does not fit: check the address; for an authority of your own set ca_file in "
               "[http]";
    case CURLE_SSL_CACERT_BADFILE:
        return "cannot be checked, as the trusted certificates cannot be read: check ca_file in [http]";
    case CURLE_URL_MALFORMAT:
    case CURLE_UNSUPPORTED_PROTOCOL:
        return "is no address that begins with http:// or https://";
    case CURLE_WEIRD_SERVER_REPLY:
        return "does not speak HTTP there: check address and port";
    case CURLE_TOO_MANY_REDIRECTS:
        return "leads from one address to the next without an end";
    default:
        return NULL;
    }
}

/* "host:port", or what stands for an address; never the rest of it, where a key could be. */
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
