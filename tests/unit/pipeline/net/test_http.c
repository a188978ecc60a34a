/* Single transfers with a server in the same thread: what is sent, and what is made of the reply. */
#define _GNU_SOURCE
#include "unit/failure_is.h"

#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "pipeline/base/clock.h"
#include "pipeline/net/http.h"

static struct http *http;
static struct arena *arena;
static int listener;
static char url[64], request[1 << 16];

static int begin(void **state) {
    struct http_options options = {.user_agent = SPAN("test/1")};
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof address;
    (void)state;
    listener = socket(AF_INET, SOCK_STREAM, 0);
    if (bind(listener, (struct sockaddr *)&address, length) != 0 || listen(listener, 5) != 0) return -1;
    if (getsockname(listener, (struct sockaddr *)&address, &length) != 0) return -1;
    snprintf(url, sizeof url, "http://127.0.0.1:%d/path?a=b", ntohs(address.sin_port));
    arena = arena_new();
    return http_new(&options, &http, NULL) ? 0 : -1;
}

static int end(void **state) {
    (void)state;
    http_free(http);
    arena_free(arena);
    return close(listener);
}

/* The server's side of a transfer. It must never block, because libcurl is waiting in the same thread. */
struct server {
    int client; /* -1: nobody has called yet, or the call is over */
    const char *reply;
    size_t reply_length, length;
};

static bool is_ready(int file) {
    struct pollfd fd = {.fd = file, .events = POLLIN};
    return poll(&fd, 1, 0) == 1;
}

/* Accepts a call, reads the request as it arrives, answers it and hangs up. */
static void serve(struct server *server) {
    if (server->client < 0 && is_ready(listener)) {
        server->client = accept(listener, NULL, NULL);
        server->length = 0;
    }
    if (server->client < 0 || !is_ready(server->client)) return;
    ssize_t got = read(server->client, request + server->length, sizeof request - 1 - server->length);
    server->length += got > 0 ? (size_t)got : 0;
    request[server->length] = '\0';
    if (got > 0 && !strstr(request, "\r\n\r\n")) return;
    ssize_t ignored = send(server->client, server->reply, server->reply_length, MSG_NOSIGNAL);
    (void)ignored;
    close(server->client);
    server->client = -1;
}

static void note_done(void *context, struct exchange *exchange) {
    (void)exchange;
    *(bool *)context = true;
}

static void transfer(struct exchange *exchange, const char *reply, size_t reply_length) {
    bool done = false;
    struct server server = {-1, reply, reply_length, 0};
    exchange->url = span_of(url);
    exchange->limiter = SPAN("service s");
    exchange->trusted_host = true;
    http_send(http, exchange, note_done, &done);
    for (int64_t started = clock_ms(); !done && clock_ms() - started < 60000;) {
        http_perform(http);
        serve(&server);
        http_wait(http, NULL, 0, 5);
    }
    assert_true(done);
    if (server.client >= 0) close(server.client);
}

#define OK "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nX-Own: yes\r\n\r\nok"

/* Makes a request and asserts how it begins. */
static void assert_sent(const char *method, const char *body, const char *begins) {
    struct exchange exchange;
    exchange_start(&exchange, EXCHANGE_HTTP, arena);
    exchange.method = span_of(method);
    exchange.body = span_of(body);
    transfer(&exchange, OK, sizeof OK - 1);
    assert_int_equal(exchange.failure.reach, REACH_NONE);
    assert_int_equal(exchange.status, 200);
    assert_span(buffer_span(&exchange.reply), "ok");
    assert_span(exchange_reply_header(&exchange, "x-own"), "yes");
    if (strncmp(request, begins, strlen(begins)) != 0) fail_msg("%.60s", request);
    if (!strstr(request, "User-Agent: test/1\r\n")) fail_msg("%s", request);
    exchange_clear(&exchange);
}

static void the_method_is_the_one_given(void **state) {
    (void)state;
    assert_sent(NULL, NULL, "GET /path?a=b HTTP/1.1\r\n");
    assert_sent("GET", NULL, "GET /path?a=b HTTP/1.1\r\n");
    assert_sent("POST", "a=1", "POST /path?a=b HTTP/1.1\r\n");
    assert_sent(NULL, "a=1", "POST /path?a=b HTTP/1.1\r\n");
    assert_sent("DELETE", NULL, "DELETE /path?a=b HTTP/1.1\r\n");
    assert_sent("PUT", "a=1", "PUT /path?a=b HTTP/1.1\r\n");
}

static void a_post_without_a_body_says_so(void **state) {
    (void)state;
    assert_sent("POST", NULL, "POST /path?a=b HTTP/1.1\r\n");
    assert_non_null(strstr(request, "Content-Length: 0\r\n"));
    assert_sent("POST", "a=1", "POST ");
    assert_non_null(strstr(request, "Content-Length: 3\r\n"));
}

static void headers_are_sent(void **state) {
    (void)state;
    struct exchange exchange;
    exchange_start(&exchange, EXCHANGE_HTTP, arena);
    exchange_add_header(&exchange, "X-First", SPAN("one"));
    exchange_add_header(&exchange, "X-Second", SPAN("two words"));
    transfer(&exchange, OK, sizeof OK - 1);
    assert_non_null(strstr(request, "X-First: one\r\n"));
    assert_non_null(strstr(request, "X-Second: two words\r\n"));
    exchange_clear(&exchange);
}

/* A reply of `size` bytes when `limit` are allowed. */
static struct failure reply_of(size_t size, size_t limit, size_t *ret_length) {
    struct buffer reply = BUFFER(1 << 20);
    struct exchange exchange;
    buffer_print(&reply, "HTTP/1.1 200 OK\r\nContent-Length: %zu\r\n\r\n", size);
    for (size_t i = 0; i < size; i++) buffer_add_string(&reply, "a");
    exchange_start(&exchange, EXCHANGE_HTTP, arena);
    exchange.reply_limit = limit;
    transfer(&exchange, reply.at, reply.length);
    struct failure failure = exchange.failure;
    *ret_length = exchange.reply.length;
    exchange_clear(&exchange);
    buffer_free(&reply);
    return failure;
}

static void a_reply_has_a_limit(void **state) {
    (void)state;
    size_t length;
    struct failure failure = reply_of(5000, 5000, &length);
    assert_int_equal(failure.reach, REACH_NONE);
    assert_int_equal(length, 5000);
    failure = reply_of(5001, 5000, &length);
    assert_failure(&failure, REACH_ARTICLE, REMEDY_NONE, CAUSE_ARTICLE, EXIT_DONE,
                   "the reply is larger than 5000 bytes");
}

static void assert_lost(const char *reply, enum failure_remedy remedy, const char *said) {
    struct exchange exchange;
    exchange_start(&exchange, EXCHANGE_HTTP, arena);
    transfer(&exchange, reply, strlen(reply));
    assert_failure(&exchange.failure, REACH_ARTICLE, remedy, CAUSE_NETWORK, EXIT_DONE, said);
    exchange_clear(&exchange);
}

static void a_reply_that_ends_too_early_is_none(void **state) {
    (void)state;
    assert_lost("HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\nok", REMEDY_RETRY, "in the middle of its reply");
    assert_lost("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nok", REMEDY_RETRY,
                "in the middle of its reply");
    assert_lost("", REMEDY_RETRY, "closed the connection without a reply");
}

static void a_status_is_reported_with_its_body(void **state) {
    (void)state;
    static const char reply[] = "HTTP/1.1 503 Busy\r\nContent-Length: 4\r\nRetry-After: 7\r\n\r\nbusy";
    struct exchange exchange;
    exchange_start(&exchange, EXCHANGE_HTTP, arena);
    transfer(&exchange, reply, sizeof reply - 1);
    assert_int_equal(exchange.status, 503);
    assert_span(buffer_span(&exchange.reply), "busy");
    assert_span(exchange_reply_header(&exchange, "retry-after"), "7");
    assert_span(exchange_reply_header(&exchange, "retry"), "");
    exchange_clear(&exchange);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(the_method_is_the_one_given),
                                       cmocka_unit_test(a_post_without_a_body_says_so),
                                       cmocka_unit_test(headers_are_sent),
                                       cmocka_unit_test(a_reply_has_a_limit),
                                       cmocka_unit_test(a_reply_that_ends_too_early_is_none),
                                       cmocka_unit_test(a_status_is_reported_with_its_body)};
    return cmocka_run_group_tests(tests, begin, end);
}
