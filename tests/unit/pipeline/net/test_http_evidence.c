/* What is kept of the header of a reply: all of it but lines with secrets. */
#include "unit/cmocka_test.h"

#include "pipeline/net/exchange.h"
#include "pipeline/net/http_evidence.h"

static void add_lines(struct exchange *exchange, const char *const *lines) {
    for (; *lines; lines++) http_evidence_add_line(exchange, span_of(*lines));
}

static void lines_with_secrets_are_left_out(void **state) {
    (void)state;
    static const char *const lines[] = {"HTTP/1.1 301 Moved",
                                        "Server: old",
                                        "HTTP/1.1 200 OK",
                                        "Server: new",
                                        "Set-Cookie: session=1",
                                        " folded",
                                        "X-Reader: seen",
                                        "X-Seen: Bearer b0te",
                                        "X-Short: a",
                                        "Link: <https://ana:pw@a.example/>",
                                        NULL};
    struct header secret[] = {{SPAN("x-reader"), SPAN("Bearer b0te")}, {SPAN("x-flag"), SPAN("a")}};
    struct arena *arena = arena_new();
    struct exchange exchange;
    exchange_start(&exchange, EXCHANGE_HTTP, arena);
    exchange.keep_heads = true;
    exchange.secret_headers = secret;
    exchange.secret_header_count = 2;
    add_lines(&exchange, lines);
    assert_span(buffer_span(&exchange.reply_head),
                "HTTP/1.1 200 OK\r\nServer: new\r\nX-Short: a\r\nLink: <https://a.example/>\r\n");
    exchange_clear(&exchange);
    arena_free(arena);
}

static void nothing_is_kept_unless_asked_for(void **state) {
    (void)state;
    struct arena *arena = arena_new();
    struct exchange exchange;
    exchange_start(&exchange, EXCHANGE_HTTP, arena);
    http_evidence_add_line(&exchange, SPAN("Server: new"));
    assert_int_equal(exchange.reply_head.length, 0);
    exchange_clear(&exchange);
    arena_free(arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_with_secrets_are_left_out),
        cmocka_unit_test(nothing_is_kept_unless_asked_for),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
